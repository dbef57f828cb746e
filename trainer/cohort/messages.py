"""What is said of the statistics, Indonesian and English, in plain words."""

import math

from trainer.cohort.results import EffectSize, Estimate, NotComputed, SignificanceTest
from trainer.language import Text, join, number

NAMES: dict[str, Text] = {
    "paired_t": Text("Uji t berpasangan", "Paired t-test"),
    "wilcoxon": Text("Uji peringkat bertanda Wilcoxon", "Wilcoxon signed-rank test"),
    "welch": Text("Uji t Welch (dua kelompok)", "Welch's t-test (two groups)"),
    "mann_whitney": Text("Uji Mann-Whitney (dua kelompok)", "Mann-Whitney test (two groups)"),
}
NO_SPREAD = Text(
    "Tidak dihitung: selisih semua peserta sama besar, jadi tidak ada sebaran untuk diuji.",
    "Not computed: everybody's difference is the same, so there is no spread to test against.",
)
ALL_EQUAL = Text(
    "Tidak dihitung: semua nilai sama, jadi tidak ada sebaran.",
    "Not computed: all values are the same, so there is no spread.",
)
ALL_ZERO = Text(
    "Tidak dihitung: tidak ada yang berubah antara sebelum dan sesudah.",
    "Not computed: nobody changed between before and after.",
)
NO_CONTROL = Text(
    "Perubahan sebelum-sesudah tanpa kelompok pembanding menunjukkan bahwa ada perubahan, bukan apa penyebabnya.",
    "A change from before to after without a comparison group shows that there was a change, not what caused it.",
)


def too_few(n: int, least: int, *, pairs: bool) -> NotComputed:
    """Say that there are not enough values."""
    if pairs:
        return NotComputed(
            Text(
                f"Tidak dihitung: perlu paling sedikit {least} peserta dengan nilai sebelum dan sesudah, ada {n}.",
                f"Not computed: it takes at least {least} participants with a value before and after, there "
                f"{'is' if n == 1 else 'are'} {n}.",
            )
        )
    return NotComputed(
        Text(
            f"Tidak dihitung: perlu paling sedikit {least} nilai (di setiap kelompok), ada {n}.",
            f"Not computed: it takes at least {least} values (in each group), there {'is' if n == 1 else 'are'} {n}.",
        )
    )


def interval_method(freedom: float) -> Text:
    """Say that the t distribution was used, with its degrees of freedom."""
    shown = number(freedom, 0 if freedom == round(freedom) else 1)
    return Text(
        f"sebaran t dengan {shown.id} derajat bebas", f"t distribution with {shown.en} degrees of freedom"
    )


def signed_method(*, exact: bool, zeros: int, tied: bool) -> Text:
    """Say how Wilcoxon's p was found."""
    parts = [_EXACT if exact else _NORMAL]
    if zeros:
        parts.append(
            Text(
                f"{zeros} peserta tanpa perubahan tidak diikutkan, seperti cara Wilcoxon",
                f"{zeros} without any change left out, as Wilcoxon did",
            )
        )
    if tied:
        parts.append(_TIED)
    return Text("; ".join(part.id for part in parts), "; ".join(part.en for part in parts))


def rank_method(*, exact: bool, tied: bool) -> Text:
    """Say how Mann and Whitney's p was found."""
    parts = [_EXACT if exact else _NORMAL, *([_TIED] if tied else [])]
    return Text("; ".join(part.id for part in parts), "; ".join(part.en for part in parts))


_EXACT = Text("p dihitung tepat dari semua kemungkinan", "p counted exactly over all possibilities")
_NORMAL = Text(
    "p dari kurva normal, dengan koreksi nilai kembar dan kontinuitas",
    "p from the normal curve, corrected for ties and continuity",
)
_TIED = Text("nilai kembar mendapat peringkat rata-rata", "equal values share their mean rank")


