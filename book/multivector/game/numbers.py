"""Limits within which the game counts numbers as equal, and arguments as sound."""

import math
import sys
from collections.abc import Collection, Sequence
from numbers import Real
from typing import Any

import numpy as np

from .. import checks
from ..checks import UNIT, Range

#: End points, and sums of weights, that differ by no more than this are equal.
TOLERANCE = 1e-12
#: Weights may miss the sum 1 by this much; what is missing is divided out.
SUM_TOLERANCE = 1e-9
#: One number for all groups, or one for each.
PerGroup = float | Collection[float]
EPSILON = sys.float_info.epsilon
COST = Range(0, checks.MOST, "0 or more, and finite")
SALIENCE = Range(0, checks.MOST, "above 0, and finite", open_low=True)
_WEIGHT = Range(0, 1 + SUM_TOLERANCE, "0 or more, with the sum 1")


def listed(name: str, values: Any) -> Sequence[Any]:
    """The values as a list."""
    if isinstance(values, (list, tuple)):
        return values
    try:
        arrays = hasattr(values, "tolist") and np.ndim(values)
        return values.tolist() if arrays else list(values)
    except TypeError:
        checks.refuse(name, values, "a sequence of values")


def each(name: str, values: Any, many: int, allowed: Range) -> list[float]:
    """One number a group, from a sequence or one number for all."""
    if isinstance(values, (float, int, Real)):
        return [checks.number(name, values, allowed)] * many
    values = listed(name, values)
    if len(values) != many:
        raise ValueError(
            f"{name} has {len(values)} values; allowed: one for all groups, or as many as ideals, {many}"
        )
    return _numbers(name, values, allowed)


def _numbers(name: str, values: Any, allowed: Range) -> list[float]:
    """Numbers of a range, each of a sequence."""
    for value in values:
        if not (isinstance(value, (float, int, Real)) and allowed.holds(value)):
            raise ValueError(
                f"{name} is {list(values)}, with {value}; allowed: each {allowed.words}"
            )
    return [float(value) for value in values]


def groups(
    ideals: Collection[float],
    weights: Collection[float],
    costs: PerGroup,
    salience: PerGroup,
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Ideals, weights with the sum 1, costs and salience as lists of one length."""
    points, shares = listed("ideals", ideals), listed("weights", weights)
    many = len(points)
    if many == 0:
        checks.refuse("ideals", list(points), "one group or more")
    checks.as_many("weights", shares, "ideals", many)
    points = _numbers("ideals", points, UNIT)
    shares = _numbers("weights", shares, _WEIGHT)
    total = math.fsum(shares)
    if abs(total - 1) > SUM_TOLERANCE * (1 + TOLERANCE):
        raise ValueError(
            f"weights is {shares}, with the sum {total}; allowed: each 0 or more, with the sum 1"
        )
    shares, costs = [w / total for w in shares], each("costs", costs, many, COST)
    return points, shares, costs, each("salience", salience, many, SALIENCE)


def inside_unit(name: str, values: Any) -> np.ndarray:
    """Numbers of [0, 1], one or an array."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        checks.refuse(name, values, "numbers from 0 to 1")
    if not UNIT.holds(array).all():
        checks.refuse(name, values, UNIT.words)
    return array
