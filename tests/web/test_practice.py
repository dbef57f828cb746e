"""The practice server as a page meets it: a real server, a real socket, real pictures."""

import json
import struct
import time
import urllib.error
import urllib.request

import cv2
import numpy as np
import pytest
from practice_server import frame_message
from websockets.exceptions import ConnectionClosed, InvalidStatus

from trainer.session.reader import open_session

pytestmark = pytest.mark.slow  # a server of its own, with all models
RESULT_FIELDS = {
    "type", "sequence", "time_s", "size", "hands", "back", "thumbs", "strokes", "counts", "rounds",
    "rounds_wanted", "elapsed_s", "remaining_s", "step", "steps_done", "cue", "setup", "unseen", "server_ms", "frames",
}  # fmt: skip


def get(server, path, **headers):
    request = urllib.request.Request(f"http://{server.host}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def practise(page, pictures, marks, count, *, start=True):
    """Set up and practise `count` pictures; return the answers."""
    page.ready(pictures, marks)
    for jpeg, time_s in pictures[2:8]:
        page.show(jpeg, time_s)
    if start:
        page.say("start")
        page.state("practising")
    return [page.show(jpeg, time_s) for jpeg, time_s in pictures[8 : 8 + count]]


def end(page):
    page.say("stop", reason="finished")
    summary = page.hear("summary")
    page.say("again")
    page.state("setup")
    return summary


def test_from_set_up_to_report(server, pictures, marks):
    with server.page() as page:
        hello = page.hear("hello")
        assert (hello["schema"], hello["active"], hello["source"]) == (1, True, "browser")
        assert hello["state"] == "setup"
        assert len(hello["protocols"]) == 3
        first = page.show(*pictures[0])
        assert set(first) == RESULT_FIELDS
        assert first["size"] == [640, 480]
        assert first["unseen"]["code"] == "back"
        assert {tick["code"] for tick in first["setup"]} == {
            "back", "whole", "distance", "light", "sharpness", "alone", "angle", "steady", "hands", "fps",
        }  # fmt: skip
        page.say("landmarks", landmarks=marks)
        page.say("configure", language="en", mode="coach", keep_video=True, blur_head=True)
        assert page.hear("choices")["keep_video"] is True
        page.say("confirm", item="a", done=True)
        assert page.hear("choices")["confirmed"] == {"a": True}
        for jpeg, time_s in pictures[1:30]:
            ready = page.show(jpeg, time_s)
        by_code = {tick["code"]: tick for tick in ready["setup"]}
        assert by_code["back"]["ok"] and by_code["angle"]["ok"] and by_code["hands"]["ok"]
        assert by_code["angle"]["unit"] == "deg"
        assert ready["back"]["source"] == "manual"
        # The drawn landmark is where it was put, within a few pixels of 640.
        assert np.hypot(*np.subtract(ready["back"]["landmarks"]["C7"], marks["C7"])) < 8
        page.say("start")
        page.state("practising")
        answers = [page.show(jpeg, time_s) for jpeg, time_s in pictures[30:115]]
        assert answers[0]["time_s"] == 0.0
        assert answers[0]["setup"] is None
        assert [a["time_s"] for a in answers] == sorted({a["time_s"] for a in answers})
        assert answers[-1]["thumbs"]["left"] is not None
        strokes = [answer["strokes"]["left"] for answer in answers if answer["strokes"]["left"]]
        assert {stroke["trial_type"] for stroke in strokes} == {"circular_pressure"}
        assert answers[-1]["counts"]["left"]["circles"] >= 1
        assert answers[-1]["remaining_s"] == pytest.approx(13 * 60 - answers[-1]["elapsed_s"], abs=0.02)
        page.say("stop", reason="finished")
        assert page.hear("state")["why"] == "saving"
        summary = page.hear("summary")
        assert summary["stopped"] == "finished"
        items = {item["id"]: item["verdict"] for item in summary["score"]["items"]}
        assert (items["a"], items["b"]) == ("met", "not_observed")
        page.say("confirm", item="b", done=False)
        again = page.hear("summary")
        assert {i["id"]: i["verdict"] for i in again["score"]["items"]}["b"] == "not_met"
        page.say("again")
        page.state("setup")
    session = open_session(server.sessions / summary["session"])
    assert session.meta.complete is True
    assert session.meta.calibration_source == "manual"
    assert session.meta.confirmations == {"a": True, "b": False}
    assert session.meta.video.frames_read == 85
    assert len(session.thumbs) == 170
    assert session.score.items[1].verdict == "not_met"
    # The recording is there, and was kept when the confirmation had the folder written anew.
    capture = cv2.VideoCapture(str(session.path / "practice.webm"))
    assert capture.isOpened() and capture.read()[0]
    status, headers, report = get(server, summary["report"])
    assert status == 200 and "<html" in report
    assert "script-src 'sha256-" in headers["content-security-policy"]


def test_a_picture_that_waits_when_practice_begins_is_answered(server, pictures):
    """A page sends the next one only when the last is answered: one that is forgotten stops it for seconds."""
    with server.page() as page:
        page.hear("hello")
        page.show(*pictures[0])
        page.send(*pictures[1])
        page.send(*pictures[2])
        page.say("start")
        while page.hear("result")["sequence"] != page.sequence:
            pass
        page.say("discard")
        page.state("setup")


def test_the_page_and_its_headers(server):
    status, headers, text = get(server, "/")
    assert status == 200 and "<html" in text
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy and "http:" not in policy and "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    status, _, text = get(server, "/api/protocols")
    assert status == 200 and len(json.loads(text)) == 3


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_foreign_host_is_refused(server, host):
    port = server.host.rpartition(":")[2]
    status, _, text = get(server, "/", Host=host.format(port=port))
    assert status in (400, 403)
    assert "<html" not in text


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", None, "https://{host}", "http://{host}.evil.example"]
)
def test_a_foreign_origin_opens_no_socket(server, origin):
    given = None if origin is None else origin.format(host=server.host)
    with pytest.raises(InvalidStatus) as refused, server.page(origin=given):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/report/../session.json", "/report/..%2f..%2fetc%2fpasswd", "/report/%2e%2e", "/report/.practice.lock",
        "/report/", "/report/nothing", "/report/%00", "/static/../app.py", "/static/%2e%2e/app.py", "/static/",
        "/app.py", "/report/practice%2f..%2f..",
    ],
)  # fmt: skip
def test_no_path_reaches_the_disk(server, path):
    status, _, text = get(server, path)
    assert status in (400, 404)
    assert "<html" not in text and "import " not in text and "root:" not in text


