"""Where the networks come from: fetched once, checked by hash, kept per user, then offline for good."""

import hashlib
import os
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from trainer.errors import PijatError, UsageError
from trainer.perception.bundle import Network

ModelName = Literal["hand_landmarker", "pose_landmarker"]
WHEEL_REQUIREMENT = "mediapipe==0.10.21"
"""The last release of MediaPipe whose wheel holds the bare networks."""


@dataclass(frozen=True)
class ModelSource:
    """One task bundle and the ways to get it.

    Attributes
    ----------
    name : str
        The bundle is ``<name>.task``.
    variable : str
        Environment variable that names a local bundle.
    url : str
        The official bundle.
    official_sha256 : str
        Of the official bundle.
    built_sha256 : tuple of str
        Of the bundles that `trainer.perception.bundle` makes of the same networks, with the releases of the
        flatbuffers library that lay them out differently (25.12 and 25.9).
    networks : dict of str to Network
        What the bundle holds.
    """

    name: ModelName
    variable: str
    url: str
    official_sha256: str
    built_sha256: tuple[str, ...]
    networks: dict[str, Network]

    @property
    def pinned(self) -> frozenset[str]:
        """The SHA-256 that a bundle may have, wherever it was made."""
        return frozenset({self.official_sha256, *self.built_sha256})


_OFFICIAL = "https://storage.googleapis.com/mediapipe-models"
MODELS: dict[str, ModelSource] = {
    source.name: source
    for source in (
        ModelSource(
            name="hand_landmarker",
            variable="PIJAT_HAND_LANDMARKER",
            url=f"{_OFFICIAL}/hand_landmarker/hand_landmarker/float16/1/hand_landmarker.task",
            official_sha256="fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1",
            built_sha256=(
                "a8664faf3be55041d9495d7446c4c07be9b5a34f35d586528aa8baac6ac6f4dc",
                "7fb419703c3561763186c68f14bd651ef6b83807fc768c767fdecc7adba777aa",
            ),
            networks={
                "hand_detector.tflite": Network(
                    "mediapipe/modules/palm_detection/palm_detection_full.tflite",
                    "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
                    mean=0.0,
                    std=255.0,
                ),
                "hand_landmarks_detector.tflite": Network(
                    "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
                    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
                    mean=0.0,
                    std=255.0,
                ),
            },
        ),
        ModelSource(
            name="pose_landmarker",
            variable="PIJAT_POSE_LANDMARKER",
            url=f"{_OFFICIAL}/pose_landmarker/pose_landmarker_full/float16/1/pose_landmarker_full.task",
            official_sha256="4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
            built_sha256=(
                "d17e541d4d670e1508a329601d7bcb828df58c42cb1cac5510d7bbcc13befce1",
                "e0cdaf2724b934ea2e2d68c8335e3af1b25dcfd9af7810965a39ba3be9d89567",
            ),
            networks={
                "pose_detector.tflite": Network(
                    "mediapipe/modules/pose_detection/pose_detection.tflite",
                    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
                    mean=127.5,
                    std=127.5,
                ),
                "pose_landmarks_detector.tflite": Network(
                    "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
                    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
                    mean=0.0,
                    std=255.0,
                ),
            },
        ),
    )
}
"""The task bundles that Pijat can use; only ``hand_landmarker`` is needed."""

ESSENTIAL: tuple[ModelName, ...] = ("hand_landmarker",)


