"""Tables: units in the headings, nothing that a spreadsheet runs, whole files or none."""

import csv
import io
import zipfile
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest
from handout_samples import feedback, group, item

from trainer.errors import PijatError
from trainer.handouts.cohort_tables import feedback_table, group_tables
from trainer.handouts.tables import defused, table_to_csv, tables_to_xlsx, tables_to_xlsx_bytes, write_csv

RUNS = [
    "=1+1", '=HYPERLINK("http://x","y")', "+62812", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\N{NO-BREAK SPACE}=1",
    "＝1+1", "\n=cmd",
]  # fmt: skip
HARMLESS = ["Siti", "a=b", "P-0001", "3-5 menit", "", "'quoted", "–", "\u2212" + "5"]


@pytest.mark.parametrize("text", RUNS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert str(defused(text)).startswith("'")
    assert str(defused(text))[1:] == text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_stay_as_they_are(text):
    assert defused(text) == text


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert (defused(-3.5), defused(-2), defused(True), defused(None)) == (-3.5, -2, True, None)
    assert defused(float("nan")) is None and defused(float("inf")) is None and defused(pd.NA) is None
    assert defused(np.float64(-1.5)) == -1.5 and isinstance(defused(np.int64(3)), int)
    assert defused(date(2026, 3, 1)) == date(2026, 3, 1)
    assert defused(datetime(2026, 3, 1, 8)) == "2026-03-01T08:00:00"
    assert len(str(defused("x" * 100_000))) == 32_000
    assert defused("a\x00b\x1bc") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


def test_csv_keeps_cells_apart_and_defused(tmp_path):
    table = pd.DataFrame({"nama": ['=1,"x"', "a\nb;c", None], "nilai (poin)": [1.5, -2.0, float("nan")]})
    rows = list(csv.reader(io.StringIO(table_to_csv(table), newline="")))
    assert rows == [["nama", "nilai (poin)"], ['\'=1,"x"', "1.5"], ["a\nb;c", "-2.0"], ["", ""]]
    write_csv(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(tmp_path.iterdir()) == [tmp_path / "t.csv"]


def test_a_workbook_holds_every_sheet_and_no_formula(tmp_path):
    hostile = pd.DataFrame({"=1+1": RUNS, "nilai": range(len(RUNS))}, dtype=object)
    names = {
        "=cmd|'/c calc'!A1": hostile,
        "a/b:c*?[]": hostile,
        "x" * 60: hostile,
        "X" * 60: hostile,
        "": hostile,
    }
    tables_to_xlsx(names, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert len(book.sheetnames) == 5 and all(0 < len(name) <= 31 for name in book.sheetnames)
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
        assert [cell.value for cell in sheet["B"]][1:] == list(range(len(RUNS)))
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
        assert all(str(cell.value).startswith("'") for cell in sheet["A"])
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_no_table_and_no_place_are_said(tmp_path):
    with pytest.raises(PijatError, match="at least one table"):
        tables_to_xlsx_bytes({})
    with pytest.raises(PijatError, match="Expected to be able to write"):
        write_csv(pd.DataFrame({"a": [1]}), tmp_path / "none" / "t.csv")


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_table_of_a_group_names_its_units(language):
    tables = group_tables(group(12), language)
    assert len(tables) == 7 and all(len(table) for table in tables.values())
    headings = " ".join(str(name) for table in tables.values() for name in table.columns)
    for unit in (
        "%",
        {"id": "menit", "en": "minutes"}[language],
        {"id": "hari", "en": "days"}[language],
        "100",
    ):
        assert unit in headings
    tables_to_xlsx_bytes(tables)


def test_an_empty_group_keeps_its_headings():
    for table in group_tables(group(0)).values():
        assert len(table) == 0 and len(table.columns) > 3
    assert tables_to_xlsx_bytes(group_tables(group(0)))


def test_missing_scores_are_empty_not_zero():
    table = next(iter(group_tables(group(12)).values()))
    missing = table.iloc[3]
    assert missing.iloc[1] is None and missing.iloc[3] is None and missing.iloc[2] is not None


def test_a_demonstration_as_a_table():
    table = feedback_table(feedback([item(1, "not_met", comment="=1"), item(2, "not_observed")]), "en")
    assert list(table["verdict"]) == ["Not met yet", "Not seen"]
    assert table["points (weighted)"][0] == 0.0 and table["points (weighted)"][1] is None
    assert "'=1" in table_to_csv(table)