def jpeg_of(width, height, *options):
    return cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8), list(options))[1].tobytes()


def garbage(pictures):
    jpeg = pictures[0][0]
    progressive = jpeg_of(640, 480, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    at = jpeg.index(b"\xff\xc0")
    bomb = jpeg[: at + 5] + struct.pack(">HH", 65535, 65535) + jpeg[at + 9 :]
    rng = np.random.default_rng(3)
    noise = cv2.imencode(".jpg", rng.integers(0, 256, (1080, 1920, 3), dtype=np.uint8))[1].tobytes()
    assert len(noise) > 512 * 1024
    return [
        b"", b"PJF1", b"x" * 100, struct.pack("<4sId", b"NOPE", 1, 0.0) + jpeg,
        struct.pack("<4sId", b"PJF1", 1, float("nan")) + jpeg, struct.pack("<4sId", b"PJF1", 1, 1.0),
        frame_message(rng.bytes(2000), 2, 0.1), frame_message(progressive, 3, 0.1),
        frame_message(bomb, 4, 0.1), frame_message(jpeg_of(32, 32), 5, 0.1),
        frame_message(jpeg_of(4000, 100), 6, 0.1), frame_message(noise[: 900 * 1024], 7, 0.1),
        frame_message(jpeg[:300], 8, 0.1),
        "", "not json", "[]", "null", "{}", '{"type": "nothing"}', '{"type": "stop", "reason": "boredom"}',
        '{"type": "start", "extra": ' + "[" * 5000, json.dumps({"type": "landmarks", "landmarks": {"C7": ["a", 1]}}),
        json.dumps({"type": "landmarks", "landmarks": {"tail": [1, 1]}}), json.dumps({"type": "landmarks"}),
        json.dumps({"type": "landmarks", "landmarks": {"C7": [1, 1]}, "size": [0, "a"]}),
        json.dumps({"type": "configure", "protocol": "../../etc"}), json.dumps({"type": "configure", "mode": 1}),
        json.dumps({"type": "confirm", "item": ["a"], "done": "yes"}), json.dumps({"type": "resume"}),
        json.dumps({"type": "confirm", "item": "a", "done": True, "x": "y" * 70000}),
    ]  # fmt: skip


def test_garbage_is_answered_and_survived(server, pictures):
    with server.page() as page:
        page.hear("hello")
        time_s = 1.0
        for number, message in enumerate(garbage(pictures)):
            page.socket.send(message)
            error = page.hear("error")
            assert error["fatal"] is False, number
            assert error["text"]["id"] and error["text"]["en"]
            time.sleep(0.15)  # below the rate at which texts are refused unread
        page.sequence = 1000
        assert page.show(pictures[0][0], time_s)["type"] == "result"


def test_a_huge_message_closes_only_its_connection(server, pictures):
    with pytest.raises(ConnectionClosed), server.page() as page:
        page.hear("hello")
        page.socket.send(b"x" * (2 * 1024 * 1024))
        while True:
            page.hear("nothing", timeout=20)
    with server.page() as page:
        page.hear("hello")
        assert page.show(*pictures[0])["type"] == "result"


def test_too_many_texts_are_refused(server):
    with server.page() as page:
        page.hear("hello")
        for _ in range(200):
            page.say("configure", language="id")
        while page.hear("error", "choices")["type"] != "error":
            pass
        assert page.heard[-1]["code"] == "rate"


def test_of_a_thousand_at_once_the_newest_wins(server, pictures):
    with server.page() as page:
        page.hear("hello")
        page.show(pictures[0][0], 0.0)
        for number in range(1, 1001):
            page.send(pictures[number % 20][0], number / 1000)
        while True:
            answer = page.hear("result", "error")
            assert answer["type"] == "result"
            if answer["sequence"] == page.sequence:
                break
        counted = answer["frames"]
        assert counted["received"] == 1001
        assert counted["analysed"] + counted["dropped"] == 1001
        assert counted["dropped"] > 500


def test_a_page_that_stops_reading_holds_up_nothing(server, pictures):
    with server.page(max_queue=1) as page:
        page.socket.recv()
        for number in range(150):
            page.socket.send(frame_message(pictures[number % 20][0], number + 1, number / 30))
            time.sleep(0.01)
        time.sleep(1.0)
        # Asleep that long, it is answered for the newest, not for a hundred old ones.
        page.sequence = 150
        answer = page.show(pictures[0][0], 30.0)
        assert answer["type"] == "result"
        results = [message for message in page.heard if message["type"] == "result"]
        assert len(results) < 150
    status, _, _ = get(server, "/api/health")
    assert status == 200


def test_two_tabs(server, pictures):
    with server.page() as first, server.page() as second:
        assert first.hear("hello")["active"] is True
        assert second.hear("hello")["active"] is False
        assert second.hear("inactive")["why"] == "busy"
        second.send(*pictures[0])
        assert second.hear("error")["code"] == "inactive"
        second.say("take_over")
        assert second.hear("hello")["active"] is True
        assert first.hear("inactive")["why"] == "taken_over"
        second.sequence = 10
        assert second.show(*pictures[0])["type"] == "result"


def test_a_reload_is_paused_and_resumed(server, pictures, marks):
    with server.page() as page:
        before = practise(page, pictures, marks, 30)[-1]
    time.sleep(1.0)
    with server.page() as page:
        hello = page.hear("hello")
        if hello["why"] != "connection":
            page.state("paused", "connection")
        assert page.show(pictures[40][0], 0.0)["type"] == "result"  # the new page's clock begins at 0
        page.say("resume")
        page.state("practising")
        after = page.show(pictures[41][0], 0.2)
        assert after["time_s"] > before["time_s"] + 0.9
        # Time runs on, the pause does not count as practice.
        assert after["elapsed_s"] < before["elapsed_s"] + 0.5
        summary = end(page)
    session = open_session(server.sessions / summary["session"])
    assert len(session.meta.live.pauses_s) == 1


def test_stop_for_pain_is_kept_with_its_time(server, pictures, marks):
    with server.page() as page:
        last = practise(page, pictures, marks, 40)[-1]
        page.say("stop", reason="pain")
        summary = page.hear("summary")
        page.say("again")
        page.state("setup")
    assert summary["stopped"] == "pain"
    session = open_session(server.sessions / summary["session"])
    assert session.meta.live.stopped_for_pain_s == pytest.approx(last["time_s"], abs=1e-6)
    stop = session.score.items[-1]
    assert stop.id not in {"duration", "only"}  # the protocol's own rule was judged too
    assert stop.verdict == "met"


def test_without_pictures_it_pauses_by_itself(server, pictures, marks):
    with server.page() as page:
        practise(page, pictures, marks, 5)
        page.state("paused", "no_pictures")
        time.sleep(0.5)
        page.send(pictures[20][0], pictures[20][1] + 10.0)
        page.state("practising")
        page.say("discard")
        page.state("setup")


def test_assessment_gives_no_cue(server, pictures, marks):
    with server.page() as page:
        page.hear("hello")
        page.say("configure", mode="assess")
        page.hear("choices")
        # On the spine all the time: a coach would speak.
        for jpeg, time_s in pictures[:3]:
            page.show(jpeg, time_s)
        page.say("landmarks", landmarks={name: [x - 40, y] for name, (x, y) in marks.items()})
        page.say("start")
        page.state("practising")
        cues = [page.show(jpeg, time_s)["cue"] for jpeg, time_s in pictures[3:40]]
        assert cues == [None] * len(cues)
        page.say("discard")
        page.say("configure", mode="coach")
        page.state("setup")
