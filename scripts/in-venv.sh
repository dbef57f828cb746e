#!/bin/sh
# Runs a program of the project's environment, wherever this system keeps it: sh scripts/in-venv.sh ruff check
for folder in .venv/bin .venv/Scripts; do
  if [ -d "$folder" ]; then
    exec "$folder/$@"
  fi
done
echo "Expected the environment .venv, got none: python3 scripts/start.py --test makes it." >&2
exit 1
