"""The page as a whole: structure, both languages, safety, extremes."""

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from scripts.common import drawn_sessions as made
from trainer.commit import Commit
from trainer.language import Text
from trainer.protocol.score import Verdict
from trainer.report.render import render_report
from trainer.session.model import LiveMeta, Session, SessionRegion

VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """Reads a page, insisting that every element is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        named = {name: value or "" for name, value in attrs}
        assert len(named) == len(attrs), f"attribute given twice on {tag}"
        self.elements.append((tag, named))
        if "id" in named:
            self.ids.append(named["id"])
        if tag not in VOID:
            self.open.append((tag, named))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        if data.strip():
            classes = " ".join(named.get("class", "") for _, named in self.open).split()
            inside = {tag for tag, _ in self.open}
            if not inside & {"style", "script"}:
                language = "id" if "l-id" in classes else "en" if "l-en" in classes else ""
                self.texts.append((language, data.strip()))

    def shown(self, language: str) -> str:
        """All text that a reader of one language sees."""
        words = " ".join(text for lang, text in self.texts if lang in ("", language))
        return words.replace("\N{NO-BREAK SPACE}", " ")


SESSIONS = {
    "mixed": lambda: made.synthetic(120, rounds=3),
    "empty": made.empty,
    "one_hand": lambda: made.synthetic(60, rounds=1, hands=("right",)),
}


@pytest.fixture(scope="module", params=sorted(SESSIONS))
def session(request) -> Session:
    return SESSIONS[request.param]()


@pytest.fixture(scope="module")
def html(session) -> str:
    return render_report(session)


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def test_is_well_formed_with_unique_ids_and_references_that_exist(page):
    assert len(page.ids) == len(set(page.ids))
    for _, named in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(named.get(name, "").split()) <= set(page.ids)
        used = re.findall(r"url\(#([^)]+)\)", " ".join(named.values()))
        assert set(used) <= set(page.ids)


def test_refers_to_nothing_outside_itself(html, page):
    for tag, named in page.elements:
        assert tag != "pattern"  # printed as a picture each time it is used: a PDF of a hundred megabytes
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "audio", "video", "form"}
        assert "src" not in named and "style" not in named
        assert not [name for name in named if name.startswith("on")]
        assert named.get("href", "#").startswith("#")
    hosts = set(re.findall(r"https?://([^/\"'\s]+)", html))
    assert hosts <= {"www.w3.org"}  # the name of the SVG namespace
    assert "@import" not in html and "@font-face" not in html


def test_policy_allows_only_its_own_style_and_script(html, page):
    policy = next(n["content"] for t, n in page.elements if n.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_every_text_stands_in_both_languages(page):
    pairs = [(t, n) for t, n in page.elements if {"l-id", "l-en"} & set(n.get("class", "").split())]
    for first, second in zip(pairs[::2], pairs[1::2], strict=True):
        assert first[0] == second[0]
        assert "l-id" in first[1]["class"] and first[1]["lang"] == "id"
        assert "l-en" in second[1]["class"] and second[1]["lang"] == "en"
    for tag, named in page.elements:
        if "data-id" in named or "data-en" in named:
            assert named["data-id"].strip() and named["data-en"].strip(), tag
    assert "Daftar tilik" in page.shown("id") and "Daftar tilik" not in page.shown("en")
    assert "Checklist" in page.shown("en") and "Checklist" not in page.shown("id")


@pytest.mark.parametrize("language", ["id", "en"])
def test_opens_in_the_language_asked_for(language):
    html = render_report(made.empty(), language=language)
    root = next(named for tag, named in Page(html).elements if tag == "html")
    assert root["lang"] == root["data-lang"] == language
    title = {"id": "Laporan latihan pijat oksitosin", "en": "Oxytocin massage practice report"}[language]
    assert re.search(rf"<title [^>]*>{title}</title>", html)


def test_charts_have_names_and_descriptions(html):
    charts = re.findall(r'<svg [^>]*role="img".*?</svg>', html, re.DOTALL)
    assert len(charts) >= 6
    for chart in charts:
        title, words = re.search(
            r"<title [^>]*>(.*?)</title>.*?<desc [^>]*>(.*?)</desc>", chart, re.DOTALL
        ).groups()
        assert title.strip() and len(words.strip()) > 0


def test_has_landmarks_and_headings_in_order(page):
    tags = [tag for tag, _ in page.elements]
    assert [tags.count(tag) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    for tag, named in page.elements:
        if tag == "th":
            assert named["scope"] in {"row", "col"}


def test_verdicts_are_words_and_icons_not_only_colour(session, html, page):
    shown = page.shown("en")
    words = {"met": "Met", "partly_met": "Partly met", "not_met": "Not met yet", "not_observed": "Not seen"}
    for item in session.score.items:
        assert ("Facilitator fills in" if item.to_be_confirmed else words[item.verdict]) in shown
    chips = re.findall(r'<span class="chip v-[a-z_]+">(.*?)</span>', html, re.DOTALL)
    assert chips and all('class="icon"' in chip for chip in chips)


def test_numbers_of_the_score_are_shown():
    shown = Page(render_report(made.synthetic(120))).shown("en")
    assert "11 / 14 points" in shown and "pass mark 75%" in shown
    assert "1.08 ± 0.06 circles/s (0.5–2)" in shown
    assert "10.4 ± 0.6 cm (min 12)" in shown
    indonesian = Page(render_report(made.synthetic(120))).shown("id")
    assert "1,08 ± 0,06 putaran/detik (0,5–2)" in indonesian


def test_each_piece_of_advice_is_a_line():
    html = render_report(made.synthetic(60, rounds=1))
    listed = re.search(r"<ol>(.*?)</ol>", html, re.DOTALL).group(1)
    assert listed.count("<li>") == 2


def test_facilitator_items_have_boxes_and_no_points():
    session = made.synthetic(60, rounds=1)
    html = render_report(session)
    waiting = sum(item.to_be_confirmed for item in session.score.items)
    assert html.count('class="boxes"') == waiting == 5
    assert html.count('class="box"') == 2 * waiting


@pytest.mark.parametrize(
    ("passed", "words"), [(True, "Passed"), (False, "Not yet"), (None, "Too little seen")]
)
def test_outcome_in_words(passed, words):
    session = made.synthetic(60, rounds=1)
    html = render_report(
        dataclasses.replace(session, score=dataclasses.replace(session.score, passed=passed))
    )
    heading = re.search(r'<h2 id="h-result".*?</h2>', html, re.DOTALL).group(0)
    assert words in Page(heading).shown("en")


def test_nothing_seen_is_said_and_never_called_a_failure():
    shown = Page(render_report(made.empty())).shown("en")
    assert "Too little seen" in shown and "This is not your mistake" in shown
    assert "no score yet" in shown and "never seen" in shown
    assert "Not met yet" not in shown
    assert "No back was found in the picture." in shown


def test_partial_session_says_so():
    session = made.synthetic(60, rounds=1)
    html = render_report(dataclasses.replace(session, meta=dataclasses.replace(session.meta, complete=False)))
    assert "only the part that was analysed" in Page(html).shown("en")
    assert "only the part that was analysed" not in Page(render_report(session)).shown("en")


def test_share_not_seen_is_the_share_of_frames():
    session = made.synthetic(100, rounds=1)
    right = session.thumbs[session.thumbs["hand"] == "right"]
    share = 100 * float((right["status"] == "missing").mean())
    assert share > 1
    assert f"{share:.0f}% not seen" in Page(render_report(session)).shown("en")


def test_force_is_said_not_to_be_measured(page):
    assert "cannot be measured by a camera and is not scored" in page.shown("en")


HOSTILE = (
    "</title></style><script>alert(1)</script><img src=x onerror=alert(2)> \u202egpj.exe\u2066 \x00 & \"'"
)


def test_hostile_words_stay_words():
    session = made.synthetic(30, rounds=1)
    replace = dataclasses.replace
    text = Text(HOSTILE, HOSTILE)
    items = [
        replace(
            item,
            title=text,
            message=text,
            measures=tuple(replace(m, label=text, unit=HOSTILE, name=HOSTILE) for m in item.measures),
        )
        for item in session.score.items
    ]
    scored = replace(session.score, items=tuple(items), protocol_title=text, protocol_id=HOSTILE)
    regions = tuple(replace(region, name=text) for region in session.meta.protocol.regions)
    meta = replace(
        session.meta,
        warnings=(text,),
        software_version=HOSTILE,
        software_commit=Commit(HOSTILE, HOSTILE, None),
        created=HOSTILE,
        models={HOSTILE: HOSTILE},
        parameters={HOSTILE: {HOSTILE: HOSTILE}},
        video=replace(session.meta.video, name=HOSTILE),
        protocol=replace(session.meta.protocol, regions=regions),
    )
    html = render_report(dataclasses.replace(session, score=scored, meta=meta))
    page = Page(html)
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not set("\u202e\u2066\x00") & set(html)
    assert "<script>alert(1)</script><img" in page.shown("en")  # as words, for everybody to read


def test_figures_that_are_not_known_are_survived():
    session = made.synthetic(60, rounds=1)
    events = session.events.copy()
    events.loc[1, ["observed", "confidence", "lateral_cm", "rate_hz", "cycles"]] = np.nan
    Page(render_report(dataclasses.replace(session, events=events)))


@pytest.mark.parametrize(("seconds", "rounds"), [(900.0, 3), (14400.0, 12)])
def test_long_sessions_stay_small(seconds, rounds):
    session = made.synthetic(seconds, rounds=rounds, fps=3)
    html = render_report(session)
    assert len(html.encode()) < 700_000
    Page(html)


def test_thousands_of_strokes_stay_small():
    session = made.synthetic(60, rounds=1)
    row = session.events.iloc[0].to_dict()
    rng = np.random.default_rng(3)
    rows = [
        {**row, "onset": float(t), "duration": 0.4, "side": "spine", "lateral_cm": float(rng.normal())}
        for t in np.linspace(0, 3600, 9000)
    ]  # fmt: skip
    html = render_report(dataclasses.replace(session, events=made.events_frame(rows)))
    assert len(html.encode()) < 2_000_000
    assert "9,000×" in Page(html).shown("en") or "9000×" in Page(html).shown("en")


def test_a_custom_protocols_areas_are_drawn():
    session = made.synthetic(30, rounds=1)
    corners = ((2.0, 3.0), (5.0, 3.0), (5.0, 9.0))
    region = SessionRegion("mine", Text("a", "b"), "target", corners)
    protocol = dataclasses.replace(session.meta.protocol, id="mine", regions=(region,))
    meta = dataclasses.replace(session.meta, protocol=protocol)
    html = render_report(dataclasses.replace(session, meta=meta))
    assert html.count('points="200,300 500,300 500,900"') == 2  # on both maps


def test_truth_of_the_rendered_clips_is_drawn(clips):
    for name in ("dev_1", "dev_5"):
        Page(render_report(made.from_truth(clips / name)))


def test_strokes_that_are_unsure_look_so():
    session = made.synthetic(60, rounds=1)
    events = session.events.copy()
    events.loc[events.index[:3], "confidence"] = 0.3
    html = render_report(dataclasses.replace(session, events=events))
    assert html.count('class="bar-unsure"') == 3
    assert "unsure, not scored" in Page(html).shown("en")
    assert "unsure, not scored" not in Page(render_report(session)).shown("en")


def test_the_programs_commit_is_named():
    session = made.synthetic(30, rounds=1)
    commit = Commit("1d5a3f9" + 33 * "0", "2026-11-30", changed=False)
    for said, expected in ((commit, "Pijat 0.1.0 (1d5a3f9)"), (None, "Pijat 0.1.0 ")):
        meta = dataclasses.replace(session.meta, software_version="0.1.0", software_commit=said)
        assert expected in Page(render_report(dataclasses.replace(session, meta=meta))).shown("id")


def test_a_stop_for_pain_is_said_at_the_top():
    session = made.synthetic(60, rounds=1)
    live = LiveMeta("browser", "coach", pauses_s=(), stopped_for_pain_s=33.2)
    video = dataclasses.replace(session.meta.video, name="live", sha256=None)
    meta = dataclasses.replace(session.meta, live=live, video=video)
    html = render_report(dataclasses.replace(session, meta=meta))
    shown = Page(html).shown("en")
    assert "felt pain or discomfort, at 0:33." in shown and "live practice" in shown


def test_what_a_facilitator_confirmed_is_said_to_be_theirs():
    session = made.synthetic(60, rounds=1)
    told = dataclasses.replace(session.score.items[0], verdict=Verdict.MET, to_be_confirmed=False, points=2.0)
    score = dataclasses.replace(session.score, items=(told, *session.score.items[1:]))
    shown = Page(render_report(dataclasses.replace(session, score=score))).shown("en")
    assert shown.count("said by the facilitator") == 1
    assert "of the steps judged so far" in shown
