"""What `pijat analyze` says when it is done, apart from the analysis itself."""

from pathlib import Path

import pandas as pd
import pytest

from trainer.commands.analyze import summary
from trainer.session.model import Session


def session_of(score: dict, warnings: list) -> Session:
    nothing = pd.DataFrame()
    return Session(Path("/tmp/massage"), {"warnings": warnings}, nothing, nothing, nothing, score)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "id",
            "Pijat\n  belum                     Lingkaran\nNilai: 1 dari 2 butir yang teramati (50 %, lulus mulai "
            "70 %)\nPerbaiki lain kali:\n  - Lebih pelan.\nPerhatikan:\n  - Gelap.\nSesi:    /tmp/massage\n"
            "Laporan: /tmp/massage/report.html\n",
        ),
        (
            "en",
            "Massage\n  not met                   Circles\nScore: 1 of 2 points that were observed (50 %, pass mark "
            "70 %)\nTo do better next time:\n  - Slower.\nMind:\n  - Dark.\nSession: /tmp/massage\n"
            "Report:  /tmp/massage/report.html\n",
        ),
    ],
)
def test_it_speaks_one_language(language, expected):
    item = {
        "id": "f",
        "title": {"id": "Lingkaran", "en": "Circles"},
        "verdict": "not_met",
        "to_be_confirmed": False,
        "message": {"id": "Lebih pelan.", "en": "Slower."},
    }
    score = {
        "protocol_title": {"id": "Pijat", "en": "Massage"},
        "items": [item],
        "points": 1,
        "max_points": 2,
        "percent": 50.0,
        "pass_mark_percent": 70.0,
        "advice": ["f"],
    }
    assert summary(session_of(score, [{"id": "Gelap.", "en": "Dark."}]), language) == expected
