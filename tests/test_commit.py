"""Of which commit a program says it is: from a checkout with and without git, a package, an archive, and nothing."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from trainer import __version__
from trainer.commit import PACKAGED, Commit, describe, find_commit, this_commit, write_commit

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
DAY = "2026-11-30T12:00:00+0700"


def git(top: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    command = ["git", "-C", str(top), *who, *words]
    environment = {
        "GIT_AUTHOR_DATE": DAY,
        "GIT_COMMITTER_DATE": DAY,
        "PATH": str(Path(shutil.which("git")).parent),
    }
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one commit of a package."""
    top = tmp_path / "checkout"
    (top / "trainer").mkdir(parents=True)
    (top / "trainer" / "code.py").write_text("x = 1\n")
    (top / ".git_archival.txt").write_text("$Format:%H %cs$\n")
    (top / ".gitattributes").write_text(".git_archival.txt export-subst\n")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "first")
    return top


def test_a_checkout_says_whether_it_was_changed(checkout: Path) -> None:
    head = git(checkout, "rev-parse", "HEAD")
    assert find_commit(checkout / "trainer") == Commit(head, "2026-11-30", changed=False)
    (checkout / "trainer" / "notes.txt").write_text("not of git\n")
    assert find_commit(checkout / "trainer").changed is False
    (checkout / "trainer" / "code.py").write_text("x = 2\n")
    found = find_commit(checkout / "trainer")
    assert found.changed is True
    assert describe("0.1.0", found) == f"0.1.0 (commit {head[:7]}, 2026-11-30, with changes since)"


@pytest.mark.parametrize("state", ["loose", "packed", "detached", "worktree"])
def test_without_git_the_hash_is_read_from_its_files(
    checkout: Path, tmp_path: Path, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, top = git(checkout, "rev-parse", "HEAD"), checkout
    if state == "packed":
        git(checkout, "pack-refs", "--all")
    elif state == "detached":
        git(checkout, "checkout", "-q", "--detach")
    elif state == "worktree":
        top = tmp_path / "other"
        git(checkout, "worktree", "add", "-q", "-b", "other", str(top))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert find_commit(top / "trainer") == Commit(head, None, None)
    assert describe("0.1.0", find_commit(top / "trainer")) == f"0.1.0 (commit {head[:7]})"


def test_a_package_keeps_what_was_written_into_it(checkout: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site-packages" / "trainer"
    installed.mkdir(parents=True)
    assert find_commit(installed) is None and not write_commit(installed, tmp_path / "none.json")
    assert write_commit(checkout / "trainer", installed / PACKAGED)
    assert find_commit(installed) == find_commit(checkout / "trainer")
    (installed / PACKAGED).write_text('{"hash": 1}')
    assert find_commit(installed) is None


def test_an_archive_of_git_names_its_commit(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "archive", "--format=zip", "-o", str(tmp_path / "a.zip"), "HEAD")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        archive.extractall(tmp_path / "downloaded")
    found = find_commit(tmp_path / "downloaded" / "trainer")
    assert found == Commit(git(checkout, "rev-parse", "HEAD"), "2026-11-30", None)
    # Not packed by git: what stands in the file names nothing.
    shutil.copy(checkout / ".git_archival.txt", tmp_path / "downloaded")
    assert find_commit(tmp_path / "downloaded" / "trainer") is None


def test_the_version_is_said_with_its_commit_and_nothing_heavy_is_imported() -> None:
    code = (
        "import sys\nfrom trainer.cli import main\n"
        "try:\n    main(['--version'])\n"
        "finally:\n    print([m for m in ('numpy', 'pandas', 'mediapipe', 'cv2') if m in sys.modules])\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == f"pijat {describe(__version__, this_commit())}\n[]\n"


@pytest.mark.slow
def test_a_wheel_names_the_commit_it_was_built_from(repository: Path, tmp_path: Path) -> None:
    """As a maintainer builds it: a source package of the checkout, and a wheel of that, without git."""
    top = tmp_path / "source"
    top.mkdir()
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(repository / name, top)
    for name in ("trainer", "models", "calibration", "datasets/samples"):
        shutil.copytree(repository / name, top / name, ignore=shutil.ignore_patterns("__pycache__"))
    plain = build(top, "wheel", tmp_path / "plain")
    assert packaged(plain) is None
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "first")
    source = build(top, "sdist", tmp_path / "out")
    shutil.unpack_archive(source, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    wheel = build(unpacked, "wheel", tmp_path / "out")
    assert packaged(wheel) == {"id": git(top, "rev-parse", "HEAD"), "date": "2026-11-30", "changed": False}
    assert packaged(build(top, "wheel", tmp_path / "again")) == packaged(wheel)


def build(top: Path, target: str, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=top, check=True, capture_output=True, text=True)
    (made,) = out.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


def packaged(wheel: Path) -> dict | None:
    with zipfile.ZipFile(wheel) as archive:
        name = f"trainer/{PACKAGED}"
        return json.loads(archive.read(name)) if name in archive.namelist() else None
