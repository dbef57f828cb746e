"""Set Pijat up on a fresh machine and run it; needs nothing but Python 3.11 or newer.

python3 scripts/start.py            install, then open the trainer (with --demo: no camera needed)
python3 scripts/start.py --test     install what the tests need, then run them
"""

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def environment_python(folder: Path) -> Path:
    """Return the interpreter of the virtual environment, making the environment when it is absent."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Making a virtual environment in {folder.name}/ ...", flush=True)
        try:
            venv.create(folder, with_pip=True)
        except (subprocess.CalledProcessError, ImportError) as error:
            sys.exit(
                f"Could not make a virtual environment ({error}). On Debian or Ubuntu: sudo apt install python3-venv"
            )
    return python


def main() -> int:
    """Install Pijat into ``.venv`` and open the trainer, or run the tests."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--test", action="store_true", help="install what the tests need and run them")
    parser.add_argument(
        "--venv", type=Path, default=ROOT / ".venv", help="where the virtual environment lies"
    )
    args, rest = parser.parse_known_args()
    if sys.version_info < OLDEST:
        sys.exit(
            f"Expected Python {'.'.join(map(str, OLDEST))} or newer, got {sys.version.split()[0]}: "
            "install a newer Python."
        )
    python = environment_python(args.venv)
    wanted = f"{ROOT}[test]" if args.test else str(ROOT)
    print("Installing (several hundred megabytes the first time) ...", flush=True)
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", wanted]
    )
    if installed.returncode:
        sys.exit(
            "Installing failed; the lines above say why. With no network, connect once and run this again."
        )
    command = ["-m", "pytest", *rest] if args.test else ["-m", "trainer", "practice", *rest]
    return subprocess.run([python, *command], cwd=ROOT).returncode


if __name__ == "__main__":
    raise SystemExit(main())
