"""Checks that cross tables: what two places tell alike must be alike."""

from typing import Any

from . import acts, marks, outside, parties, questions  # noqa: F401  they enter their checks
from .checking import CHECKS, Tables, any_of, partnered, several, there
from .problems import Problem


def crossing(
    tables: Tables, partners: list[tuple[str, Any, str, Any]], spoiled: set[str]
) -> list[Problem]:
    """All problems between the tables.

    Parameters
    ----------
    tables : dict of str to DataFrame
    partners : list of tuple
        (table, columns, other table, its columns) of every reference of the descriptor.
    spoiled : set of str
        ``table.column`` of every column with a problem of its own.

    Returns
    -------
    list of Problem
        With the table for the file, and the number of the row in the frame for the line.
    """
    problems = []
    for table, columns, other, fields in partners:
        if other in tables and not any_of(spoiled, other, fields):
            problems += partnered(tables, table, columns, other, fields)
    problems += several(tables, spoiled)
    for judged, by, function in CHECKS:
        if there(tables, judged, by) and not spoiled & set(by):
            problems += function(tables)
    return problems
