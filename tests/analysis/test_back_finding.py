"""Finding the back of a recording by what sticks to it."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from trainer.analysis.back_finding import MARKED, find_back
from trainer.back.markers import DICTIONARY, MARKER_LANDMARKS
from trainer.capture.video import open_video
from trainer.perception.fetching import ensure_model

GROWN = 2


@pytest.fixture
def marked(short_clip: Path, sample_calibration: Path, tmp_path: Path) -> tuple[Path, dict]:
    """The sample's first frames, twice as large, with markers 3 cm wide (as the atlas's size has it) on landmarks."""
    import av

    places = json.loads(sample_calibration.read_text())["landmarks"]
    # 17.5 cm of the spine: C7 to T7.
    px_per_cm = GROWN * np.hypot(*np.subtract(places["T7"], places["C7"])) / 17.5
    side = round(3 * px_per_cm)
    dictionary = cv2.aruco.getPredefinedDictionary(DICTIONARY)
    target = tmp_path / "marked.mp4"
    with av.open(str(short_clip)) as old, av.open(str(target), "w") as new:
        stream = new.add_stream("libx264", rate=25, options={"crf": "16", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 640 * GROWN, 480 * GROWN, "yuv420p"
        for index, frame in enumerate(old.decode(video=0)):
            if index == 6:
                break
            image = cv2.resize(frame.to_ndarray(format="rgb24"), (640 * GROWN, 480 * GROWN))
            for number, name in MARKER_LANDMARKS.items():
                x, y = (round(GROWN * value) for value in places[name])
                edge, half = side // 5, side // 2
                paper = np.full((side + 2 * edge, side + 2 * edge), 255, np.uint8)
                paper[edge : edge + side, edge : edge + side] = cv2.aruco.generateImageMarker(
                    dictionary, number, side
                )
                top, left = y - half - edge, x - half - edge
                image[top : top + len(paper), left : left + len(paper)] = paper[:, :, None]
            new.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        new.mux(stream.encode(None))
    return target, places


def test_printed_markers_give_places_and_size(marked) -> None:
    video, places = marked
    with open_video(video) as file:
        found = find_back(file, None, ensure_model("hand_landmarker"))
    assert (found.source, found.warnings) == ("automatic", (MARKED,))
    assert found.calibration is not None and found.calibration.scale is not None
    for name, at in found.calibration.landmarks.items():
        assert np.hypot(*np.subtract(at, np.multiply(places[name], GROWN))) < 3.0, name
    # The markers lie flat in the picture, not on the skin, so that the size is rough.
    assert found.calibration.scale.cm == pytest.approx(17.5, rel=0.2)


@pytest.mark.slow
@pytest.mark.parametrize(("seconds", "source"), [(2.0, "automatic"), (0.2, "none")])
def test_a_back_in_sight_for_a_part_of_the_time(
    repository: Path, tmp_path: Path, seconds: float, source: str
) -> None:
    """Six seconds of an empty table, then a back: two seconds of it are enough, a flash is not believed."""
    import av

    table = cv2.cvtColor(cv2.imread(str(repository / "tests/data/intruders/table.jpg")), cv2.COLOR_BGR2RGB)
    with av.open(str(repository / "tests/data/clips/dev_1/clip.mp4")) as old:
        frames = [
            frame.to_ndarray(format="rgb24") for frame, _ in zip(old.decode(video=0), range(50), strict=False)
        ]
    table = cv2.resize(table, frames[0].shape[1::-1])
    shown = [table] * 150 + frames[: round(25 * seconds)]
    video = tmp_path / "part.mp4"
    with av.open(str(video), "w") as new:
        stream = new.add_stream("libx264", rate=25, options={"crf": "16", "preset": "ultrafast"})
        stream.height, stream.width, stream.pix_fmt = *frames[0].shape[:2], "yuv420p"
        for image in shown:
            new.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        new.mux(stream.encode(None))
    with open_video(video) as file:
        found = find_back(file, None, ensure_model("hand_landmarker"))
    assert found.source == source
    assert (found.calibration is None) == (source == "none")
    if found.calibration is not None:
        assert found.calibration.time_s > 5.9
