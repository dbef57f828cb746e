"""Pages of long lists."""

from trainer.errors import UsageError
from trainer.language import Text

LARGEST_PAGE = 500


def page_bounds(page: int, per_page: int) -> tuple[int, int]:
    """Return how many rows to skip and how many to take.

    Raises
    ------
    UsageError
        When there is no such page.
    """
    # The databases count rows in 64 bits at most.
    if not 1 <= page <= 10**9:
        raise UsageError(
            Text(
                f"Tulis nomor halaman, 1 atau lebih, bukan {page}.",
                f"Expected the number of a page, 1 or more, got {page}.",
            )
        )
    if not 1 <= per_page <= LARGEST_PAGE:
        raise UsageError(
            Text(
                f"Tulis 1 sampai {LARGEST_PAGE} baris sehalaman, bukan {per_page}.",
                f"Expected 1 to {LARGEST_PAGE} rows a page, got {per_page}.",
            )
        )
    return (page - 1) * per_page, per_page
