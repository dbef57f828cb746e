"""The session folder on disk: what it holds, how it is written, and its reader."""
