"""The page's server without a browser, and the whole page in a real one."""

import contextlib
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from english import english_on
from starlette.testclient import TestClient

from trainer.back.calibration import load_calibration
from trainer.calibrate.frames import candidates, sharpness
from trainer.calibrate.server import CalibrationTask, create_app
from trainer.capture.frame import Frame

HOST = "127.0.0.1:8750"
JSON = {"host": HOST, "origin": f"http://{HOST}"}


@pytest.fixture
def task(scene, tmp_path):
    frames = [Frame(i, 0.5 * i, scene.draw(seed=i)) for i in range(4)]
    return CalibrationTask(
        video_name="massage.mp4",
        frames=candidates(frames, 2.0, None),
        chosen=0,
        out=tmp_path / "c.json",
        guide_svg="<svg/>",
    )


@pytest.fixture
def ended():
    return []


@pytest.fixture
def client(task, ended):
    return TestClient(create_app(task, (HOST,), lambda: ended.append(True)), base_url=f"http://{HOST}")


def _marks(scene):
    return {
        "frame": 1,
        "landmarks": {name: list(place) for name, place in scene.landmarks.items()},
        "automatic": [],
    }


def test_the_sharpest_frame_of_each_stretch_is_kept(scene):
    import cv2

    sharp = scene.draw()
    dull = cv2.GaussianBlur(sharp, (0, 0), 4)
    assert sharpness(sharp) > 2 * sharpness(dull)
    kept = candidates([Frame(0, 0.0, dull), Frame(1, 0.2, sharp), Frame(2, 0.4, dull)], 0.5, None, count=1)
    assert [one.time_s for one in kept] == [0.2]


def test_around_a_moment_that_is_not_there_the_last_frame_is_shown(scene):
    kept = candidates([Frame(0, 0.0, scene.draw())], 0.1, 50.0)
    assert [one.time_s for one in kept] == [0.0]


def test_page_and_pictures_are_served_with_a_strict_policy(client):
    for path in (
        "/",
        "/app.js",
        "/dom.js",
        "/messages.js",
        "/style.css",
        "/icon.svg",
        "/guide.svg",
        "/api/state",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
    picture = client.get("/api/frame/2")
    assert picture.content[:2] == b"\xff\xd8"
    assert client.get("/api/frame/99").status_code == 404
    assert client.get("/../server.py").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"host": HOST, "origin": "http://evil.example"},
        {"host": HOST, "origin": "null"},
    ],
)
def test_other_hosts_and_origins_are_refused(client, task, scene, headers):
    assert client.post("/api/save", json=_marks(scene), headers=headers).status_code == 403
    assert client.get("/api/state", headers=headers).status_code == 403
    assert not task.out.exists()


def test_a_post_without_origin_is_refused(client, scene):
    assert client.post("/api/fit", json=_marks(scene)).status_code == 403


def test_the_fit_is_drawn_where_the_marks_are(client, scene):
    answer = client.post("/api/fit", json=_marks(scene), headers=JSON).json()
    assert answer["suspects"] == []
    assert answer["verdict"]["level"] == "good" and answer["verdict"]["sigma_cm"] < 1.0
    spine = np.concatenate([np.array(run) for run in answer["outlines"]["spine"]])
    for name in ("C7", "T7", "T12"):
        assert np.hypot(*(spine - scene.landmarks[name]).T).min() < 8
    assert {"left_scapula", "right_rib_5", "spine"} <= set(answer["outlines"])


def test_the_page_learns_what_the_markers_gave(client, task, scene):
    from trainer.back.size import MeasuredDistance

    task.guesses, task.marked = {2: scene.landmarks}, {2: MeasuredDistance("C7", "T7", 18.4)}
    state = client.get("/api/state").json()
    assert state["marked"] == {"2": 18.4}
    assert state["guesses"]["2"]["C7"] == list(scene.landmarks["C7"])


def test_saving_writes_the_file_and_ends_the_page(client, task, scene, ended):
    body = _marks(scene) | {"scale": {"from": "C7", "to": "T7", "cm": 18}}
    assert client.post("/api/save", json=body, headers=JSON).status_code == 200
    calibration = load_calibration(task.out)
    assert calibration.source == "manual"
    assert calibration.time_s == task.frames[1].time_s
    assert calibration.scale.cm == 18
    assert ended == [True]


@pytest.mark.parametrize(("untouched", "source"), [(12, "automatic"), (3, "corrected")])
def test_it_is_recorded_who_placed_what(client, task, scene, untouched, source):
    task.guesses = {1: scene.landmarks}
    names = list(scene.landmarks)[:untouched]
    assert (
        client.post("/api/save", json=_marks(scene) | {"automatic": names}, headers=JSON).status_code == 200
    )
    calibration = load_calibration(task.out)
    assert calibration.source == source
    assert set(calibration.automatic_landmarks) == set(names)


