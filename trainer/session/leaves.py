"""The single values in a tree of frozen dataclasses, lists and objects."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

_T = TypeVar("_T")


def map_leaves(tree: _T, change: Callable[[Any], Any]) -> _T:
    """Return the same tree with every single value in it changed.

    Parameters
    ----------
    tree : dataclass, mapping, list, tuple or a single value
        Frozen dataclasses stay dataclasses of their kind; the names of a mapping's fields are values too.
    change : callable
        Given each value that is none of these.

    Examples
    --------
    >>> map_leaves({"a": (1, [2.0])}, str)
    {'a': ('1', ['2.0'])}
    """
    node: Any = tree
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        changed = {f.name: map_leaves(getattr(node, f.name), change) for f in dataclasses.fields(node)}
        return cast(_T, dataclasses.replace(node, **changed))
    if isinstance(node, Mapping):
        return cast(_T, {change(key): map_leaves(value, change) for key, value in node.items()})
    if isinstance(node, list | tuple):
        return cast(_T, type(node)(map_leaves(value, change) for value in node))
    return cast(_T, change(node))
