"""The back-landmark network: what is trained, on what, and how (PyTorch; never imported at run time)."""
