"""Live practice: the same pipeline as it happens, and what is kept when it is cut off."""
