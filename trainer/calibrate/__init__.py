"""The local page on which a person marks the landmarks of a back."""
