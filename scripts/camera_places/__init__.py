"""Where a camera may stand: a grid of rendered views, what could be seen from each, and what the program saw."""
