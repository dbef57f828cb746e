"""What a trainer's cohort shows: statistics, knowledge tests, home care, outcomes, progress, agreement of graders."""
