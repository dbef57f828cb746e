"""The facilitator's library: people, groups, sessions, gradings and a cohort's figures, in a database."""
