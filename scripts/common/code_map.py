"""What the package ``trainer`` is made of, read from its source: modules, what each imports, layers, circles."""

import ast
import graphlib
from collections.abc import Iterator, Mapping
from pathlib import Path

LAYERS: tuple[tuple[str, ...], ...] = (
    ("language",),
    ("errors",),
    ("resources", "files", "progress_bar", "serving", "strict_yaml", "commit"),
    ("capture",),
    ("perception",),
    ("back",),
    ("strokes",),
    ("protocol",),
    ("session",),
    ("report",),
    ("analysis", "export", "evaluation", "collection"),
    ("live", "annotation", "api", "plots", "cohort", "calibrate"),
    ("batch", "web", "doctor", "library", "handouts"),
    # The desk shows what the library holds.
    ("desk",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""From what all may import to what nobody imports; within a layer, packages know nothing of each other."""


def layer_of(module: str) -> tuple[int, str] | None:
    """Return the rank of a module (without ``trainer.``) and the package it is ranked by.

    Examples
    --------
    >>> layer_of("capture.video")
    (3, 'capture')
    """
    package = package_of(module)
    return next(((rank, package) for rank, names in enumerate(LAYERS) if package in names), None)


def package_of(module: str) -> str:
    """Return the package, or the single module at the top, that a module (without ``trainer.``) belongs to."""
    return module.split(".")[0]


def read_modules(root: Path) -> dict[str, ast.Module]:
    """Return the syntax tree of every module below a package's folder, by name without the package's own."""
    return {
        module_of(path, root): ast.parse(path.read_text(encoding="utf-8"), str(path))
        for path in sorted(root.rglob("*.py"))
        if path != root / "__init__.py"
    }


def module_of(path: Path, root: Path) -> str:
    """Return the name of the module in a file below a package's folder, without the package's own."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.AST) -> set[str]:
    """Return the modules of the package that a module names in imports anywhere, without ``trainer.``.

    Raises
    ------
    ValueError
        When an import is relative.
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level or not node.module:
                raise ValueError(f"Expected absolute imports only, got a relative one in line {node.lineno}.")
            # `from trainer import x` may name a module; `from trainer.a import b` names module a or module a.b.
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix("trainer.") for name in names if name.startswith("trainer.")}


def module_imports(modules: Mapping[str, ast.AST]) -> dict[str, set[str]]:
    """Return which of the modules each of them imports."""
    known: dict[str, set[str]] = {}
    for name, tree in modules.items():
        # `from trainer.a import b` names module a, or module a.b.
        both = {part for other in imported(tree) for part in (other, other.rpartition(".")[0])}
        known[name] = (both & set(modules)) - {name}
    return known


def package_imports(modules: Mapping[str, ast.AST]) -> dict[str, set[str]]:
    """Return which packages each package imports anything from."""
    packages: dict[str, set[str]] = {package_of(name): set() for name in modules}
    for name, tree in modules.items():
        own = package_of(name)
        packages[own] |= {package_of(other) for other in imported(tree)} & set(packages) - {own}
    return packages


def reached_from(imports: Mapping[str, set[str]], start: str) -> set[str]:
    """Return what a module or package imports, directly or round about."""
    seen: set[str] = set()
    waiting = list(imports[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += imports[name]
    return seen


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Return a group of modules that import each other, directly or round about, where there is one.

    Examples
    --------
    >>> circles({"a": {"b"}, "b": {"c"}})
    []
    """
    order = graphlib.TopologicalSorter(imports)
    try:
        order.prepare()
    except graphlib.CycleError as error:
        return [error.args[1]]
    return []


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a module, nested ones as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
