"""Files out of bare clones of other people's repositories, laid down as MIRRORS/owner+name/repo."""

import subprocess
from pathlib import Path


def read_blob(mirrors: Path, repo: str, blob: str) -> bytes | None:
    """Return a file's bytes by its git blob id; None where the clone or the file is not there.

    Parameters
    ----------
    mirrors : Path
        The folder of the clones.
    repo : str
        ``owner/name``.
    blob : str
        The file's git object id.
    """
    clone = mirrors / repo.replace("/", "+") / "repo"
    if not clone.is_dir():
        return None
    done = subprocess.run(["git", "-C", str(clone), "cat-file", "blob", blob], capture_output=True)
    return done.stdout if done.returncode == 0 else None
