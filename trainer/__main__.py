"""``python -m trainer`` is the ``pijat`` command."""

from trainer.cli import main

raise SystemExit(main())
