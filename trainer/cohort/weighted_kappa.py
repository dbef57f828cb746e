"""Weighted kappa: on a scale, a disagreement by one step is less than one by three."""

from trainer.evaluation.kappa import AgreementTable


def weighted_kappa(agreement: AgreementTable, *, power: float = 2.0) -> float:
    """Return Cohen's weighted kappa [1]_ of a table whose labels are numbers on a scale.

    The weight of a disagreement is the distance of the two ratings to that power: 2 for the quadratic weights
    usual on rating scales [2]_, 1 for linear ones. With two ratings it is Cohen's kappa.

    Parameters
    ----------
    agreement : AgreementTable
        Counts (or seconds) by pair of labels; every label reads as a number.
    power : float
        Of the distance.

    Returns
    -------
    float
        NaN where chance alone agrees fully.

    References
    ----------
    .. [1] J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial
       credit", Psychological Bulletin 70(4):213-220, 1968.
    .. [2] J. L. Fleiss and J. Cohen, "The equivalence of weighted kappa and the intraclass correlation
       coefficient as measures of reliability", Educational and Psychological Measurement 33(3):613-619, 1973.
    """
    return kappa_of_weights(
        agreement,
        {
            (a, b): abs(float(a) - float(b)) ** power
            for a in _labels(agreement, 0)
            for b in _labels(agreement, 1)
        },
    )


def kappa_of_weights(agreement: AgreementTable, weights: dict[tuple[str, str], float]) -> float:
    """Return weighted kappa with any table of disagreement weights, 0 for agreement."""
    total = agreement.seconds
    if total <= 0:
        return float("nan")
    first = {label: _share(agreement, 0, label) for label in _labels(agreement, 0)}
    second = {label: _share(agreement, 1, label) for label in _labels(agreement, 1)}
    observed = sum(count * weights[pair] for pair, count in agreement.weight.items()) / total
    expected = sum(first[a] * second[b] * weights[a, b] for a in first for b in second)
    return 1 - observed / expected if expected > 1e-12 else float("nan")


def _labels(agreement: AgreementTable, rater: int) -> list[str]:
    return sorted({pair[rater] for pair in agreement.weight})


def _share(agreement: AgreementTable, rater: int, label: str) -> float:
    return sum(n for pair, n in agreement.weight.items() if pair[rater] == label) / agreement.seconds
