"""What the desk refuses, beside what the library refuses."""

from trainer.errors import PijatError


class BadRequestError(PijatError):
    """What was sent is nothing that a page of the desk sends."""


class MissingError(PijatError):
    """There is no such thing in the library."""


class BlindError(BadRequestError):
    """The camera's results of this session are kept back until the grading is signed."""
