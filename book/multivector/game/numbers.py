"""Limits within which the game counts numbers as equal, and arguments as sound."""

import math
import sys
from numbers import Real

import numpy as np

#: End points, and sums of weights, that differ by no more than this are equal.
TOLERANCE = 1e-12
#: Weights may miss the sum 1 by this much; what is missing is divided out.
SUM_TOLERANCE = 1e-9
LARGEST, LEAST, EPSILON = sys.float_info.max, math.ulp(0.0), sys.float_info.epsilon
NUMBER = (
    float,
    int,
    Real,
)  # the first two are what Real is nearly always, and quicker to tell
UNIT = (0.0, 1.0, "from 0 to 1")
COST = (0.0, LARGEST, "0 or more, and finite")
SALIENCE = (LEAST, LARGEST, "above 0, and finite")
FINITE = (-LARGEST, LARGEST, "a finite number")


def real(name, value, low, high, allowed):
    """A number between the bounds; NaN fails both."""
    if isinstance(value, NUMBER) and low <= value <= high:
        return float(value)
    raise ValueError(f"{name} is {value}; allowed: {allowed}")


def listed(name, values):
    """The values as a list."""
    if isinstance(values, (list, tuple)):
        return values
    try:
        return (
            values.tolist()
            if hasattr(values, "tolist") and np.ndim(values)
            else list(values)
        )
    except TypeError:
        raise ValueError(f"{name} is {values}; allowed: a sequence of values") from None


def each(name, values, many, low, high, allowed):
    """One number a group, from a sequence or one number for all."""
    if isinstance(values, NUMBER):
        return [real(name, values, low, high, allowed)] * many
    values = listed(name, values)
    if len(values) != many:
        raise ValueError(
            f"{name} has {len(values)} values; allowed: one for all groups, or as many as ideals, {many}"
        )
    return _numbers(name, values, low, high, allowed)


def _numbers(name, values, low, high, allowed):
    """Numbers between the bounds."""
    for value in values:
        if not (isinstance(value, NUMBER) and low <= value <= high):
            raise ValueError(
                f"{name} is {list(values)}, with {value}; allowed: each {allowed}"
            )
    return [float(value) for value in values]


def groups(ideals, weights, costs, salience):
    """Ideals, weights with the sum 1, costs and salience as lists of one length."""
    ideals, weights = listed("ideals", ideals), listed("weights", weights)
    many = len(ideals)
    if many == 0:
        raise ValueError(f"ideals is {list(ideals)}; allowed: one group or more")
    if len(weights) != many:
        raise ValueError(
            f"weights has {len(weights)} values; allowed: as many as ideals, {many}"
        )
    ideals, weights = (
        _numbers("ideals", ideals, *UNIT),
        _numbers(
            "weights", weights, 0.0, 1 + SUM_TOLERANCE, "0 or more, with the sum 1"
        ),
    )
    total = math.fsum(weights)
    if abs(total - 1) > SUM_TOLERANCE * (1 + TOLERANCE):
        raise ValueError(
            f"weights is {weights}, with the sum {total}; allowed: each 0 or more, with the sum 1"
        )
    return (
        ideals,
        [w / total for w in weights],
        each("costs", costs, many, *COST),
        each("salience", salience, many, *SALIENCE),
    )


def inside_unit(name, values):
    """Numbers of [0, 1], one or an array."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {values}; allowed: numbers from 0 to 1") from None
    if not ((array >= 0) & (array <= 1)).all():  # NaN fails this as well
        raise ValueError(f"{name} is {values}; allowed: from 0 to 1")
    return array
