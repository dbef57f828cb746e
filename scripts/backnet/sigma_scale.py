"""How the sigmas of a back-landmark model must be changed to be honest, found on renders and written into it."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scripts.backnet.data import presence_target, read_samples
from scripts.backnet.measures import say
from trainer.perception.back_landmarks import LANDMARKS, BackLandmarkDetector
from trainer.perception.back_reading import doubts


def calibrate(model: Path, folders: list[Path], limit: int | None) -> None:
    """Write into the model how its sigmas must be changed, on these renders.

    First by how much they grow where views disagree or presence is wanting: the exponents that make the errors most
    likely under a Laplace law. Then, per landmark, the larger of two factors: the one that brings 68 % of errors within
    one sigma, and the one that brings 95 % within 1.96; errors have heavier tails than a Gaussian, and a sigma that
    hides them would be a guess.
    """
    import onnx
    from scipy.optimize import minimize

    proto = onnx.load(model)
    del proto.metadata_props[:]
    onnx.save(proto, model)
    detector = BackLandmarkDetector(model)
    doubt: list[NDArray[np.float64]] = []
    standard: list[NDArray[np.float64]] = []  # (12, 2) errors along the axes over the sigma stated
    for sample in (s for folder in folders for s in read_samples(folder)[:limit]):
        image = sample.read()
        if presence_target(sample.points, sample, (image.shape[1], image.shape[0])) != 1.0:
            continue
        found = detector._find(image)
        if found is not None:
            doubt.append(doubts(found.disagreement, found.presence))
            standard.append(np.abs(found.points - sample.points) / found.sigma[:, None])
    if not doubt:
        raise SystemExit(
            "Expected renders on which the model finds a back, got none: its sigmas stay unscaled."
        )
    x, z = np.array(doubt), np.array(standard)

    def unlikeliness(w: NDArray[np.float64]) -> float:
        b = w[0] + x @ w[1:]
        return float(np.mean(z.mean((1, 2)) * np.exp(-b) + b) + 0.02 * (w[1:] ** 2).sum())

    exponents = np.maximum(minimize(unlikeliness, np.zeros(3)).x[1:], 0.0).round(3)
    z = z / np.exp(x @ exponents)[:, None, None]
    scale = [
        round(float(max(np.percentile(e, 68.3), np.percentile(e, 95) / 1.96)), 3)
        for e in (z[:, i] for i in range(len(LANDMARKS)))
    ]
    for key, value in (("sigma_scale", scale), ("sigma_doubt", exponents.tolist())):
        entry = proto.metadata_props.add()
        entry.key, entry.value = key, json.dumps(value)
    onnx.save(proto, model)
    say(f"sigma scale {dict(zip(LANDMARKS, scale, strict=True))} and doubt {exponents} from {len(z)} backs")