def normality_words(n: int, *, departs: bool) -> Text:
    """Say what Shapiro and Wilk's test means for the reader."""
    if departs:
        return Text(
            "Sebarannya tidak normal; pegang hasil uji peringkat (Wilcoxon atau Mann-Whitney).",
            "The values are not normally distributed; go by the rank test (Wilcoxon or Mann-Whitney).",
        )
    if n < 20:
        return Text(
            "Tidak tampak menyimpang dari sebaran normal, tetapi dengan peserta sesedikit ini uji ini jarang "
            "menemukannya; baca juga uji peringkat.",
            "No departure from a normal distribution shows, but with so few this test would seldom find one; "
            "read the rank test as well.",
        )
    return Text(
        "Tidak tampak menyimpang dari sebaran normal; uji t boleh dipakai.",
        "No departure from a normal distribution shows; the t-test may be used.",
    )


def size_words(value: float) -> Text:
    """Name a standardised difference by Cohen's (1988) conventions."""
    size = abs(value)
    if size < 0.2:
        return Text("sangat kecil", "negligible")
    if size < 0.5:
        return Text("kecil", "small")
    return Text("sedang", "medium") if size < 0.8 else Text("besar", "large")


def p_text(p: float) -> Text:
    """Write a p value as reports do: two digits that count, "p < 0.001" below that, never "p = 0"."""
    if p < 0.001:
        return join("p\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}", number(0.001, 3))
    return join("p\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", number(p, 2 if p >= 0.0995 else 3))


def result_text(test: SignificanceTest) -> Text:
    """Write a test's result in one line: ``t(24) = 7.41, p < 0.001``."""
    freedom: Text | str = ""
    if test.df is not None:
        freedom = join("(", number(test.df, 0 if test.df == round(test.df) else 1), ")")
    digits = 2 if test.symbol == "t" else (0 if test.statistic == round(test.statistic) else 1)
    side: Text | str = "" if test.alternative == "two-sided" else Text(" (satu sisi)", " (one-sided)")
    return join(test.symbol, freedom, " = ", number(test.statistic, digits), ", ", p_text(test.p), side)


def estimate_text(estimate: Estimate, unit: Text | str = "", digits: int = 1) -> Text:
    """Write a value with its interval: ``13.0 points (95% CI 9.4 to 16.6)``."""
    percent = round(100 * estimate.confidence)
    tail: Text | str = join(" ", unit) if (unit if isinstance(unit, str) else unit.en) else ""
    return join(
        number(estimate.value, digits), tail, Text(f" (IK {percent}% ", f" ({percent}% CI "),
        number(estimate.lower, digits), Text(" sampai ", " to "), number(estimate.upper, digits), ")",
    )  # fmt: skip


def effect_text(effect: EffectSize) -> Text:
    """Write an effect size with its name and what it is called: ``d_z = 1.48 (large)``."""
    return join(f"{effect.name} = ", number(effect.value, 2), " (", effect.words, ")")


def small_sample(n: int, *, pairs: bool) -> Text | None:
    """Warn about few values; None when there are enough to say nothing."""
    if n >= 15:
        return None
    who = Text("pasang", "pair") if pairs else Text("nilai", "value")
    several = "" if n == 1 else "s"
    return Text(
        f"Hanya {n} {who.id}: hasil bisa berubah banyak oleh satu orang. Anggap sebagai petunjuk, bukan bukti.",
        f"Only {n} {who.en}{several}: one person can change the result a lot. Take it as a hint, not as proof.",
    )


def unreachable(least_p: float, test: Text) -> Text:
    """Say that a rank test with so few values can never fall below 0.05."""
    shown = number(math.ceil(least_p * 1000) / 1000, 3)
    return Text(
        f"{test.id}: dengan peserta sesedikit ini p tidak mungkin di bawah 0,05 (paling kecil {shown.id}), "
        "sebaik apa pun hasilnya.",
        f"{test.en}: with so few, p cannot fall below 0.05 (at best {shown.en}), however good the result.",
    )


def left_out_words(n: int) -> Text | None:
    """Say how many had only one of the two measurements."""
    if not n:
        return None
    return Text(
        f"{n} peserta hanya punya salah satu dari dua pengukuran dan tidak ikut dihitung.",
        f"{n} with only one of the two measurements {'was' if n == 1 else 'were'} left out.",
    )
