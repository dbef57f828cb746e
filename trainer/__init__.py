"""Pijat: watches an oxytocin massage through a camera, coaches it, scores it, writes a stroke timeline."""

__version__ = "0.1.0"
