"""Fixtures that every part shares."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that is used in place and never committed; tests that need it skip without it.

    It is looked for beside the checkout, or where PIJAT_SHARED says.
    """
    folder = Path(os.environ.get("PIJAT_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "clips").is_dir():
        pytest.skip(f"needs the shared data folder, none at {folder.name}/ beside the checkout")
    return folder
