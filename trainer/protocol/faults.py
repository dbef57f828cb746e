"""What can go wrong in a demonstration, and the default words that say what to do instead.

A protocol may override each text for each of its steps; the texts here are used where it does not.
"""

from enum import StrEnum

from trainer.language import Text


class Fault(StrEnum):
    """A fault that the checklist can name. Force is not among them: one camera cannot measure it."""

    MISSING = "missing"
    """The stroke that the step asks for was not seen, though the hands were."""
    TOO_FEW = "too_few"
    """Fewer circles or passes a side than asked for."""
    ON_SPINE = "on_spine"
    WRONG_REGION = "wrong_region"
    ONE_THUMB_IDLE = "one_thumb_idle"
    UNEVEN_SIDES = "uneven_sides"
    CIRCLES_TOO_WIDE = "circles_too_wide"
    CIRCLES_TOO_SMALL = "circles_too_small"
    CIRCLES_TOO_FAST = "circles_too_fast"
    CIRCLES_TOO_SLOW = "circles_too_slow"
    WRONG_DIRECTION = "wrong_direction"
    PASS_TOO_SHORT = "pass_too_short"
    PASS_TOO_FAST = "pass_too_fast"
    PASS_TOO_SLOW = "pass_too_slow"
    NOT_COVERED = "not_covered"
    """The strokes do not reach all of the length along the spine."""
    TOO_FEW_ROUNDS = "too_few_rounds"
    TOO_MANY_ROUNDS = "too_many_rounds"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LONG_PAUSE = "long_pause"
    STOPPED_HALF_WAY = "stopped_half_way"
    OTHER_STROKES = "other_strokes"
    WRONG_ORDER = "wrong_order"
    WRONG_POSTURE = "wrong_posture"
    WRONG_HAND_SHAPE = "wrong_hand_shape"
    CONTINUED_AFTER_STOP = "continued_after_stop"


