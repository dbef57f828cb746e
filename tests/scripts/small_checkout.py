"""A checkout that the real start installs in seconds: one small locked package and a trainer that says what it sees."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "pijat-trainer"
version = "1"
"""

BACKEND = '''\
"""Builds the small checkout with nothing but Python."""

from small_wheel import write_wheel


def build_editable(folder, settings=None, metadata=None):
    return write_wheel(folder, "pijat_trainer", "1", {"pijat_trainer.pth": "."}, "small-part").name
'''

TRAINER = "import sys, small_part\nprint('opened with', small_part.VERSION, sys.argv[1:])\n"


def write_wheel(folder, name, version, files, needs=None):
    """Write a wheel of plain Python files that needs another package or none, and return its path."""
    folded = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        **files,
        f"{folded}/METADATA": metadata + (f"Requires-Dist: {needs}\n" if needs else ""),
        f"{folded}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{_hash(text)},{len(text)}\n" for path, text in files.items())
    record += f"{folded}/RECORD,,\n"
    wheel = Path(folder) / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{folded}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
    return wheel


def _hash(text):
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


class SmallCheckout:
    """The start's own code, unchanged, in a checkout of its own with an index of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self.index = folder / "checkout", folder / "index"
        self.index.mkdir()
        (self.root / "trainer").mkdir(parents=True)
        (self.root / "requirements").mkdir()
        shutil.copytree(
            REPOSITORY / "scripts" / "starting",
            self.root / "scripts" / "starting",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        for name in ("__init__.py", "start.py"):
            shutil.copy(REPOSITORY / "scripts" / name, self.root / "scripts" / name)
        (self.root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
        (self.root / "backend.py").write_text(BACKEND, encoding="utf-8")
        shutil.copy(__file__, self.root / "small_wheel.py")
        (self.root / "trainer" / "__main__.py").write_text(TRAINER, encoding="utf-8")
        self.lock("1.0")

    @property
    def venv(self) -> Path:
        """Where the start installs."""
        return self.root / ".venv"

    def lock(self, version: str, digest: str | None = None) -> None:
        """Lock another version of the one package."""
        wheel = write_wheel(self.index, "small_part", version, {"small_part.py": f"VERSION = {version!r}\n"})
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.root / "requirements" / "run.txt").write_text(
            f"# pythons: 3.11 3.12 3.13 3.14\nsmall-part=={version} \\\n    --hash=sha256:{digest}\n",
            encoding="utf-8",
        )

    def start(
        self, *words: str, online: bool = True, python: str = sys.executable, prefix: tuple[str, ...] = ()
    ):
        """Run ``start.py`` and return what became of it."""
        process = self.begin(*words, online=online, python=python, prefix=prefix)
        out, _ = process.communicate(timeout=240)
        return subprocess.CompletedProcess(process.args, process.returncode, out)

    def begin(
        self, *words: str, online: bool = True, python: str = sys.executable, prefix: tuple[str, ...] = ()
    ):
        """Run ``start.py`` without waiting; offline, every way out of the machine is refused."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        refused = "http://127.0.0.1:9"
        reachable = (
            {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index)}
            if online
            else {
                "PIP_INDEX_URL": f"{refused}/simple",
                "HTTPS_PROXY": refused,
                "HTTP_PROXY": refused,
                "PIP_RETRIES": "1",
            }
        )
        environment = {**kept, **reachable, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
        return subprocess.Popen(
            [*prefix, python, str(self.root / "scripts" / "start.py"), *words],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
