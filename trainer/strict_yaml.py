"""YAML that cannot surprise: no aliases, tags, second documents or deep nesting; every complaint with its line.

Values are left as they are written, never as YAML guesses them: ``no`` stays a word and ``1.0`` a text.
"""

from collections.abc import Callable
from typing import Any, NoReturn

import yaml

from trainer.language import Text

_QUICK: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Both are safe loaders; the one in C is ten times faster where PyYAML was built with it."""

Complain = Callable[[int, Text], NoReturn]
"""Told the line, from 1, and what is wrong with it, without a full stop; raises."""


def in_line(file: str, line: int, wrong: Text) -> Text:
    """Return a sentence that names a file and a line in it, from 1, of what is wrong there.

    Examples
    --------
    >>> in_line("a.yaml", 3, Text("ini kosong", "this is empty"))
    Text(id='a.yaml, baris 3: ini kosong.', en='a.yaml, line 3: this is empty.')
    """
    return Text(f"{file}, baris {line}: {wrong.id}.", f"{file}, line {line}: {wrong.en}.")


def read_yaml(text: str, most_levels: int, complain: Complain) -> yaml.Node | None:
    """Return the nodes of a YAML document; None when it is empty.

    Parameters
    ----------
    text : str
        The document; an alias or a tag in it is refused, so that a small file cannot unfold into a large one.
    most_levels : int
        How deep groups and lists may lie in each other.
    complain : callable
        Told the line, from 1, and what is wrong.
    """
    try:
        try:
            _refuse_tricks(text, most_levels, complain, _QUICK)
        except yaml.YAMLError:
            # The scanner in C has a limit of nesting of its own since libyaml 0.2.6 and meets it before it tells of
            # anything; the one in Python tells of each level, and so says what else is wrong, too.
            _refuse_tricks(text, most_levels, complain, yaml.SafeLoader)
            raise
        return yaml.compose(text, Loader=_QUICK)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = int(mark.line) + 1 if mark is not None else 1
        complain(
            line,
            Text(
                "ini bukan YAML yang benar; periksa titik dua, spasi dan tanda petiknya",
                f"this is no valid YAML ({error.problem or error.context})",
            ),
        )
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0) or 0
        reason = getattr(error, "reason", "it cannot be read")
        complain(
            text[:position].count("\n") + 1,
            Text(
                "ini bukan YAML yang benar; periksa titik dua, spasi dan tanda petiknya",
                f"this is no valid YAML ({reason})",
            ),
        )


def read_plain(text: str, most_levels: int, complain: Complain) -> object:
    """Return a YAML document as texts, lists and mappings, no field given twice; None when it is empty.

    Parameters
    ----------
    text, most_levels, complain
        See `read_yaml`.
    """
    node = read_yaml(text, most_levels, complain)
    return None if node is None else _plain(node, complain)


def _refuse_tricks(text: str, most_levels: int, complain: Complain, loader: type[Any]) -> None:
    """Refuse what is no plain document before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=loader):
        mark = event.start_mark
        line = mark.line + 1 if mark is not None else 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                complain(
                    line,
                    Text(
                        "hanya boleh satu dokumen dalam satu berkas; ada yang kedua",
                        "expected one document in a file, got a second one",
                    ),
                )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            complain(
                line,
                Text(
                    "jangkar dan alias (& dan *) tidak diterima; tulis nilainya langsung",
                    "anchors and aliases (& and *) are refused; write the value out",
                ),
            )
        if getattr(event, "tag", None) not in (None, "!"):
            complain(
                line,
                Text(
                    "tanda jenis (!…) tidak diterima; tulis nilainya saja",
                    "tags (!…) are refused; write the value alone",
                ),
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > most_levels:
                complain(
                    line,
                    Text(
                        f"paling dalam {most_levels} tingkat; ini lebih dalam",
                        f"expected at most {most_levels} levels, got more",
                    ),
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _plain(node: yaml.Node, complain: Complain) -> object:
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, object] = {}
        for key, value in node.value:
            line = int(key.start_mark.line) + 1
            if not isinstance(key, yaml.ScalarNode):
                complain(line, Text("di sini harus ada nama isian", "expected a field's name"))
            name = str(key.value)
            if name in fields:
                complain(
                    line,
                    Text(
                        f'isian "{name[:40]}" ditulis dua kali; cukup sekali',
                        f'expected the field "{name[:40]}" once, got it twice',
                    ),
                )
            fields[name] = _plain(value, complain)
        return fields
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, complain) for child in node.value]
    return str(node.value)
