"""Say what is wrong or doubtful in a case, and which chapters and rules can run on it.

Ends with 1 if something is wrong, with 0 if it is only doubtful.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def describe(parser: argparse.ArgumentParser) -> None:
    """Tell the parser the arguments."""
    parser.add_argument("path", type=Path, help="folder or zip of a case")
    parser.add_argument(
        "--quick", action="store_true", help="run no chapter and no rule"
    )


def run(options: argparse.Namespace) -> int:
    """Look at the case and tell; the exit code."""
    from multivector.cases import examining
    from multivector.data import CaseError, first_case, open_case

    try:
        case = open_case(options.path)
    except CaseError as error:
        print(error)
        return 1
    report = examining.examined(case, first_case(), judged=not options.quick)
    print("\n".join(examining.told(case, report)))
    return 1 if report.faults else 0
