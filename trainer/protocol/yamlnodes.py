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

from trainer.errors import PijatError, reason
from trainer.language import Text, both, join, number
from trainer.strict_yaml import in_line, read_yaml

MAXIMUM_BYTES = 256 * 1024
MAXIMUM_DEPTH = 16
_WORDS = Text("teks", "text")
_FIELD_NAME = Text("nama isian", "a field's name")
_NO_UNIT = both("")
CM = both(" cm")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


class Node:
    """A value in the file, with its line, that knows how to be read as what the schema expects."""

    def __init__(self, node: yaml.Node, name: Text, file: str) -> None:
        self._node = node
        self.name = name
        self.file = file

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return int(self._node.start_mark.line) + 1

    def fail(self, text: Text) -> NoReturn:
        """Raise `PijatError` with the file's name, this line and what is wrong, which has no full stop."""
        raise PijatError(in_line(self.file, self.line, text))

    def _shown(self) -> Text:
        if isinstance(self._node, yaml.ScalarNode):
            value = str(self._node.value)
            if not value:
                return Text("kosong", "nothing")
            return both(f'"{value[:40]}…"' if len(value) > 40 else f'"{value}"')
        if isinstance(self._node, yaml.SequenceNode):
            return Text("daftar", "a list")
        return Text("kelompok isian", "a group of fields")

    def _scalar(self, wanted: Text) -> str:
        if not isinstance(self._node, yaml.ScalarNode):
            self.fail(
                Text(
                    f"{self.name.id} harus berupa {wanted.id}, bukan {self._shown().id}",
                    f"expected {wanted.en} in {self.name.en}, got {self._shown().en}",
                )
            )
        return str(self._node.value)

    def string(self, pattern: str | None = None, wanted: Text = _WORDS, longest: int = 2000) -> str:
        """Read text as written; not empty, at most `longest` characters, matching `pattern` when given."""
        value = self._scalar(wanted).strip()
        if not value or (pattern and not re.fullmatch(pattern, value)):
            self.fail(
                Text(
                    f"{self.name.id} harus berupa {wanted.id}, bukan {self._shown().id}",
                    f"expected {wanted.en} in {self.name.en}, got {self._shown().en}",
                )
            )
        if len(value) > longest:
            self.fail(
                Text(
                    f"paling banyak {longest} huruf untuk {self.name.id}, sekarang {len(value)}",
                    f"expected at most {longest} characters in {self.name.en}, got {len(value)}",
                )
            )
        return value

    def identifier(self) -> str:
        """Read an id: lower-case letters, digits, ``-`` and ``_``."""
        return self.string(
            r"[a-z0-9][a-z0-9_-]{0,63}",
            Text("id dari huruf kecil, angka, - atau _", "an id of small letters, digits, - or _"),
        )

    def number(self, minimum: float = -1e6, maximum: float = 1e6, unit: Text = _NO_UNIT) -> float:
        """Read a number within the bounds."""
        value = self._scalar(Text("angka", "a number"))
        quoted = bool(getattr(self._node, "style", None))
        if quoted or not _NUMBER.fullmatch(value):
            self.fail(
                Text(
                    f"{self.name.id} harus berupa angka (dengan titik, misalnya 1.5), bukan {self._shown().id}",
                    f"expected a number in {self.name.en}, got {self._shown().en}",
                )
            )
        read = float(value)
        if not minimum <= read <= maximum:
            self.fail(
                Text(
                    f"{self.name.id} harus antara {number(minimum).id} dan {number(maximum).id}{unit.id}, "
                    f"bukan {value}",
                    f"expected {self.name.en} between {minimum:g} and {maximum:g}{unit.en}, got {value}",
                )
            )
        return read

    def integer(self, minimum: int, maximum: int) -> int:
        """Read a whole number within the bounds."""
        read = self.number(minimum, maximum)
        if read != int(read):
            self.fail(
                Text(
                    f"{self.name.id} harus berupa bilangan bulat, bukan {self._shown().id}",
                    f"expected a whole number in {self.name.en}, got {self._shown().en}",
                )
            )
        return int(read)

    def flag(self) -> bool:
        """Read ``true`` or ``false``."""
        value = self._scalar(Text("true atau false", "true or false"))
        if value not in ("true", "false"):
            self.fail(
                Text(
                    f"{self.name.id} harus true atau false, bukan {self._shown().id}",
                    f"expected true or false in {self.name.en}, got {self._shown().en}",
                )
            )
        return value == "true"

    def choice(self, options: Iterable[str]) -> str:
        """Read one of the words."""
        options = list(options)
        value = self._scalar(Text(f"salah satu dari {', '.join(options)}", f"one of {', '.join(options)}"))
        if value not in options:
            self.fail(
                Text(
                    f"{self.name.id} harus salah satu dari {', '.join(options)}, bukan {self._shown().id}",
                    f"expected {self.name.en} to be one of {', '.join(options)}, got {self._shown().en}",
                )
            )
        return value

    def items(self, least: int = 0, most: int = 200) -> list["Node"]:
        """Read a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            self.fail(
                Text(
                    f"{self.name.id} harus berupa daftar, bukan {self._shown().id}",
                    f"expected a list in {self.name.en}, got {self._shown().en}",
                )
            )
        count = len(self._node.value)
        if not least <= count <= most:
            self.fail(
                Text(
                    f"{self.name.id} harus berisi {least} sampai {most} entri, bukan {count}",
                    f"expected {least} to {most} entries in {self.name.en}, got {count}",
                )
            )
        return [
            Node(child, join(self.name, f"[{index + 1}]"), self.file)
            for index, child in enumerate(self._node.value)
        ]

    def fields(self) -> "Fields":
        """Read a group of fields."""
        if not isinstance(self._node, yaml.MappingNode):
            self.fail(
                Text(
                    f"{self.name.id} harus berupa kelompok isian, bukan {self._shown().id}",
                    f"expected a group of fields in {self.name.en}, got {self._shown().en}",
                )
            )
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
            key_node = Node(key, _FIELD_NAME, owner.file)
            name = key_node.string(wanted=_FIELD_NAME, longest=80)
            if name in self._left:
                key_node.fail(
                    Text(
                        f'isian "{name}" ditulis dua kali; cukup sekali',
                        f'expected the field "{name}" once, got it twice',
                    )
                )
            self._left[name] = (key_node, Node(value, both(name), owner.file))

    @property
    def line(self) -> int:
        """Line at which the group begins."""
        return self._owner.line

    def fail(self, text: Text) -> NoReturn:
        """Raise `PijatError` at the group's line."""
        self._owner.fail(text)

    def take(self, name: str) -> Node:
        """Take a field that must be there."""
        node = self.maybe(name)
        if node is None:
            self._owner.fail(
                Text(
                    f'isian "{name}" belum ada dalam {self._owner.name.id}',
                    f'expected the field "{name}" in {self._owner.name.en}, found none',
                )
            )
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
            known = ", ".join(self._known)
            hint = Text(f"; yang dikenal {known}", f"; known are {known}")
            if close:
                hint = Text(f'; mungkin maksudnya "{close[0]}"', f'; did you mean "{close[0]}"')
            key.fail(
                Text(
                    f'isian "{name}" dalam {self._owner.name.id} tidak dikenal{hint.id}',
                    f'unknown field "{name}" in {self._owner.name.en}{hint.en}',
                )
            )


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
            raise PijatError(
                Text(
                    f"Tidak ada berkas protokol di {path}: periksa letaknya, atau pilih protokol bawaan.",
                    f"Expected a protocol file at {path}, found none; `pijat protocol list` names the built-in.",
                ),
                "missing",
            )
        with path.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Berkas protokol {path} tidak dapat dibaca ({why.id}): periksa izinnya.",
                f"Expected to read {path}, got: {why.en}.",
            )
        ) from error


def parse(content: bytes, file: str) -> Node:
    """Turn a file's bytes into nodes.

    Raises
    ------
    PijatError
        One sentence with the line: not UTF-8, too large, no YAML, aliases, tags, several documents.
    """
    if len(content) > MAXIMUM_BYTES:
        most = MAXIMUM_BYTES // 1024
        raise PijatError(
            Text(
                f"{file}: paling banyak {most} KiB; berkas sebesar ini bukan protokol.",
                f"{file}: expected at most {most} KiB, got more; this is hardly a protocol.",
            )
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        wrong = Text(
            "ini bukan teks UTF-8; simpan berkasnya sebagai UTF-8",
            "expected UTF-8 text, got other bytes; save the file as UTF-8",
        )
        raise PijatError(in_line(file, line, wrong)) from error

    def complain(line: int, wrong: Text) -> NoReturn:
        raise PijatError(in_line(file, line, wrong))

    node = read_yaml(text, MAXIMUM_DEPTH, complain)
    if node is None:
        raise PijatError(
            in_line(file, 1, Text("berkas ini kosong", "expected a protocol, got an empty file"))
        )
    return Node(node, Text("protokol", "the protocol"), file)
