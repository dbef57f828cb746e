"""What scripts/start.py goes on with once it has found a Python that fits; needs nothing but that Python."""
