"""Install Pijat into a virtual environment where it is not yet, and open the trainer or run the tests."""

import argparse
import os
import subprocess
from pathlib import Path

from scripts import start
from scripts.starting import system
from scripts.starting.environment import prepare, prepare_newest

ROOT = Path(__file__).resolve().parents[2]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the start's own options; all others go on to the trainer or to pytest."""
    options = argparse.ArgumentParser(
        prog="start.py",
        description=start.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Every other option goes on to `pijat practice`, or to pytest with --test.",
    )
    options.add_argument("--test", action="store_true", help="install what the tests need and run them")
    options.add_argument(
        "--newest", action="store_true", help="the newest of every package instead of the locked ones"
    )
    options.add_argument(
        "--venv", type=Path, help="where the environment lies (default .venv or .venv-newest)"
    )
    return options


def main() -> int:
    """Install what is not yet there, then open the trainer or run the tests."""
    args, rest = parser().parse_known_args()
    needs = system.missing() if args.test else []
    if needs:
        system.install(needs)
        needs = system.missing()
    folder = (args.venv or ROOT / (".venv-newest" if args.newest else ".venv")).absolute()
    if args.newest:
        python = prepare_newest(folder, ROOT, "[test]" if args.test else "")
    else:
        python = prepare(folder, ROOT, ROOT / "requirements" / ("test.txt" if args.test else "run.txt"))
    command = [str(python), "-m", *(("pytest",) if args.test else ("trainer", "practice")), *rest]
    if os.name != "nt" and not args.test:
        os.execv(python, command)
    process = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            pass  # the program was told too, and ends by itself
    if needs:
        print(f"\n{system.report(needs)}", flush=True)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
