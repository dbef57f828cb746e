#!/bin/sh
# Opens Pijat on Linux, by double click too; installs it the first time. What is said after its name goes on: --demo
cd "$(dirname "$0")" || exit 1
PATH="$PATH:/usr/local/bin:/opt/homebrew/bin:$HOME/.local/bin"
# A window that was opened for this closes with it: whoever has to read something is waited for.
wait_for_reader() {
  if [ -t 0 ] && [ -t 1 ]; then
    printf '\nTekan Enter untuk menutup. / Press Enter to close. '
    read -r _
  fi
}
for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
  # start.py looks for the Python that fits; any from 3.6 on can run it. A name may also be a stub that offers a download.
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 6))' >/dev/null 2>&1; then
    "$python" scripts/start.py "$@"
    status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 130 ] || wait_for_reader
    exit "$status"
  fi
done
if [ "$(uname)" = Darwin ]; then
  how='https://www.python.org/downloads/'
else
  how='sudo apt install python3 python3-venv'
fi
printf '%s\n' "Pijat memerlukan Python, yang belum ada di komputer ini. Pasanglah, lalu mulai lagi: $how" \
  "Pijat needs Python, which this computer does not have yet. Install it, then start again: $how" >&2
wait_for_reader
exit 1
