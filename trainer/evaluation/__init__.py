"""Timeline against timeline: agreement and error measures."""
