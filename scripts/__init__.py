"""Programs that train, measure and make data: ``python -m scripts.NAME --help`` at the top of the checkout."""
