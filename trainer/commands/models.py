"""``pijat models``: fetch, list or check the model files."""

import argparse
import hashlib
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.errors import PijatError
from trainer.language import Text
from trainer.perception.fetching import ensure_model
from trainer.perception.models import cached_path, find_model, shipped_networks
from trainer.perception.sources import MODELS

EXAMPLE = "pijat models fetch"


@dataclass(frozen=True)
class ModelState:
    """What there is to say about one model file.

    Attributes
    ----------
    name, path : str
        File name; where it lies or would lie.
    needed : bool
        Whether Pijat cannot work without it.
    state : str
        ``ready``, ``missing`` or ``damaged``.
    sha256 : str or None
        Of the file, when there is one.
    origin : str
        Where it comes from.
    """

    name: str
    path: str
    state: str
    sha256: str | None
    origin: str


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "action",
        choices=("fetch", "list", "check"),
        help="fetch: get what is missing; list: say where each lies; check: fail unless all are whole",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"with fetch, which ({', '.join(MODELS)}); default: all",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int | None:
    """Do what was asked and print a table of the model files."""
    if args.action == "fetch":
        for name in args.names or MODELS:
            ensure_model(name)
    states = model_states()
    if args.json:
        sys.stdout.write(json.dumps({"models": [asdict(state) for state in states]}, indent=1) + "\n")
    else:
        width = max(len(state.name) for state in states)
        for state in states:
            digest = state.sha256[:12] if state.sha256 else "-" * 12
            line = f"{state.name:<{width}}  {state.state:<8} {digest}  {state.origin}\n"
            sys.stdout.write(f"{line}{'':<{width}}  {state.path}\n")
    if args.action == "check":
        bad = [state for state in states if state.state != "ready"]
        if bad:
            raise PijatError(
                Text(
                    f"{bad[0].name} belum siap di komputer ini: jalankan `pijat models fetch` satu kali selagi "
                    "tersambung ke internet.",
                    f"Expected {bad[0].name} on this machine, it is {bad[0].state}: run `pijat models fetch` "
                    "once, connected to the internet.",
                ),
                "missing",
            )
    return None


def model_states() -> list[ModelState]:
    """Return the state of every model file: the task bundles, then the shipped networks."""
    return [_bundle_state(name) for name in MODELS] + [_network_state(path) for path in shipped_networks()]


def _bundle_state(name: str) -> ModelState:
    source = MODELS[name]
    path = os.environ.get(source.variable) or str(cached_path(name))
    damaged = False
    try:
        data = find_model(name)
        damaged = data is None and cached_path(name).exists()
    except PijatError:
        data, damaged = None, True
    if data is None:
        state = "damaged" if damaged else "missing"
        return ModelState(f"{name}.task", path, state, None, "not fetched yet")
    digest = hashlib.sha256(data).hexdigest()
    if digest == source.official_sha256:
        origin = "MediaPipe, official bundle"
    elif os.environ.get(source.variable):
        origin = f"named by {source.variable}"
    else:
        origin = "MediaPipe, built of the networks in its wheel"
    return ModelState(f"{name}.task", path, "ready", digest, origin)


def _network_state(file: Path) -> ModelState:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return ModelState(file.name, str(file), "ready", digest, "ships with Pijat")
