"""Scores to draw: the checklist of a demonstration that is nearly there, every verdict among its items."""

from typing import Any


def text(indonesian: str, english: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"id": indonesian, "en": english}


def measure(
    name: str, label: tuple[str, str], value: float | None, unit: str, **limits: float | None
) -> dict[str, Any]:
    """Return a measured value as ``score.json`` holds it."""
    return {
        "name": name,
        "label": text(*label),
        "value": value,
        "unit": unit,
        "sigma": limits.get("sigma"),
        "minimum": limits.get("minimum"),
        "maximum": limits.get("maximum"),
    }


def item(
    key: str,
    title: tuple[str, str],
    verdict: str = "not_observed",
    message: tuple[str, str] = ("", ""),
    **other: Any,
) -> dict[str, Any]:
    """Return a checklist item as ``score.json`` holds it."""
    camera = other.get("observer", "camera") == "camera"
    return {
        "id": key,
        "title": text(*title),
        "observer": other.get("observer", "camera"),
        "verdict": verdict,
        "to_be_confirmed": not camera,
        "points": {"met": 2, "partly_met": 1}.get(verdict, 0),
        "max_points": 2,
        "critical": other.get("critical", False),
        "measures": other.get("measures", []),
        "evidence": other.get("evidence", []),
        "message": text(*message),
        "source": f"tegalagung-2022, step {key}",
    }


def score(items: list[dict[str, Any]], passed: bool | None, advice: tuple[str, ...]) -> dict[str, Any]:
    """Return a whole ``score.json`` with its sums."""
    seen = [entry for entry in items if entry["verdict"] != "not_observed"]
    points, most = sum(e["points"] for e in seen), sum(e["max_points"] for e in seen)
    return {
        "schema_version": 1,
        "protocol_id": "tegalagung-2022",
        "protocol_version": "1.0.0",
        "protocol_hash": "3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea",
        "protocol_title": text("Pijat oksitosin (Tegalagung 2022)", "Oxytocin massage (Tegalagung 2022)"),
        "items": items,
        "points": points,
        "max_points": most,
        "percent": 100 * points / most if most else None,
        "pass_mark_percent": 75.0,
        "passed": passed,
        "not_observed": [
            e["id"] for e in items if e["observer"] == "camera" and e["verdict"] == "not_observed"
        ],
        "advice": list(advice),
    }


FACILITATOR = [
    item("a", ("Jelaskan kepada ibu", "Tell the mother"), observer="facilitator"),
    item("b", ("Siapkan alat dan ibu", "Prepare equipment and mother"), observer="facilitator"),
    item("c", ("Posisi ibu", "The mother's position"), observer="facilitator"),
    item("d", ("Minyak di telapak tangan", "Oil on the palms"), observer="facilitator"),
]


def evidence(kind: str, *spans: tuple[float, float], hand: str | None = None) -> list[dict[str, Any]]:
    """Return stretches of time, s, that an item rests on."""
    return [{"start_s": a, "end_s": b, "hand": hand, "kind": kind} for a, b in spans]


