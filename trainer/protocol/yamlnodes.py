"""Reading a YAML file strictly: every complaint is one sentence with the line it is about.

Values are read as the schema wants them, never as YAML guesses them: ``no`` in a text field stays the word,
``1.0`` as a version stays "1.0", ``12:30`` is never the number 750. Aliases and tags are refused, so that a
small file cannot unfold into a large one.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import yaml

from trainer.errors import PijatError
from trainer.language import Text
from trainer.strict_yaml import read_yaml

MAXIMUM_BYTES = 256 * 1024
MAXIMUM_DEPTH = 16
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


class ProtocolError(PijatError):
    """A protocol file that cannot be used."""


class Node:
    """A value in the file, with its line, that knows how to be read as what the schema expects."""

    def __init__(self, node: yaml.Node, name: str, file: str) -> None:
        self._node = node
        self.name = name
        self.file = file

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return int(self._node.start_mark.line) + 1

    def fail(self, sentence: str) -> NoReturn:
        """Raise `ProtocolError` with the file's name, this line and the sentence."""
        raise ProtocolError(f"{self.file}, line {self.line}: {sentence}.")

    def _shown(self) -> str:
        if isinstance(self._node, yaml.ScalarNode):
            value = str(self._node.value)
            return f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"' if value else "nothing"
        return "a list" if isinstance(self._node, yaml.SequenceNode) else "a group of fields"

    def _scalar(self, wanted: str) -> str:
        if not isinstance(self._node, yaml.ScalarNode):
            self.fail(f"expected {wanted} in {self.name}, got {self._shown()}")
        return str(self._node.value)

    def string(self, pattern: str | None = None, wanted: str = "text", longest: int = 2000) -> str:
        """Read text as written; not empty, at most `longest` characters, matching `pattern` when given."""
        value = self._scalar(wanted).strip()
        if not value or (pattern and not re.fullmatch(pattern, value)):
            self.fail(f"expected {wanted} in {self.name}, got {self._shown()}")
        if len(value) > longest:
            self.fail(f"expected at most {longest} characters in {self.name}, got {len(value)}")
        return value

    def identifier(self) -> str:
        """Read an id: lower-case letters, digits, ``-`` and ``_``."""
        return self.string(r"[a-z0-9][a-z0-9_-]{0,63}", "an id of small letters, digits, - or _")

    def number(self, minimum: float = -1e6, maximum: float = 1e6, unit: str = "") -> float:
        """Read a number within the bounds."""
        value = self._scalar("a number")
        quoted = bool(getattr(self._node, "style", None))
        if quoted or not _NUMBER.fullmatch(value):
            self.fail(f"expected a number in {self.name}, got {self._shown()}")
        number = float(value)
        if not minimum <= number <= maximum:
            self.fail(f"expected {self.name} between {minimum:g} and {maximum:g}{unit}, got {value}")
        return number

    def integer(self, minimum: int, maximum: int) -> int:
        """Read a whole number within the bounds."""
        number = self.number(minimum, maximum)
        if number != int(number):
            self.fail(f"expected a whole number in {self.name}, got {self._shown()}")
        return int(number)

    def flag(self) -> bool:
        """Read ``true`` or ``false``."""
        value = self._scalar("true or false")
        if value not in ("true", "false"):
            self.fail(f"expected true or false in {self.name}, got {self._shown()}")
        return value == "true"

    def choice(self, options: Iterable[str]) -> str:
        """Read one of the words."""
        options = list(options)
        value = self._scalar(f"one of {', '.join(options)}")
        if value not in options:
            self.fail(f"expected {self.name} to be one of {', '.join(options)}, got {self._shown()}")
        return value

    def items(self, least: int = 0, most: int = 200) -> list["Node"]:
        """Read a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            self.fail(f"expected a list in {self.name}, got {self._shown()}")
        count = len(self._node.value)
        if not least <= count <= most:
            self.fail(f"expected {least} to {most} entries in {self.name}, got {count}")
        return [
            Node(child, f"{self.name}[{index + 1}]", self.file)
            for index, child in enumerate(self._node.value)
        ]

    def fields(self) -> "Fields":
        """Read a group of fields."""
        if not isinstance(self._node, yaml.MappingNode):
            self.fail(f"expected a group of fields in {self.name}, got {self._shown()}")
        return Fields(self, self._node)

    def text(self) -> Text:
        """Read a text in both languages."""
        fields = self.fields()
        text = Text(id=fields.take("id").string(), en=fields.take("en").string())
        fields.done()
        return text

    def plain(self) -> object:
        """Return the content as plain lists, dicts, numbers and texts, for the canonical hash."""
        return _plain(self._node)


class Fields:
    """A group of fields that are taken one by one; what remains at the end is unknown."""

    def __init__(self, owner: Node, mapping: yaml.MappingNode) -> None:
        self._owner = owner
        self._left: dict[str, tuple[Node, Node]] = {}
        self._known: list[str] = []
        for key, value in mapping.value:
            key_node = Node(key, "a field's name", owner.file)
            name = key_node.string(wanted="a field's name", longest=80)
            if name in self._left:
                key_node.fail(f'expected the field "{name}" once, got it twice')
            self._left[name] = (key_node, Node(value, name, owner.file))

    @property
    def line(self) -> int:
        """Line at which the group begins."""
        return self._owner.line

    def fail(self, sentence: str) -> NoReturn:
        """Raise `ProtocolError` at the group's line."""
        self._owner.fail(sentence)

    def take(self, name: str) -> Node:
        """Take a field that must be there."""
        node = self.maybe(name)
        if node is None:
            self._owner.fail(f'expected the field "{name}" in {self._owner.name}, found none')
        return node

    def maybe(self, name: str) -> Node | None:
        """Take a field that may be missing."""
        self._known.append(name)
        found = self._left.pop(name, None)
        return found[1] if found else None

    def names(self) -> list[str]:
        """Return the names not taken yet."""
        return list(self._left)

    def done(self) -> None:
        """Complain about the first field that nobody took."""
        for name, (key, _value) in self._left.items():
            close = difflib.get_close_matches(name, self._known, n=1)
            hint = f'; did you mean "{close[0]}"' if close else f"; known are {', '.join(self._known)}"
            key.fail(f'unknown field "{name}" in {self._owner.name}{hint}')