DEFAULT_MESSAGES: dict[Fault, Text] = {
    Fault.MISSING: Text(
        "Gerakan ini belum terlihat. Lihat contohnya, lalu lakukan.",
        "This movement was not seen yet. Watch the example, then do it.",
    ),
    Fault.TOO_FEW: Text(
        "Ulangi gerakan ini lebih banyak di kedua sisi.", "Repeat this movement more often on both sides."
    ),
    Fault.ON_SPINE: Text(
        "Geser ibu jari ke samping tulang belakang, kira-kira dua jari; jangan di atas tulangnya.",
        "Move your thumbs beside the spine, about two fingers away; never on the bone itself.",
    ),
    Fault.WRONG_REGION: Text(
        "Pindahkan ibu jari ke daerah pijat: di kedua sisi tulang belakang, "
        "antara leher dan iga ke-5 sampai 6.",
        "Move your thumbs into the area: both sides of the spine, between the neck and ribs 5 to 6.",
    ),
    Fault.ONE_THUMB_IDLE: Text(
        "Gunakan kedua ibu jari bersama-sama, satu di setiap sisi tulang belakang.",
        "Use both thumbs together, one on each side of the spine.",
    ),
    Fault.UNEVEN_SIDES: Text(
        "Pijat sisi kiri dan kanan sama lamanya.", "Massage the left and the right side for equally long."
    ),
    Fault.CIRCLES_TOO_WIDE: Text(
        "Perkecil lingkarannya: kira-kira selebar dua jari.",
        "Make the circles smaller: about two fingers across.",
    ),
    Fault.CIRCLES_TOO_SMALL: Text(
        "Perbesar sedikit lingkarannya supaya ibu jari benar-benar berputar.",
        "Make the circles a little larger, so that the thumb really goes round.",
    ),
    Fault.CIRCLES_TOO_FAST: Text(
        "Perlambat putaran: kira-kira satu putaran setiap detik.",
        "Slow the circles down: about one turn a second.",
    ),
    Fault.CIRCLES_TOO_SLOW: Text(
        "Percepat sedikit putarannya: kira-kira satu putaran setiap detik.",
        "Turn a little faster: about one turn a second.",
    ),
    Fault.WRONG_DIRECTION: Text(
        "Balik arah usapan; angkat tangan saat kembali ke titik awal.",
        "Turn the direction of the stroke round; lift your hands when going back to the start.",
    ),
    Fault.PASS_TOO_SHORT: Text(
        "Panjangkan usapan sampai seluruh jarak yang diminta.",
        "Make the stroke longer, over the full way asked for.",
    ),
    Fault.PASS_TOO_FAST: Text(
        "Usap lebih pelan, dua sampai empat detik.", "Stroke more slowly, two to four seconds."
    ),
    Fault.PASS_TOO_SLOW: Text(
        "Usap sedikit lebih cepat, dua sampai empat detik.", "Stroke a little faster, two to four seconds."
    ),
    Fault.NOT_COVERED: Text(
        "Pijat sepanjang tulang belakang, dari atas sampai iga ke-5 dan 6.",
        "Massage all along the spine, from the top to ribs 5 and 6.",
    ),
    Fault.TOO_FEW_ROUNDS: Text(
        "Ulangi seluruh rangkaian: gerakan melingkar lalu usapan.",
        "Repeat the whole sequence: circles, then passes.",
    ),
    Fault.TOO_MANY_ROUNDS: Text("Kurangi jumlah ulangannya.", "Do fewer rounds."),
    Fault.TOO_SHORT: Text("Pijat lebih lama.", "Massage for longer."),
    Fault.TOO_LONG: Text("Akhiri lebih awal.", "Finish earlier."),
    Fault.LONG_PAUSE: Text(
        "Jangan berhenti terlalu lama; lanjutkan gerakan dengan tenang.",
        "Do not pause for long; keep going calmly.",
    ),
    Fault.STOPPED_HALF_WAY: Text(
        "Jangan berhenti di tengah jalan; selesaikan sampai akhir.", "Do not stop half-way; go on to the end."
    ),
    Fault.OTHER_STROKES: Text(
        "Lakukan hanya gerakan yang diminta; jangan meremas, menepuk, atau menggosok.",
        "Do only the movements asked for; no kneading, tapping or rubbing.",
    ),
    Fault.WRONG_ORDER: Text(
        "Ikuti urutannya: mulai dengan langkah yang pertama.", "Follow the order: begin with the first step."
    ),
    Fault.WRONG_POSTURE: Text(
        "Bantu ibu duduk condong ke depan, lengan terlipat di meja, kepala bersandar di lengan.",
        "Help the mother to lean forward, arms folded on the table, head resting on the arms.",
    ),
    Fault.WRONG_HAND_SHAPE: Text(
        "Kepalkan kedua tangan dengan ibu jari mengarah ke depan.",
        "Make two fists with the thumbs pointing forward.",
    ),
    Fault.CONTINUED_AFTER_STOP: Text(
        "Hentikan pijatan segera ketika ibu merasa sakit.", "Stop at once when the mother feels pain."
    ),
}
"""What to do differently, per fault."""

FAULT_RANK: dict[Fault, int] = {
    fault: rank
    for rank, fault in enumerate(
        (
            Fault.CONTINUED_AFTER_STOP,
            Fault.ON_SPINE,
            Fault.MISSING,
            Fault.WRONG_DIRECTION,
            Fault.WRONG_REGION,
            Fault.ONE_THUMB_IDLE,
            Fault.CIRCLES_TOO_FAST,
            Fault.CIRCLES_TOO_WIDE,
            Fault.NOT_COVERED,
            Fault.PASS_TOO_SHORT,
            Fault.CIRCLES_TOO_SLOW,
            Fault.CIRCLES_TOO_SMALL,
            Fault.PASS_TOO_FAST,
            Fault.PASS_TOO_SLOW,
            Fault.OTHER_STROKES,
            Fault.WRONG_ORDER,
            Fault.STOPPED_HALF_WAY,
            Fault.TOO_FEW_ROUNDS,
            Fault.TOO_FEW,
            Fault.UNEVEN_SIDES,
            Fault.TOO_SHORT,
            Fault.LONG_PAUSE,
            Fault.TOO_MANY_ROUNDS,
            Fault.TOO_LONG,
            Fault.WRONG_POSTURE,
            Fault.WRONG_HAND_SHAPE,
        )
    )
}
"""Which of two equally grave faults to speak of first: safety, then what is done, where, and how."""
