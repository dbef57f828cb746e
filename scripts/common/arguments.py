"""How every script reads its command line."""

import argparse
from pathlib import Path


def argument_parser(file: str, doc: str | None) -> argparse.ArgumentParser:
    """Return a parser whose help is the script's docstring and whose usage runs as it is written.

    Parameters
    ----------
    file, doc : str
        ``__file__`` and ``__doc__`` of the script.
    """
    return argparse.ArgumentParser(
        prog=f"python -m scripts.{Path(file).stem}",
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
