"""Timelines in other people's formats."""
