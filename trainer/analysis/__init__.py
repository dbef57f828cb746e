"""From frames to a session folder: the one pipeline, and recorded video."""
