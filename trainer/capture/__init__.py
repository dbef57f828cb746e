"""Frames with their true times: video file, webcam, browser."""
