"""Values as people give them, some missing: the complete pairs, those that are there, and gains."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PijatError
from trainer.language import Text

Values = Sequence[float | None]


def paired(before: Values, after: Values) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the pairs of which both halves are there.

    Raises
    ------
    PijatError
        When the two are not equally long.
    """
    if len(before) != len(after):
        raise PijatError(
            Text(
                f"Banyaknya nilai sesudah ({len(after)}) harus sama dengan sebelum ({len(before)}).",
                f"Expected as many values after as before, got {len(after)} and {len(before)}: "
                "give None for a value that is missing.",
            )
        )
    table = np.array([_numbers(before), _numbers(after)], dtype=float)
    complete = np.isfinite(table).all(axis=0)
    return table[0, complete], table[1, complete]


def present(values: Values) -> NDArray[np.float64]:
    """Return the values that are there."""
    numbers = np.array(_numbers(values), dtype=float)
    there: NDArray[np.float64] = numbers[np.isfinite(numbers)]
    return there


def gains_of(before: Values, after: Values) -> NDArray[np.float64]:
    """Return after minus before of the complete pairs, rounded to ten digits of the largest value.

    Decimal fractions are not exact in a computer: 3.3 - 2.3 and 2.3 - 1.3 differ in the sixteenth digit, and
    would not count as tied.
    """
    first, second = paired(before, after)
    largest = float(np.abs(np.concatenate((first, second))).max()) if len(first) else 0.0
    if largest == 0:
        return second - first
    gains: NDArray[np.float64] = np.round(second - first, 10 - math.ceil(math.log10(largest)))
    return gains


def _numbers(values: Values) -> list[float]:
    return [math.nan if value is None else float(value) for value in values]
