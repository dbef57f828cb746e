"""From pixels to landmarks: the practitioner's hands, and where the model files come from."""
