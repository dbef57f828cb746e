"""Fixtures: a session folder made by hand."""

from pathlib import Path

import pytest
from export_sample import write_session

from trainer.export.source import ExportSource, open_source


@pytest.fixture
def session_folder(tmp_path: Path) -> Path:
    """A whole session folder, twelve seconds long."""
    return write_session(tmp_path / "ibu-siti 01")


@pytest.fixture
def source(session_folder: Path) -> ExportSource:
    return open_source(session_folder)
