"""A protocol as data, and scoring a timeline against it."""
