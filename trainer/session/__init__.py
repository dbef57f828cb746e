"""The one pipeline that live and file use, and the session folder."""
