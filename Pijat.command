#!/bin/sh
# Opens Pijat on macOS by double click (Finder opens a Terminal for it); pijat.sh does the work.
exec "$(dirname "$0")/pijat.sh" "$@"