def mixed_score(seconds: float = 900.0) -> dict[str, Any]:
    """A demonstration that is nearly there: some met, some partly, one not, one unseen."""
    third = seconds / 3
    items = [
        *FACILITATOR,
        item(
            "e",
            ("Dua kepalan tangan, ibu jari ke depan", "Two fists, thumbs pointing forward"),
            "not_observed",
            ("Bentuk tangan tidak cukup terlihat.", "The shape of the hands could not be seen well enough."),
        ),
        item(
            "f",
            ("Gerakan melingkar kecil dengan kedua ibu jari", "Small circles with both thumbs"),
            "met",
            (
                "Lingkaran Anda kecil, tenang, dan tepat di samping tulang belakang. Pertahankan.",
                "Your circles are small, calm and right beside the spine. Keep it up.",
            ),
            critical=True,
            measures=[
                measure(
                    "rate_hz",
                    ("Kecepatan melingkar", "Circling speed"),
                    1.08,
                    "Hz",
                    sigma=0.06,
                    minimum=0.5,
                    maximum=2.0,
                ),
                measure("cycles_left", ("Putaran sisi kiri", "Circles on the left"), 214, "x", minimum=3),
                measure("cycles_right", ("Putaran sisi kanan", "Circles on the right"), 231, "x", minimum=3),
                measure(
                    "radius_cm",
                    ("Jari-jari lingkaran", "Radius of the circles"),
                    1.2,
                    "cm",
                    sigma=0.18,
                    minimum=0.5,
                    maximum=2.5,
                ),
            ],
            evidence=evidence(
                "supports", (6, third * 0.7), (third + 8, third * 1.7), (third * 2 + 8, third * 2.7)
            ),
        ),
        item(
            "g",
            (
                "Usap ke bawah dari leher ke tulang belikat",
                "Stroke downwards from the neck to the shoulder blades",
            ),
            "partly_met",
            (
                "Mulai usapan di leher dan teruskan sampai tulang belikat.",
                "Begin the stroke at the neck and go on to the shoulder blades.",
            ),
            critical=True,
            measures=[
                measure(
                    "passes", ("Usapan ke bawah tiap sisi", "Downward strokes a side"), 12, "x", minimum=1
                ),
                measure(
                    "length",
                    ("Ujung bawah usapan", "Lower end of the strokes"),
                    10.4,
                    "cm",
                    sigma=0.6,
                    minimum=12.0,
                ),
                measure(
                    "speed",
                    ("Kecepatan usapan", "Speed of the strokes"),
                    6.1,
                    "cm/s",
                    sigma=0.5,
                    minimum=1.5,
                    maximum=15.0,
                ),
            ],
            evidence=evidence("supports", (third * 0.72, third * 0.95), (third * 1.72, third * 1.95))
            + evidence("fault", (third * 2.75, third * 2.8), hand="left"),
        ),
        item(
            "h",
            ("Ulangi sampai 3 kali", "Repeat up to 3 times"),
            "met",
            ("Tiga rangkaian selesai. Bagus.", "Three rounds done. Good."),
            measures=[measure("rounds", ("Rangkaian", "Rounds"), 3, "x", minimum=3)],
            evidence=evidence(
                "supports", (6, third * 0.95), (third + 8, third * 1.95), (third * 2 + 8, third * 2.95)
            ),
        ),
        item("i", ("Lap punggung", "Wipe the back"), observer="facilitator"),
        item(
            "duration",
            ("Lama pijat, kira-kira 15 menit", "Duration, about 15 minutes"),
            "met",
            ("Lamanya sudah pas.", "The time was just right."),
            measures=[
                measure(
                    "minutes",
                    ("Lama pijat", "Massage time"),
                    seconds / 60 * 0.97,
                    "min",
                    minimum=13,
                    maximum=20,
                )
            ],
        ),
        item(
            "spine",
            ("Tidak menekan tulang belakang", "No pressing on the spine"),
            "not_met",
            (
                "Geser ibu jari ke samping tulang belakang, kira-kira dua jari; jangan di atas tulangnya.",
                "Move your thumbs beside the spine, about two fingers away; never on the bone itself.",
            ),
            critical=True,
            measures=[
                measure(
                    "share",
                    ("Waktu di atas tulang belakang", "Time on the spine"),
                    8.5,
                    "%",
                    sigma=1.2,
                    maximum=5,
                )
            ],
            evidence=evidence(
                "fault",
                (third * 1.2, third * 1.22),
                (third * 1.3, third * 1.33),
                (third * 2.1, third * 2.12),
                hand="right",
            ),
        ),
        item(
            "order",
            ("Urutan gerakan", "Order of the movements"),
            "met",
            ("Urutannya benar.", "The order is right."),
        ),
        item(
            "only",
            ("Hanya gerakan yang diajarkan", "Only the movements taught"),
            "met",
            ("Tidak ada gerakan lain. Bagus.", "No other movements. Good."),
        ),
    ]
    return score(items, False, ("spine", "g"))
