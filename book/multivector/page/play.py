"""What a reader does on a page: bets before the page tells, and checks what was understood."""

from collections.abc import Sequence

from ..checks import refuse
from .render import show_filled


def bet(
    name: str,
    question: str,
    answer: str | float,
    *,
    told: str,
    options: Sequence[str] = (),
    low: float | None = None,
    high: float | None = None,
    step: float = 1.0,
    form: str = "g",
    unit: str = "",
) -> None:
    """Let the reader commit to a guess before the answer is shown.

    A script of the page keeps the guess in the reader's own browser and sets it beside
    the answer; without it the answer stands in a fold.

    Parameters
    ----------
    name : str
        Unique in the book; under it the guess is kept.
    question : str
    answer : str or float
        One of ``options``, or a number from ``low`` to ``high``; computed, not typed.
    told : str
        A sentence that gives the answer, computed.
    options : sequence of str
        What can be chosen; empty for a number.
    low, high, step : float
        Ends and step of the slider of a number.
    form, unit : str
        How a number is written.

    Raises
    ------
    ValueError
        If the answer is none of the options, or outside the slider.
    """
    if options:
        given = _choice(answer, [str(option) for option in options])
    else:
        given = _number(answer, low, high) | {
            "step": step,
            "answer": float(answer),
            "digits": _digits(form),
            "percent": form.endswith("%"),
            "unit": unit,
        }
    show_filled("bet.html", name=name, given=given, question=question, told=told)


def _choice(answer: str | float, options: list[str]) -> dict[str, object]:
    """A bet on one of some words."""
    if str(answer) not in options:
        refuse("answer", answer, ", ".join(options))
    return {"options": options, "answer": str(answer)}


def _number(
    answer: str | float, low: float | None, high: float | None
) -> dict[str, object]:
    """Ends of the slider of a bet on a number."""
    if (
        low is None
        or high is None
        or isinstance(answer, str)
        or not low <= answer <= high
    ):
        refuse("answer", answer, f"a number from {low} to {high}")
    return {"low": low, "high": high}


def _digits(form: str) -> int:
    """Digits behind the point that a format gives."""
    return int(form.partition(".")[2].rstrip("f%") or 0) if "." in form else 0


def quiz(name: str, questions: Sequence[tuple[str, Sequence[str], int, str]]) -> None:
    """A short self-check.

    A script of the page answers each choice at once; without it the answers stand in
    folds.

    Parameters
    ----------
    name : str
        Unique in the book.
    questions : sequence of (str, sequence of str, int, str)
        Question, options, place of the right one from 0, and why it is right.

    Raises
    ------
    ValueError
        If a question has no right answer.
    """
    rows = []
    for number, (question, options, right, why) in enumerate(questions, 1):
        if not 0 <= right < len(options):
            raise ValueError(
                f"right is {right!r} in question {number}; "
                f"allowed: a place from 0 to {len(options) - 1}"
            )
        rows.append(
            {
                "number": number,
                "question": question,
                "options": options,
                "right": right,
                "why": why,
            }
        )
    show_filled("quiz.html", name=name, questions=rows)
