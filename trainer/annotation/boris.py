"""Reads BORIS's project files."""

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trainer.annotation.model import Annotation
from trainer.errors import PijatError
from trainer.language import Text


def read_boris_project(path: Path, observation: str | None = None) -> list[Annotation]:
    """Read one observation of a BORIS project.

    Parameters
    ----------
    path : Path
        A ``.boris`` or ``.boris.gz`` file.
    observation : str, optional
        Which observation; needed when there are several.

    Returns
    -------
    list of Annotation
        State events as intervals, point events as points; the track is the subject.

    Raises
    ------
    PijatError
        When it is no project, the observation is not named or not there, or a state event has no end.
    """
    project = _load(path)
    observations = project.get("observations")
    ethogram = project.get("behaviors_conf")
    if not isinstance(observations, dict) or not isinstance(ethogram, dict):
        raise PijatError(
            Text(
                f"{path.name} bukan proyek BORIS yang berisi pengamatan dan daftar perilaku: pilih berkas lain.",
                f"Expected a BORIS project with observations and behaviours in {path.name}, got none.",
            )
        )
    if observation is None and len(observations) == 1:
        observation = next(iter(observations))
    if observation not in observations:
        names = ", ".join(observations) or "–"
        raise PijatError(
            Text(
                f"Pilih dengan --observation salah satu pengamatan dalam {path.name} ({names}).",
                f"Expected --observation to name one of those in {path.name} ({names}), got {observation}.",
            )
        )
    try:
        states = {b["code"] for b in ethogram.values() if str(b["type"]).startswith("State")}
        modifiers = {b["code"]: _modifier_names(b.get("modifiers")) for b in ethogram.values()}
        offset = float(observations[observation].get("time offset") or 0.0)
        events = observations[observation]["events"]
        return _paired(events, states, modifiers, offset, path)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise PijatError(
            Text(
                f"Kejadian dalam {path.name} tidak tertulis seperti biasanya di BORIS: simpan lagi dari BORIS.",
                f"Expected events as BORIS writes them in {path.name}, got others ({error!r}).",
            )
        ) from error


def _load(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".gz":
            data = gzip.decompress(data)
        document = json.loads(data)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise PijatError(
            Text(
                f"{path.name} bukan proyek BORIS: pilih berkas lain.",
                f"Expected a BORIS project in {path.name}, got something else ({error}).",
            )
        ) from error
    if not isinstance(document, dict):
        raise PijatError(
            Text(
                f"{path.name} bukan proyek BORIS: pilih berkas lain.",
                f"Expected a BORIS project in {path.name}, got a {type(document).__name__}.",
            )
        )
    return document


def _modifier_names(sets: Any) -> list[str]:
    return [str(s.get("name", "")) for s in sets.values()] if isinstance(sets, Mapping) else []


def _paired(
    events: list[list[Any]], states: set[str], modifiers: Mapping[str, list[str]], offset: float, path: Path
) -> list[Annotation]:
    found: list[Annotation] = []
    begun: dict[tuple[str, str, str], float] = {}
    for time_s, subject, code, modifier, *_ in sorted(events, key=lambda e: float(e[0])):
        at = float(time_s) - offset
        details = dict(zip(modifiers.get(code, []), str(modifier).split("|"), strict=False))
        if code not in states:
            found.append(Annotation(at, at, str(code), str(subject), details))
            continue
        key = (str(subject), str(code), str(modifier))
        if key in begun:
            found.append(Annotation(begun.pop(key), at, str(code), str(subject), details))
        else:
            begun[key] = at
    if begun:
        subject, code, _ = next(iter(begun))
        raise PijatError(
            Text(
                f"Kejadian {code} dari {subject!r} dalam {path.name} tidak punya akhir: jalankan dahulu "
                "pemeriksaan kejadian (state events) di BORIS.",
                f"Expected an end for every state event in {path.name}, got none for {code} of {subject!r}: "
                "run BORIS's check of state events first.",
            )
        )
    return sorted(found, key=lambda a: (a.onset_s, a.end_s))
