"""The path of a drawing in few letters: each place is told from the one before.

Steps are alike where places are not (a curve over months goes on by the same step), so that
a drawing with long curves packs to two thirds of what it was, or less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Numbers that each command of a path takes.
TAKES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
PATH = re.compile(r"[MLHVCSQTAZmlhvcsqtaz\d\s.,-]*")
COMMAND = re.compile(r"([a-zA-Z])([^a-zA-Z]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")
#: Behind these a letter must stand: a place without one, after a move, would be a line.
NAMED_ANEW = "mz"

Place = tuple[int, int]


def stepwise(path: str) -> str:
    """The same path, each place told from the one before, with one decimal at most.

    It counts in tenths, which are whole numbers, so that no error grows along a curve.

    >>> stepwise("M10,20L12.5,20L12.5,19.9L15,17.4L17.5,14.9Z")
    'm10 20h2.5v-.1l2.5-2.5 2.5-2.5z'
    >>> stepwise("M2,0A2,2,0,1,1,-2,0M0.5,0.5h614v-3h-614Z")
    'm2 0a2 2 0 1 1-4 0m2.5 .5h614v-3h-614z'
    """
    if not PATH.fullmatch(path):
        return path
    told, last = "", ""
    here = start = (0, 0)
    for letter, numbers in commands(path):
        steps = from_here(letter, numbers, here)
        here = arrived(letter, steps, here, start)
        if letter in "Mm":
            start = here
        letter, steps = shortest(letter.lower(), steps)
        named = letter != last or letter in NAMED_ANEW
        told += (letter if named else "") + joined(steps, alone=named)
        last = letter
    return told


def commands(path: str) -> Iterator[tuple[str, list[int]]]:
    """Commands with their numbers in tenths, those as well that are not named anew."""
    for letter, text in COMMAND.findall(path):
        numbers = [round(float(number) * 10) for number in NUMBER.findall(text)]
        takes = TAKES[letter.lower()]
        for first in range(0, max(len(numbers), 1), max(takes, 1)):
            yield letter, numbers[first : first + takes]
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def from_here(letter: str, numbers: list[int], here: Place) -> list[int]:
    """Numbers of a command as steps from the place at which it begins."""
    if letter.islower():
        return numbers
    if letter in "HV":
        return [numbers[0] - here["HV".index(letter)]]
    # The first numbers of an arc are its shape.
    shape = 5 if letter == "A" else 0
    places = numbers[shape:]
    return numbers[:shape] + [n - here[at % 2] for at, n in enumerate(places)]


def arrived(letter: str, steps: list[int], here: Place, start: Place) -> Place:
    """Where a command ends that begins here, on a line that began at `start`."""
    if letter in "Zz":
        return start
    if letter in "Hh":
        return here[0] + steps[0], here[1]
    if letter in "Vv":
        return here[0], here[1] + steps[0]
    return here[0] + steps[-2], here[1] + steps[-1]


def shortest(letter: str, steps: list[int]) -> tuple[str, list[int]]:
    """A command as it is, or a line across or down as one number."""
    if letter == "l" and steps[1] == 0:
        return "h", steps[:1]
    if letter == "l" and steps[0] == 0:
        return "v", steps[1:]
    return letter, steps


def joined(steps: list[int], alone: bool) -> str:
    """Numbers side by side; a space only where two would run together.

    >>> joined([-5, 120, -3], alone=True), joined([7], alone=False)
    ('-.5 12-.3', ' .7')
    """
    told = ""
    for step in steps:
        number = re.sub(r"^(-?)0\.", r"\1.", f"{step / 10:.10g}")
        apart = (told or not alone) and not number.startswith("-")
        told += " " + number if apart else number
    return told
