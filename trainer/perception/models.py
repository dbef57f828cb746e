"""The model files that this machine has: fetched once, checked by hash, kept per user, then offline for good."""

import hashlib
import os
import zipfile
from io import BytesIO
from pathlib import Path

from trainer.errors import PijatError, UsageError, reason
from trainer.language import Text
from trainer.perception.sources import MODELS, ModelSource


def cache_folder() -> Path:
    """Return the per-user folder of fetched models; PIJAT_CACHE_DIR overrides where caches lie."""
    chosen = os.environ.get("PIJAT_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser() / "models"
    import platformdirs

    return Path(platformdirs.user_cache_dir("pijat", appauthor=False)) / "models"


def cached_path(name: str) -> Path:
    """Return where a bundle lies in the cache, whether or not it is there."""
    return cache_folder() / f"{source_of(name).name}.task"


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
    source = source_of(name)
    if path is not None:
        return _read_local(path, source)
    named = named_bundle(source)
    if named is not None:
        return named
    try:
        data = cached_path(name).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() in trusted_hashes(source) else None


def named_bundle(source: ModelSource) -> bytes | None:
    """Return the local bundle that the environment names, checked; None when it names none.

    Raises
    ------
    PijatError
        When the file is no such bundle.
    """
    chosen = os.environ.get(source.variable)
    return _read_local(Path(chosen).expanduser(), source, source.variable) if chosen else None


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


def check_bundle(data: bytes, source: ModelSource) -> Text | None:
    """Return what is wrong with a task bundle, None when nothing is.

    Examples
    --------
    >>> check_bundle(b"no zip", MODELS["hand_landmarker"]).en
    'it is no zip archive'
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            names = set(bundle.namelist())
            damaged = bundle.testzip()
    except zipfile.BadZipFile:
        return Text("bukan arsip ZIP", "it is no zip archive")
    missing = sorted(set(source.networks) - names)
    if missing:
        return Text(f"{missing[0]} tidak ada di dalamnya", f"it holds no {missing[0]}")
    return None if damaged is None else Text(f"{damaged} di dalamnya rusak", f"its {damaged} is damaged")


def shipped_networks() -> list[Path]:
    """Return the ONNX files that ship with Pijat, by name."""
    from trainer.resources import resource_path

    return sorted(resource_path("models").glob("*.onnx"))


def source_of(name: str) -> ModelSource:
    """Return where a model comes from, by its name; raises UsageError for a name that is none."""
    try:
        return MODELS[name]
    except KeyError:
        raise UsageError(
            Text(
                f"Pilih salah satu model {', '.join(MODELS)}, bukan {name!r}.",
                f"Expected one of the models {', '.join(MODELS)}, got {name!r}.",
            )
        ) from None


def _read_local(path: Path, source: ModelSource, variable: str | None = None) -> bytes:
    told = f"{variable}={path}" if variable else str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        why = reason(error)
        raise PijatError(
            Text(
                f"Model {source.name}.task di {told} tidak dapat dibaca ({why.id}): pilih berkas lain.",
                f"Expected a {source.name}.task bundle at {told}, got: {why.en}; name another file.",
            ),
            "missing",
        ) from error
    wrong = check_bundle(data, source)
    if wrong is not None:
        raise PijatError(
            Text(
                f"{told} bukan model {source.name}.task ({wrong.id}): pilih berkas lain.",
                f"Expected a {source.name}.task bundle in {told}, but {wrong.en}: name another file.",
            )
        )
    return data
