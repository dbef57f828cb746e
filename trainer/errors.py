"""Errors a person can act on: one plain sentence each, saying what to do."""


class PijatError(Exception):
    """The work failed for a reason the person can mend; the command prints the sentence and exits with 1."""


class UsageError(PijatError):
    """The command was asked for something impossible; the command prints the sentence and exits with 2."""
