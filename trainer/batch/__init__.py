"""Many videos: which, by whom, what came of them, and one data set of all."""
