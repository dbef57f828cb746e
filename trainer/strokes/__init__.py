"""From thumb tracks on the back to a timeline of strokes with counts, rate and radius."""
