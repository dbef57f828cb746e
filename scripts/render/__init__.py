"""Renders massage scenes with exact landmarks: stills for training, whole clips for measuring.

Units: centimetres, x to the recipient's left, y up, z to where the recipient faces. Coordinates of the
back as everywhere in Pijat: ``lateral`` along the skin from the spinous line, positive to the recipient's
right, ``down`` below C7 along the spinous line.
"""