def cache_folder() -> Path:
    """Return the per-user folder of fetched models; PIJAT_CACHE_DIR overrides where caches lie."""
    chosen = os.environ.get("PIJAT_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser() / "models"
    import platformdirs

    return Path(platformdirs.user_cache_dir("pijat", appauthor=False)) / "models"


def cached_path(name: str) -> Path:
    """Return where a bundle lies in the cache, whether or not it is there."""
    return cache_folder() / f"{_source(name).name}.task"


def find_model(name: str, *, path: Path | None = None) -> bytes | None:
    """Return a bundle that is already on this machine, checked; None when it must be fetched.

    Parameters
    ----------
    name : str
        A key of `MODELS`.
    path : Path, optional
        A local bundle, instead of the one that the environment variable names or the cache holds.

    Raises
    ------
    PijatError
        When the file that somebody named is no such bundle. A damaged file in the cache counts as none.
    """
    source = _source(name)
    if path is not None:
        return _read_local(path, source)
    chosen = os.environ.get(source.variable)
    if chosen:
        return _read_local(Path(chosen).expanduser(), source, source.variable)
    try:
        data = cached_path(name).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() in trusted_hashes(source) else None


def trusted_hashes(source: ModelSource) -> frozenset[str]:
    """Return the SHA-256 that a bundle in the cache may have.

    Beside the pinned ones, that of the bundle which this machine built itself of pinned networks: another
    release of the flatbuffers library lays the same content out differently. It is noted beside the bundle.
    """
    try:
        noted = built_note(cached_path(source.name)).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return source.pinned
    return source.pinned | {noted}


def built_note(bundle: Path) -> Path:
    """Return where the SHA-256 of a bundle that was built on this machine is noted."""
    return bundle.with_suffix(".built.sha256")


def ensure_model(name: str, *, path: Path | None = None, progress: bool = True) -> bytes:
    """Return a model bundle, fetching it when this machine does not have it yet.

    A file that `path` or the environment names comes first, then the cache, then the official bundle, then
    the same networks out of an older wheel of MediaPipe, found wherever packages can be installed from.

    Parameters
    ----------
    name : str
        A key of `MODELS`: ``hand_landmarker``, ``pose_landmarker``.
    path : Path, optional
        A local bundle to use instead.
    progress : bool
        Show a progress bar on stderr while fetching, if that is a terminal.

    Returns
    -------
    bytes
        The ``.task`` bundle, to be handed to MediaPipe as a buffer.

    Raises
    ------
    PijatError
        When it is nowhere to be had, saying what to do.
    """
    found = find_model(name, path=path)
    if found is not None:
        return found
    from trainer.perception.fetching import fetch_into_cache

    return fetch_into_cache(_source(name), cached_path(name), progress=progress)


def check_bundle(data: bytes, source: ModelSource) -> str | None:
    """Return what is wrong with a task bundle, None when nothing is.

    Examples
    --------
    >>> check_bundle(b"no zip", MODELS["hand_landmarker"])
    'it is no zip archive'
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            names = set(bundle.namelist())
            damaged = bundle.testzip()
    except zipfile.BadZipFile:
        return "it is no zip archive"
    missing = sorted(set(source.networks) - names)
    if missing:
        return f"it holds no {missing[0]}"
    return None if damaged is None else f"its {damaged} is damaged"


def model_hashes(*models: Path | None) -> dict[str, str]:
    """Return the SHA-256 of every model that a session may rest on, by file name.

    Parameters
    ----------
    models : Path or None
        ONNX files used in place of the shipped ones; None is passed over.

    Returns
    -------
    dict of str to str
        The task bundles on this machine that Pijat needs, and the shipped ONNX networks.
    """
    hashes: dict[str, str] = {}
    for name in ESSENTIAL:
        data = find_model(name)
        if data is not None:
            hashes[f"{name}.task"] = hashlib.sha256(data).hexdigest()
    for file in [*shipped_networks(), *(model for model in models if model is not None)]:
        hashes[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return hashes


def shipped_networks() -> list[Path]:
    """Return the ONNX files that ship with Pijat, by name."""
    from trainer.resources import resource_path

    return sorted(resource_path("models").glob("*.onnx"))


def _source(name: str) -> ModelSource:
    try:
        return MODELS[name]
    except KeyError:
        raise UsageError(f"Expected one of the models {', '.join(MODELS)}, got {name!r}.") from None


def _read_local(path: Path, source: ModelSource, variable: str | None = None) -> bytes:
    told = f"{variable}={path}" if variable else str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PijatError(
            f"Expected a {source.name}.task bundle at {told}, got: {error.strerror}; name another file."
        ) from error
    wrong = check_bundle(data, source)
    if wrong is not None:
        raise PijatError(f"Expected a {source.name}.task bundle in {told}, but {wrong}: name another file.")
    return data
