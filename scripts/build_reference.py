"""Build the reference of the Python code from its docstrings, as pages to open in a browser.

    python -m scripts.build_reference --out build/reference

Ends with 1 when anything in the source cannot be shown as it is meant, such as a type that does not exist. Needs pdoc
(in the test extra).
"""

import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import trainer
from scripts.common.arguments import argument_parser

LEFT_OUT = (
    # Runs where it is imported: migrations, by Alembic.
    "trainer.library.migrations",
    # Needs the train extra.
    "trainer.strokes.training",
)
_OF_A_PRIVATE_NAME = re.compile(r"Error parsing type annotation .* for \S*\._\w+")


def build(out: Path, names: Sequence[str] = ("trainer",)) -> list[str]:
    """Write the pages of modules and all that is below them, but for `LEFT_OUT`.

    Parameters
    ----------
    out : Path
        A folder; made when absent.
    names : sequence of str
        The modules.

    Returns
    -------
    list of str
        What could not be shown as it is meant; private names, which the reference does not show, apart.
    """
    import pdoc
    import pdoc.render

    pdoc.render.configure(
        docformat="numpy", show_source=False, footer_text=f"pijat-trainer {trainer.__version__}"
    )
    listed = vars(trainer).pop("__all__")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # What is loaded only when asked for is described where it is written; of what `__all__` lists, pdoc would
            # find nothing else.
            pdoc.pdoc(*names, *(f"!{name}" for name in LEFT_OUT), output_directory=out)
        finally:
            trainer.__all__ = listed
    said = [str(warning.message) for warning in caught]
    return [words for words in said if not _OF_A_PRIVATE_NAME.match(words)]


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("--out", type=Path, default=Path("build/reference"), help="folder for the pages")
    args = parser.parse_args()
    wrong = build(args.out)
    for words in wrong:
        sys.stderr.write(f"{words}\n")
    sys.stdout.write(f"{args.out / 'index.html'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