def _plain(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child) for child in node.value]
    value = str(node.value)
    return float(value) if not getattr(node, "style", None) and _NUMBER.fullmatch(value) else value.strip()


def read_bytes(path: Path) -> bytes:
    """Read a protocol file, refusing what is no file or too large."""
    try:
        if not path.is_file():
            raise ProtocolError(
                f"Expected a protocol file at {path}, found none; `pijat protocol list` names the built-in."
            )
        with path.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise ProtocolError(f"Expected to read {path}, got: {error.strerror}.") from error


def parse(content: bytes, file: str) -> Node:
    """Turn a file's bytes into nodes.

    Raises
    ------
    ProtocolError
        One sentence with the line: not UTF-8, too large, no YAML, aliases, tags, several documents.
    """
    if len(content) > MAXIMUM_BYTES:
        raise ProtocolError(
            f"{file}: expected at most {MAXIMUM_BYTES // 1024} KiB, got more; this is hardly a protocol."
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ProtocolError(
            f"{file}, line {line}: expected UTF-8 text, got other bytes; save the file as UTF-8."
        ) from error

    def complain(line: int, sentence: str) -> NoReturn:
        raise ProtocolError(f"{file}, line {line}: {sentence}.")

    node = read_yaml(text, MAXIMUM_DEPTH, complain)
    if node is None:
        raise ProtocolError(f"{file}, line 1: expected a protocol, got an empty file.")
    return Node(node, "the protocol", file)
