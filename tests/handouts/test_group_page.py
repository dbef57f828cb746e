"""A group's report and its table file: what is shown, what is refused, nobody's name."""

import re

import pytest
from handout_samples import HOSTILE, MADE, group

from trainer.errors import PijatError
from trainer.handouts.group_file import parse_measurements, report_of_measurements
from trainer.handouts.render import group_page

BALIBO = """participant;group;milk_ml_before;milk_ml_after;test_before;test_after
P-01;dipijat;14;23;50;62,5
P-02;dipijat;14;28;55;70
P-03;dipijat;13;25;60;-
P-04;dipijat;15;26;45;60
P-05;dipijat;14;24;52;66
P-06;tidak;14;15;50;52
P-07;tidak;14;17;58;57
P-08;tidak;13;16;61;60
P-09;tidak;14;14;49;55
P-10;tidak;15;18;50;51
"""


def test_a_group_is_shown_whole_in_one_language():
    page = group_page(group(12))
    for words in (
        "Laporan kelompok",
        "Kader Posyandu Tegalagung",
        "Tes pengetahuan sebelum dan sesudah",
        "Kemajuan dari latihan ke latihan",
        "Pijat di rumah",
        "Banyaknya ASI",
        "Kelancaran ASI",
        "Dibandingkan dengan kelompok lain",
        "Kesepakatan penilai",
        "hentikan pijat",
        "bukan apa penyebabnya",
        "tidak dicatat, jadi tidak diketahui",
    ):
        assert words in page
    assert all(f"P-{n:04}" in page for n in range(1, 13))
    english = group_page(group(12), language="en")
    assert "Knowledge test before and after" in english and "Laporan" not in english


def test_no_page_holds_nan_or_calls_home():
    for people in (0, 1, 2, 12):
        page = group_page(group(people))
        assert not re.search(
            r"\b(nan|None|inf)\b", re.sub(r"<style>.*?</style>|<script>.*?</script>", "", page, flags=re.S)
        )
        assert not re.search(r"""(?:src|href|url)\s*[=(]""", re.sub(r'xmlns="[^"]*"', "", page))
        assert "default-src &#39;none&#39;" in page


def test_nobody_yet_is_said():
    page = group_page(group(0))
    assert "Belum ada peserta" in page and "<table" not in page


def test_hostile_names_stay_words():
    page = group_page(group(2, name=HOSTILE))
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_five_against_five_from_a_table():
    rows = parse_measurements(BALIBO)
    report = report_of_measurements(rows, name="Balibo", made_at=MADE)
    assert len(report.codes) == 10 and report.test.n == 9 and report.test.left_out == 1
    assert report.knowledge[0].after == 62.5
    titles = [title.en for title, _ in report.comparisons]
    assert titles == [
        "Knowledge test (after)",
        "Knowledge test (gain)",
        "Milk volume (after)",
        "Milk volume (gain)",
    ]
    milk = report.comparisons[2][1]
    assert milk.names == ("dipijat", "tidak") and milk.mann_whitney.p == pytest.approx(2 / 252)
    assert "Balibo" in group_page(report)


def test_a_point_or_a_comma_and_tabs_are_read():
    for text in (
        "participant,latch_after\nP-1,8\n",
        "participant\tlatch_after\nP-1\t8\n\n",
        "\ufeffparticipant;latch_after\r\nP-1;8,0\r\n".lstrip("\ufeff"),
    ):
        assert parse_measurements(text)[0].values["latch"] == (None, 8.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty file"),
        ("name,test_before\nA,1\n", 'got "name"'),
        ("test_before\n1\n", '"participant" among them'),
        ("participant,test_before,test_before\nA,1,2\n", "each column once"),
        ("participant,test_before\nA,120\n", "row 2: expected 0 to 100 points"),
        ("participant,test_before\nA,12\n\nA,13\n", 'row 4: expected every participant once, got "A" twice'),
        ("participant,latch_after\nA,11\n", "latch"),
        (
            "participant,fluency_after\nA,lancar\n",
            'expected a number or nothing in fluency_after, got "lancar"',
        ),
        ("participant,milk_ml_after\nA,nan\n", "expected a number or nothing"),
        ("participant,milk_ml_after\nA,1e9\n", "milk_ml"),
        ("participant,test_before\n,50\n", "row 2: expected a participant's code"),
        ("participant,test_before\nA,50,60\n", "expected 2 cells, got 3"),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_row(text, said):
    with pytest.raises(PijatError) as error:
        parse_measurements(text, "mine.csv")
    assert said in str(error.value) and "mine.csv" in str(error.value)
