"""Count what wears a newcomer down: packages that need each other, long modules, long functions.

    python -m scripts.measure_code 1d5a3f9

Prints a table with a column for each commit and one for the files as they are. A function's lines are counted from its
``def`` to its end without its docstring. Arrows up: in whichever order the packages are put, so many imports between
them at least run against it.
"""

import ast
import io
import itertools
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from scripts.common.arguments import argument_parser
from scripts.common.code_map import functions, module_imports, package_imports, reached_from, read_modules

REPOSITORY = Path(__file__).resolve().parents[1]
LONGEST_MODULE, LONGEST_FUNCTION = 300, 60
_LARGEST_CIRCLE = 8


@dataclass(frozen=True)
class CodeMeasures:
    """What one state of the package measures; `TITLES` says how each is called."""

    packages: int
    modules: int
    lines: int
    arrows: int
    arrows_up: int
    package_circles: int
    module_circles: int
    long_modules: int
    long_functions: int


TITLES: Mapping[str, str] = {
    "packages": "packages",
    "modules": "modules",
    "lines": "lines",
    "arrows": "imports between packages (arrows)",
    "arrows_up": "arrows up",
    "package_circles": "circles of packages",
    "module_circles": "circles of modules",
    "long_modules": f"modules over {LONGEST_MODULE} lines",
    "long_functions": f"functions over {LONGEST_FUNCTION} lines",
}


def measure(trainer: Path) -> CodeMeasures:
    """Measure a package's folder."""
    modules = read_modules(trainer)
    packages, single = package_imports(modules), module_imports(modules)
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in trainer.rglob("*.py")]
    groups = entangled(packages)
    return CodeMeasures(
        packages=sum((trainer / name / "__init__.py").is_file() for name in packages),
        modules=len(lengths),
        lines=sum(lengths),
        arrows=sum(map(len, packages.values())),
        arrows_up=sum(fewest_up(packages, group) for group in groups),
        package_circles=len(groups),
        module_circles=len(entangled(single)),
        long_modules=sum(length > LONGEST_MODULE for length in lengths),
        long_functions=sum(
            body_lines(function) > LONGEST_FUNCTION
            for tree in modules.values()
            for function in functions(tree)
        ),
    )


def entangled(imports: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Return the groups, of two or more, whose members all import each other, directly or round about.

    Examples
    --------
    >>> entangled({"a": {"b"}, "b": {"c"}, "c": {"b"}})
    [('b', 'c')]
    """
    reached = {name: reached_from(imports, name) for name in imports}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in imports
        if name in reached[name]
    }
    return sorted(group for group in groups if len(group) > 1)


def fewest_up(imports: Mapping[str, set[str]], group: Sequence[str]) -> int:
    """Return how many imports within a group run up in the order in which the fewest do.

    Raises
    ------
    ValueError
        When the group is too large to try every order.

    Examples
    --------
    >>> fewest_up({"a": {"b"}, "b": {"a"}}, ("a", "b"))
    1
    """
    if len(group) > _LARGEST_CIRCLE:
        raise ValueError(f"Expected circles of at most {_LARGEST_CIRCLE} packages, got one of {len(group)}.")
    inside = [(name, other) for name in group for other in imports[name] if other in group]
    return min(
        sum(order.index(other) > order.index(name) for name, other in inside)
        for order in itertools.permutations(group)
    )


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's lines from its ``def`` to its end, without its docstring."""
    last = function.end_lineno or function.lineno
    first = function.body[0]
    said = (
        (first.end_lineno or first.lineno) - first.lineno + 1
        if ast.get_docstring(function) is not None
        else 0
    )
    return last - function.lineno + 1 - said


def measure_commit(commit: str) -> CodeMeasures:
    """Measure the package as it was at a commit."""
    packed = subprocess.run(
        ["git", "archive", commit, "trainer"], cwd=REPOSITORY, capture_output=True, check=True
    ).stdout
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        return measure(Path(folder) / "trainer")


def table(columns: Mapping[str, CodeMeasures]) -> str:
    """Return a Markdown table, a row for each measure."""
    rows = [["", *columns], ["---", *["---:"] * len(columns)]]
    for field in fields(CodeMeasures):
        rows.append([TITLES[field.name], *(str(getattr(one, field.name)) for one in columns.values())])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> int:
    """Do what the command line asks for."""
    parser = argument_parser(__file__, __doc__)
    parser.add_argument("commits", nargs="*", help="commits to measure beside the files as they are")
    args = parser.parse_args()
    columns = {commit: measure_commit(commit) for commit in args.commits}
    sys.stdout.write(table(columns | {"now": measure(REPOSITORY / "trainer")}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
