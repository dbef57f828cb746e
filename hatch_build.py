"""Writes into a package, when it is built, of which commit it is: `pijat --version` names it."""

import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface[Any]):
    """Adds ``trainer/_commit.json`` to wheels and source packages.

    A wheel that is built of a source package holds the file that came with it. Where nothing names a commit, none is
    written, and the program says so.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file into a folder of its own, and have it packed."""
        package = Path(self.root) / "trainer"
        commit = _load(package / "commit.py")
        # An editable installation is a checkout, which git is asked about.
        if version == "editable" or (package / commit.PACKAGED).is_file():
            return
        self._folder = tempfile.TemporaryDirectory(prefix="pijat-build-")
        written = Path(self._folder.name) / commit.PACKAGED
        if commit.write_commit(package, written):
            build_data["force_include"][str(written)] = f"trainer/{commit.PACKAGED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        folder = getattr(self, "_folder", None)
        if folder is not None:
            folder.cleanup()


def _load(path: Path) -> Any:
    """Load one file of the package without the package: its dependencies are not installed where it is built."""
    spec = importlib.util.spec_from_file_location("pijat_commit", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module
