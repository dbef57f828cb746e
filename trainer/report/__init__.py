"""The report that a trainee and a facilitator take away: one HTML page, no network."""
