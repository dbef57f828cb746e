"""A protocol for people to read and for programs to read."""

import textwrap
from dataclasses import asdict, fields
from typing import Any

from trainer.language import Language, Text
from trainer.protocol.animation import Motion, motion_of
from trainer.protocol.model import Check, Protocol, Range, Step

_WIDTH = 100


def protocol_document(protocol: Protocol) -> dict[str, Any]:
    """Return a protocol as nested JSON objects, each check with its ``kind`` and each step with its ``motion``."""
    document = asdict(protocol)
    for step, plain in zip(protocol.steps, document["steps"], strict=True):
        plain["messages"] = {fault.value: asdict(text) for fault, text in step.messages}
        if step.check is not None:
            plain["check"] = {"kind": check_kind(step.check), **plain["check"]}
        motion = motion_of(protocol, step)
        plain["motion"] = _motion_document(motion) if motion else None
    return document


def _motion_document(motion: Motion) -> dict[str, Any]:
    """Return a step's drawn demonstration: per hand rows of time_s, lateral_cm, caudal_cm, touching."""
    return {
        "duration_s": motion.duration_s,
        "regions": list(motion.regions),
        "thumbs": {
            hand: [
                [round(k.time_s, 3), round(k.lateral_cm, 2), round(k.caudal_cm, 2), k.touching]
                for k in frames
            ]
            for hand, frames in motion.thumbs
        },
    }


def check_kind(check: Check) -> str:
    """Return the `kind` under which a protocol file writes a check."""
    name = type(check).__name__.removesuffix("Check")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def protocol_lines(protocol: Protocol, language: Language) -> list[str]:
    """Return a protocol as lines of plain text in one language."""

    def say(text: Text) -> str:
        return text.say(language)

    lines = [
        f"{protocol.id} {protocol.version}: {say(protocol.title)}",
        *_wrapped(say(protocol.summary), "  "),
    ]
    lines += _wrapped(f"source: {protocol.source}", "  ")
    if protocol.schedule:
        lines += _wrapped(say(protocol.schedule), "  ")
    lines += [
        f"  scale {protocol.scale}, pass mark {protocol.pass_mark_percent:g} %, sha256 {protocol.hash}",
        "",
    ]
    for step in protocol.steps:
        lines += _step_lines(step, say(step.title), say(step.instruction))
    for rule in protocol.stop_rules:
        lines += ["", *_wrapped(f"STOP: {say(rule.text)} [{rule.source}]", "")]
    if protocol.assumptions:
        lines.append("")
        for assumption in protocol.assumptions:
            lines += _wrapped(f"assumed: {assumption}", "")
    return lines


def _step_lines(step: Step, title: str, instruction: str) -> list[str]:
    marks = [step.observer.replace("_", " "), f"weight {step.weight:g}"] + (
        ["critical"] if step.critical else []
    )
    lines = [f"{step.id:10} {title}  ({', '.join(marks)})", *_wrapped(instruction, " " * 11)]
    if step.check is not None:
        lines += _wrapped(f"looks at {check_kind(step.check)}: {_describe(step.check)}", " " * 11)
    lines += _wrapped(f"source: {step.source}", " " * 11)
    for assumption in step.assumptions:
        lines += _wrapped(f"assumed: {assumption}", " " * 11)
    return lines


def _describe(check: Check) -> str:
    parts = []
    for field in fields(check):
        value = getattr(check, field.name)
        if isinstance(value, Range):
            low = "" if value.minimum is None else f"from {value.minimum:g}"
            high = "" if value.maximum is None else f"to {value.maximum:g}"
            shown = " ".join(part for part in (low, high) if part) or "any"
        elif isinstance(value, tuple):
            shown = ", ".join(str(item) for item in value)
        else:
            shown = f"{value:g}" if isinstance(value, float) else str(value)
        parts.append(f"{field.name} {shown}")
    return "; ".join(parts)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
