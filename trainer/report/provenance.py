"""How a report came about, and what its reader should know about it."""

from collections.abc import Mapping
from typing import Any

from trainer.language import Text, both, join, join_with, number
from trainer.protocol.score import Score
from trainer.report.formats import date, plain
from trainer.report.messages import CALIBRATION_NAMES, TEXTS
from trainer.report.summary import HandSummary
from trainer.session.leaves import map_leaves
from trainer.session.model import LIVE, SessionMeta

_PARAMETERS = 30
_LONGEST_WARNING = 600


def warnings_of(meta: SessionMeta, hands: tuple[HandSummary, ...], score: Score) -> tuple[Text, ...]:
    """What the reader should know: the session's own warnings, what was not placed, damaged or judged."""
    found = [map_leaves(warning, lambda text: plain(text, _LONGEST_WARNING)) for warning in meta.warnings]
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
    dropped, read = meta.video.frames_dropped, meta.video.frames_read
    if dropped and read and dropped / (read + dropped) >= 0.01:
        found.append(
            Text(
                f"{dropped} dari {read + dropped} gambar video rusak atau terlewat.",
                f"{dropped} of {read + dropped} video pictures were damaged or skipped.",
            )
        )
    unseen = [item.title for item in score.items if item.by_camera and item.state == "not_observed"]
    if unseen:
        found.append(
            join(
                Text("Tidak dapat dinilai dari rekaman ini: ", "Could not be judged from this recording: "),
                join_with("; ", unseen),
                ".",
            )
        )
    return (*found, TEXTS["force_note"])


def provenance(meta: SessionMeta, score: Score) -> tuple[tuple[Text, Text], ...]:
    """How the report came about: names and values."""
    video = meta.video
    facts = [
        TEXTS["live"] if video.name == LIVE else both(plain(video.name, 90)),
        both(f"{video.width}×{video.height}"),
        join(number(video.fps_median, 1), Text(" gambar/detik", " frames/s")),
    ]
    if video.sha256 is not None:
        facts.append(both(f"SHA-256 {video.sha256[:12]}"))
    protocol = f"{score.protocol_id} {score.protocol_version} · {score.protocol_hash[:12]}"
    models = [f"{plain(name, 40)} {plain(digest)[:8]}" for name, digest in list(meta.models.items())[:6]]
    return (
        (TEXTS["software"], both(_software(meta))),
        (TEXTS["protocol"], both(protocol)),
        (TEXTS["video"], join_with(" · ", facts)),
        (TEXTS["calibration"], CALIBRATION_NAMES[meta.calibration_source]),
        (TEXTS["models"], both(", ".join(models) or "–")),
        (TEXTS["analysed"], date(meta.created)),
    )


def parameters(values: Mapping[str, Any], prefix: str = "") -> tuple[str, ...]:
    """Settings as ``name=value``, at most thirty; all of them are in session.json."""
    flat: list[str] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat += parameters(value, f"{prefix}{plain(key, 30)}.")
        else:
            flat.append(f"{prefix}{plain(key, 40)}={plain(value, 40)}")
    return tuple(flat[:_PARAMETERS])


def _software(meta: SessionMeta) -> str:
    version = f"Pijat {plain(meta.software_version, 40)}"
    return version if meta.software_commit is None else f"{version} ({plain(meta.software_commit.id)[:7]})"
