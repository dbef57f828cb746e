"""Training of the stroke recogniser; needs the ``[train]`` extra. Nothing at run time imports this."""
