"""Dotted names in documents and docstrings, and whether the code has them."""

import importlib
import re

from scripts.common.code_map import LAYERS, package_of

OURS = {name for layer in LAYERS for name in layer} | {"scripts"}
FILES = ("json", "md", "py", "svg", "tsv", "parquet", "html", "csv", "js", "yaml")


def names_in(text: str) -> set[str]:
    """Return the dotted names between backticks that begin with a package of ours, without ``trainer.``."""
    found = {name.removeprefix("trainer.") for name in re.findall(r"`([a-z_]\w*(?:\.\w+)+)(?:\(\))?`", text)}
    return {name for name in found if package_of(name) in OURS and name.rpartition(".")[2] not in FILES}


def is_there(name: str) -> bool:
    """Whether a dotted name leads to a module, or to something in one."""
    parts = (name if name.startswith("scripts.") else f"trainer.{name}").split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError as error:
            if not ".".join(parts).startswith(str(error.name)):
                raise
            continue
        for part in parts[length:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False
