"""Which models a result rests on: by what they answer before the work, by what was really in use after it."""

import hashlib
import json

from trainer.perception.models import named_bundle, shipped_networks
from trainer.perception.sources import MODELS, STROKES_FILE, ModelSource


def model_hashes(hand_model_sha256: str) -> dict[str, str]:
    """Return the SHA-256 of the models that look at frames, by file name, for the session's record.

    Parameters
    ----------
    hand_model_sha256 : str
        Of the hand landmarker's bundle in use: what lies in the cache may be another one by now.

    Returns
    -------
    dict of str to str
        That bundle, and the shipped ONNX networks that find back and contact.
    """
    return {"hand_landmarker.task": hand_model_sha256} | {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in shipped_networks()
        if file.name != STROKES_FILE
    }


def model_identities() -> dict[str, str]:
    """Return what tells the models apart whose answers a result rests on, by file name.

    Unlike the hash of the bundle in use this is known before anything is fetched, and the same for the official
    bundle and for one that was built of the same networks, whichever release of flatbuffers laid it out: what
    ensures the same answers is that the networks inside are the pinned ones.

    Returns
    -------
    dict of str to str
        SHA-256, hexadecimal: of the pinned networks for a task bundle (of the file, where the environment names
        one that is not pinned), of the file for a shipped ONNX network.

    Raises
    ------
    PijatError
        When the file that the environment names is no such bundle.
    """
    identities = {f"{name}.task": _identity(source) for name, source in MODELS.items()}
    return identities | {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in shipped_networks()
    }


def _identity(source: ModelSource) -> str:
    named = named_bundle(source)
    if named is not None:
        digest = hashlib.sha256(named).hexdigest()
        if digest not in source.pinned:
            return digest
    networks = [
        (name, network.sha256, network.mean, network.std) for name, network in sorted(source.networks.items())
    ]
    return hashlib.sha256(json.dumps(networks).encode()).hexdigest()
