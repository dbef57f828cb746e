"""Timelines that people wrote with other tools, read as timelines of the stroke catalogue."""
