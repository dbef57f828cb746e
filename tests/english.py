"""Finds English on pages that are served in Indonesian."""

import ast
import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
_SHORTEST = 3
"""Words; what is shorter may be the same in Indonesian."""
_ONLY_ENGLISH = re.compile(
    r"\b(the|of|and|is|are|was|were|with|this|that|from|for|expected|got|found|none|your|you|not|please|error|"
    r"failed|missing|wrong|again|cannot|could)\b",
    re.IGNORECASE,
)
"""Words that no Indonesian sentence has: they find English that stands in no table as well."""
_READ_ATTRIBUTES = (
    "alt",
    "aria-label",
    "aria-description",
    "placeholder",
    "title",
    "value",
    "content",
    "label",
)


def english_on(page: str) -> list[str]:
    """Return what is English on a page (HTML or plain text) that is served in Indonesian.

    Passages that say of themselves that they are in another language (``lang="en"``) are left out, as is what
    stands in `code` or was typed by a person.
    """
    found = []
    for piece in _pieces(page):
        said = _plain(piece)
        found += [f"{sentence!r} in {said!r}" for sentence in english_sentences() if sentence in said]
        if len(said.split()) >= _SHORTEST and len(set(map(str.lower, _ONLY_ENGLISH.findall(said)))) >= 2:
            found.append(f"English words in {said!r}")
    return found


@cache
def english_sentences() -> tuple[str, ...]:
    """Return every English sentence of the package that is not Indonesian too, without what is filled in."""
    pairs = [*_texts_of_python(), *_texts_of_pages()]
    indonesian = "\n".join(_plain(id) for id, _ in pairs)
    pieces = {piece for _, english in pairs for piece in _fixed(english)}
    return tuple(sorted(piece for piece in pieces if piece not in indonesian))


def texts_in(tree: ast.AST) -> Iterable[tuple[int, str, str]]:
    """Yield line, Indonesian and English of every text of a module; what is filled in stands as {expression}."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Text"), args=[first, second]):
                id, english = _written(first), _written(second)
                if id is not None and english is not None:
                    yield node.lineno, id, english


def _written(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(
                value.value if isinstance(value, ast.Constant) else "{" + ast.unparse(value.value) + "}"
                for value in values
            )
    return None


def _texts_of_python() -> list[tuple[str, str]]:
    return [
        (id, english)
        for path in sorted((REPOSITORY / "trainer").rglob("*.py"))
        for _, id, english in texts_in(ast.parse(path.read_text(encoding="utf-8")))
    ]


def _texts_of_pages() -> list[tuple[str, str]]:
    """The tables of the pages' scripts: `id: {...}, en: {...}` with the same keys."""
    found: list[tuple[str, str]] = []
    tables = sorted((REPOSITORY / "trainer").glob("*/static/messages.js"))
    assert tables, "expected the tables of the pages' words, found none: have they moved?"
    for path in tables:
        id, english = re.split(r"^  en: \{", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.M)
        strings = r'"((?:[^"\\]|\\.)+)"'
        found += [(one, "") for one in re.findall(strings, id)]
        found += [("", one) for one in re.findall(strings, english.split("\n};")[0])]
    return found


def _fixed(text: str) -> Iterable[str]:
    for piece in re.split(r"\{[^{}]*\}|<[^>]*>", text):
        plain = _plain(piece)
        if len(plain.split()) >= _SHORTEST:
            yield plain


def _plain(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = tag in ("script", "style", "code", "textarea") or (
            tag != "html" and given.get("lang") not in (None, "", "id")
        )
        hidden = foreign or bool(self._open and self._open[-1][1])
        if not hidden:
            names = [
                name for name in _READ_ATTRIBUTES if name != "content" or given.get("name") == "description"
            ]
            self.pieces += [given[name] or "" for name in names if name in given]
        if tag not in ("meta", "link", "img", "br", "hr", "input", "source", "wbr", "col"):
            self._open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(name == tag for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self._open and self._open[-1][1]):
            self.pieces.append(data)


def _pieces(page: str) -> list[str]:
    if "<" not in page:
        return page.splitlines()
    reader = _Reader()
    reader.feed(page)
    return reader.pieces
