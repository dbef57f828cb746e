"""What `pijat analyze` says when it is done, apart from the analysis itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.common.drawn_sessions import synthetic
from trainer.commands.analyze import summary
from trainer.language import Text
from trainer.protocol.score import Verdict


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
    drawn = synthetic(10, rounds=1)
    circles = replace(
        drawn.score.items[-1],
        id="f",
        title=Text("Lingkaran", "Circles"),
        verdict=Verdict.NOT_MET,
        message=Text("Lebih pelan.", "Slower."),
    )
    score = replace(
        drawn.score,
        protocol_title=Text("Pijat", "Massage"),
        items=(circles,),
        points=1.0,
        max_points=2.0,
        percent=50.0,
        pass_mark_percent=70.0,
        advice=("f",),
    )
    meta = replace(drawn.meta, warnings=(Text("Gelap.", "Dark."),))
    session = replace(drawn, path=Path("/tmp/massage"), meta=meta, score=score)
    assert summary(session, language) == expected