@pytest.mark.parametrize(
    ("body", "status", "id", "en"),
    [
        ({"frame": 0, "landmarks": {}}, 422, "sedikitnya 4 titik", "at least 4"),
        ({"frame": 77, "landmarks": {}}, 404, "Gambar nomor itu tidak ada", "number of a frame"),
        ({"frame": 0, "landmarks": {"C7": [1, "x"]}}, 422, "C7 (tonjolan leher)", "landmarks.C7"),
        ({"frame": 0}, 422, "landmarks harus", "Expected landmarks"),
    ],
)
def test_bad_marks_come_back_as_a_sentence(client, ended, body, status, id, en):
    for path in ("/api/fit", "/api/save"):
        answer = client.post(path, json=body, headers=JSON)
        assert answer.status_code == status
        said = answer.json()["error"]
        assert id in said["id"] and en in said["en"]
    assert ended == []


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/nowhere"), ("GET", "/api/frame/99"), ("GET", "/api/fit")]
)
def test_what_is_not_there_is_said_in_both_languages(client, method, address):
    answer = client.request(method, address)
    assert answer.status_code in (404, 405)
    id, en = (
        answer.json()["error"].values()
        if "json" in answer.headers["content-type"]
        else answer.text.splitlines()
    )
    assert english_on(id) == [] and english_on(en)


def test_nonsense_is_refused(client):
    as_json = JSON | {"content-type": "application/json"}
    as_text = JSON | {"content-type": "text/plain"}
    for content, headers in (
        (b"{", as_json),
        (b"[1]", as_json),
        (b"x" * 200_000, as_json),
        (b"{}", as_text),
    ):
        answer = client.post("/api/fit", content=content, headers=headers)
        assert answer.status_code == 422
        assert "muat ulang" in answer.json()["error"]["id"]


def _write_video(path, pictures):
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "18"})
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


@contextlib.contextmanager
def _page(chromium, video, repository):
    """The command at work on a video, its address, and its page, not opened yet."""
    command = [sys.executable, "-m", "trainer", "calibrate", str(video), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=repository)
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline()).group()
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        yield process, address, page
        page.close()
    finally:
        process.kill()


@pytest.mark.slow
def test_a_person_marks_a_back_in_a_browser(chromium, scene, tmp_path, repository):
    video, out = tmp_path / "massage.mp4", tmp_path / "massage.calibration.json"
    _write_video(video, [scene.draw(seed=i) for i in range(12)])
    with _page(chromium, video, repository) as (process, address, page):
        trouble, requests = [], []
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: requests.append(request.url))
        page.goto(address)
        page.wait_for_selector("body[data-ready=yes]")
        assert english_on(page.content()) == []
        page.evaluate("document.querySelectorAll('.handle').forEach((h) => h.remove())")
        assert page.is_disabled("#save")
        matrix = page.evaluate("(() => { const m = view.getScreenCTM(); return [m.a, m.e, m.f]; })()")
        for name in ("C7", "T7", "left_scapula_inferior_angle", "right_scapula_inferior_angle", "T12"):
            page.click(f"#list [data-name={name}]")
            if page.locator(f".handle[data-name={name}]").count():
                page.focus(f".handle[data-name={name}]")
                page.keyboard.press("Delete")
            x, y = scene.landmarks[name]
            page.mouse.click(matrix[0] * x + matrix[1], matrix[0] * y + matrix[2])
        page.focus(".handle[data-name=T12]")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("ArrowLeft")
        page.fill("#measured", "18,2")
        page.wait_for_selector("#save:not([disabled])")
        assert page.locator("#fitted path.bone").count() >= 5
        assert english_on(page.content()) == []
        page.click("#lang-en")
        assert page.inner_text("h1") == "Mark the back"
        assert english_on(page.content())
        button = page.locator("#save").bounding_box()
        assert button["y"] + button["height"] <= 768
        page.click("#save")
        page.wait_for_selector("#done[open]")
        assert trouble == []
        assert all(url.startswith(address) for url in requests)
        assert process.wait(20) == 0
    document = json.loads(out.read_text())
    assert document["landmarks"]["C7"] == pytest.approx(scene.landmarks["C7"], abs=1.5)
    assert document["landmarks"]["T12"][0] == pytest.approx(scene.landmarks["T12"][0] + 9, abs=1.5)
    assert document["scale"] == {"from": "C7", "to": "T7", "cm": 18.2}


@pytest.mark.slow
def test_printed_markers_begin_the_page(chromium, draw_markers, tmp_path, repository):
    """Landmarks and size come from the sheet; the person moves one and saves."""
    video, out = tmp_path / "marked.mp4", tmp_path / "marked.calibration.json"
    picture, pixels = draw_markers(1.06, 0.25)
    _write_video(video, [picture] * 4)
    with _page(chromium, video, repository) as (process, address, page):
        page.goto(address)
        page.wait_for_selector("body[data-ready=yes]")
        page.click("#lang-en")
        assert "10 points come from the printed markers" in page.inner_text("#marked")
        assert "printed markers" in page.inner_text("#measured-why")
        assert 17.0 < float(page.input_value("#measured")) < 20.0
        page.wait_for_selector("#save:not([disabled])")
        page.focus(".handle[data-name=T12]")
        page.keyboard.press("Shift+ArrowDown")
        assert "9 points" in page.inner_text("#marked")
        button = page.locator("#save").bounding_box()
        assert button["y"] + button["height"] <= 768
        page.click("#save")
        page.wait_for_selector("#done[open]")
        assert process.wait(20) == 0
    document = json.loads(out.read_text())
    assert document["source"] == "corrected"
    assert len(document["automatic_landmarks"]) == 9
    assert document["landmarks"]["C7"] == pytest.approx(pixels([0.0, 0.0])[0], abs=2.0)
    assert document["scale"]["cm"] == pytest.approx(1.06 * 17.5, rel=0.03)
