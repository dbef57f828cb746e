"""The anatomical frame of the back: atlas, registration of image to back, following, thumbs on the back."""
