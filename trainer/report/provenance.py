"""How a report came about, and what its reader should know about it."""

from collections.abc import Mapping
from typing import Any

from trainer.language import Text, both, join, join_with, number
from trainer.report.checklist import Checklist, text_of
from trainer.report.formats import date, plain
from trainer.report.messages import CALIBRATION_NAMES, TEXTS
from trainer.report.summary import HandSummary

_PARAMETERS = 30


def warnings_of(
    meta: Mapping[str, Any], hands: tuple[HandSummary, ...], checklist: Checklist
) -> tuple[Text, ...]:
    """What the reader should know: the session's own warnings, what was not placed, damaged or judged."""
    found = [text_of(warning) for warning in meta.get("warnings") or ()]
    unplaced = [hand for hand in hands if hand.unplaced >= 0.05]
    found += [
        join(
            TEXTS[f"{hand.hand}_hand"],
            Text(
                ": ibu jari terlihat tetapi letaknya di punggung tidak diketahui selama ",
                ": the thumb was seen but its place on the back is not known for ",
            ),
            number(100 * hand.unplaced, 0),
            Text(" % waktu.", "% of the time."),
        )
        for hand in unplaced
    ]
    video = meta.get("video") or {}
    dropped, read = video.get("frames_dropped") or 0, video.get("frames_read") or 0
    if dropped and read and dropped / (read + dropped) >= 0.01:
        found.append(
            Text(
                f"{dropped} dari {read + dropped} gambar video rusak atau terlewat.",
                f"{dropped} of {read + dropped} video pictures were damaged or skipped.",
            )
        )
    unseen = [item.title for item in checklist.items if item.by_camera and item.verdict == "not_observed"]
    if unseen:
        found.append(
            join(
                Text("Tidak dapat dinilai dari rekaman ini: ", "Could not be judged from this recording: "),
                join_with("; ", unseen),
                ".",
            )
        )
    return (*found, TEXTS["force_note"])


def provenance(meta: Mapping[str, Any], checklist: Checklist) -> tuple[tuple[Text, Text], ...]:
    """How the report came about: names and values."""
    video, models = meta.get("video") or {}, meta.get("models") or {}
    size = f"{video['width']}×{video['height']}" if video.get("width") and video.get("height") else None
    fps = number(video["fps_median"], 1) if isinstance(video.get("fps_median"), int | float) else None
    facts = [
        TEXTS["live"] if video.get("name") == "live" else both(plain(video.get("name", "–"), 90)),
        both(size) if size else None,
        join(fps, Text(" gambar/detik", " frames/s")) if fps else None,
        both(f"SHA-256 {plain(video['sha256'], 80)[:12]}") if video.get("sha256") else None,
    ]
    protocol = [
        f"{checklist.protocol_id} {checklist.protocol_version}".strip() or "–",
        checklist.protocol_hash[:12],
    ]
    source = str(meta.get("calibration_source") or "none")
    cited = (meta.get("protocol") or {}).get("source")
    rows = [
        (TEXTS["software"], both(_software(meta))),
        (TEXTS["protocol"], both(" · ".join(part for part in protocol if part))),
        (TEXTS["video"], join_with(" · ", [fact for fact in facts if fact is not None])),
        (TEXTS["calibration"], CALIBRATION_NAMES.get(source, both(plain(source, 60)))),
        (
            TEXTS["models"],
            both(", ".join(f"{plain(k, 40)} {str(v)[:8]}" for k, v in list(models.items())[:6]) or "–"),
        ),
        (TEXTS["analysed"], date(meta.get("created"))),
    ]
    if cited:
        rows.append((TEXTS["source"], both(plain(cited, 260))))
    return tuple(rows)


def parameters(values: Mapping[str, Any], prefix: str = "") -> tuple[str, ...]:
    """Settings as ``name=value``, at most thirty; all of them are in session.json."""
    flat: list[str] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat += parameters(value, f"{prefix}{plain(key, 30)}.")
        else:
            flat.append(f"{prefix}{plain(key, 40)}={plain(value, 40)}")
    return tuple(flat[:_PARAMETERS])


def _software(meta: Mapping[str, Any]) -> str:
    commit = meta.get("software_commit")
    named = plain(commit.get("id", ""), 64)[:7] if isinstance(commit, Mapping) else ""
    version = f"Pijat {plain(meta.get('software_version', '–'), 40)}"
    return f"{version} ({named})" if named else version
