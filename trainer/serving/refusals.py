"""How pages answer errors: the HTTP status of each kind."""

from collections.abc import Mapping

from trainer.errors import Kind, PijatError

HTTP_STATUS: Mapping[Kind, int] = {
    "missing": 404,
    "invalid": 422,
    "conflict": 409,
    "busy": 503,
    "denied": 403,
}
"""The one table from what is the matter to the status of an answer."""


def http_status(error: PijatError) -> int:
    """Return the HTTP status with which a page answers an error.

    Examples
    --------
    >>> from trainer.language import Text
    >>> http_status(PijatError(Text("Tidak ada video.", "There is no video."), "missing"))
    404
    """
    return HTTP_STATUS[error.kind]
