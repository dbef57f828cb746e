"""Build the wheel, install it into an empty environment, and use it there as somebody without the checkout would.

    python -m scripts.check_wheel

In that environment: `pijat --version`, `pijat doctor`, `pijat practice --demo` until it has seen hands, `pijat analyze`
of three seconds of the bundled clip. Versions are those of the lock; what is installed is what the wheel asks for.
Needs the test extra, and a network or pip's cache.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable
from pathlib import Path

from scripts.common.arguments import argument_parser
from trainer.commit import this_commit

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "datasets" / "samples" / "oxytocin-demo.mp4"
ANALYSED_S = 3.0
_PATIENCE_S = 180.0
_WRITTEN = ("session.json", "events.tsv", "thumbs.parquet", "score.json", "report.html")


class FailedError(Exception):
    """The wheel does not do what it should."""


def build(out: Path) -> Path:
    """Build the wheel of the checkout into a folder."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (wheel,) = out.glob("*.whl")
    return wheel


def constraints(lock: str) -> str:
    r"""Return the versions of a file of the lock without its hashes, which a wheel of our own has none in.

    Examples
    --------
    >>> constraints("# as tested\nnumpy==2.0 ; python_version < '3.12' \\\n    --hash=sha256:00\n")
    "numpy==2.0 ; python_version < '3.12'\n"
    """
    pins = [line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[a-z0-9]", line)]
    return "\n".join(pins) + "\n"


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel with what it asks for into a new environment; return where its programs lie."""
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pins = folder / "constraints.txt"
    pins.write_text(
        constraints((ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")), encoding="utf-8"
    )
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--quiet", "--only-binary", ":all:", "--constraint", str(pins), str(wheel)],
        check=True,
    )
    subprocess.run([*pip, "check"], check=True, stdout=subprocess.DEVNULL)
    return programs


def clip(target: Path) -> Path:
    """Write the first seconds of the bundled clip."""
    import av

    with av.open(str(SAMPLE)) as old, av.open(str(target), "w") as new:
        source = old.streams.video[0]
        copied = new.add_stream_from_template(source)
        for packet in old.demux(source):
            if packet.dts is not None and packet.pts is not None:
                if float(packet.pts * packet.time_base) >= ANALYSED_S:
                    break
                packet.stream = copied
                new.mux(packet)
    return target


def said(pijat: Path, words: Iterable[str], home: Path) -> str:
    """Run a command in an empty folder and return what it printed."""
    ended = subprocess.run([str(pijat), *words], cwd=home, env=_environment(), capture_output=True, text=True)
    if ended.returncode:
        raise FailedError(
            f"pijat {' '.join(words)} ended with {ended.returncode}: {ended.stdout}{ended.stderr}"
        )
    return ended.stdout


def practise(pijat: Path, home: Path) -> None:
    """Open the demonstration, wait until hands were seen in it, and end it as Ctrl-C does."""
    from websockets.sync.client import connect
    from websockets.typing import Origin

    command = [str(pijat), "practice", "--demo", "--no-browser", "--sessions", str(home / "sessions")]
    with subprocess.Popen(
        command, cwd=home, env=_environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://([^/\s]+)", line)
            if found is None:
                raise FailedError(f"expected the address of the page, got {line!r}")
            until = time.monotonic() + _PATIENCE_S
            address = f"ws://{found[1]}/ws/practice"
            with connect(address, origin=Origin(found[0]), max_size=None) as socket:
                while not _hands(socket.recv(timeout=_PATIENCE_S)):
                    if time.monotonic() > until:
                        raise FailedError(f"pijat practice --demo saw no hand within {_PATIENCE_S:.0f} s")
        finally:
            process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)


def _hands(message: str | bytes) -> bool:
    if isinstance(message, bytes):
        return False
    document = json.loads(message)
    if document["type"] == "error":
        raise FailedError(f"pijat practice --demo: {document['text']['en']}")
    return document["type"] == "result" and any(document["hands"].values())


def analyse(pijat: Path, home: Path) -> None:
    """Analyse a short video and see that the session is there."""
    video = clip(home / "short.mp4")
    marks = SAMPLE.with_suffix(".calibration.json")
    said(pijat, ["analyze", str(video), "--calibration", str(marks), "--out", str(home / "session")], home)
    missing = [name for name in _WRITTEN if not (home / "session" / name).is_file()]
    if missing:
        raise FailedError(f"pijat analyze wrote no {', '.join(missing)}")


def _environment() -> dict[str, str]:
    """Return what the program is told: nothing of this checkout or of its environment."""
    ours = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in ours}


def main() -> int:
    """Build, install, use."""
    argument_parser(__file__, __doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="pijat-wheel-", ignore_cleanup_errors=True) as name:
        home = Path(name) / "somewhere else"
        home.mkdir()
        wheel = build(Path(name) / "dist")
        print(f"built {wheel.name}, {wheel.stat().st_size / 1e6:.0f} MB", flush=True)
        pijat = install(wheel, Path(name) / "environment") / "pijat"
        try:
            version = said(pijat, ["--version"], home).strip()
            commit = this_commit()
            if commit is not None and commit.id[:7] not in version:
                raise FailedError(f"expected the version to name commit {commit.id[:7]}, got {version!r}")
            print(version)
            said(pijat, ["models", "fetch"], home)  # nothing else on a new machine has fetched it yet
            said(pijat, ["doctor", "--quick"], home)
            print("pijat doctor: works")
            practise(pijat, home)
            print("pijat practice --demo: sees hands")
            analyse(pijat, home)
            print("pijat analyze: wrote a session")
        except FailedError as error:
            sys.exit(str(error))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
