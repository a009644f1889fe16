"""Seal the case anew: write the size, the checksum and the row count of each table into its datapackage.json.

    python3 .ci/seal.py [folder of the case]
    python3 .ci/seal.py --check [folder of the case]

Run it after a deliberate change of a table; nothing else of the file is touched. With --check
nothing is written, and the exit code is 1 if a table has changed since it was sealed.
The same as `python -m multivector seal` from the folder `book`, for a Python without packages.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "book"))
from multivector.commands import seal

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=seal.__doc__)
    seal.describe(parser)
    try:
        sys.exit(seal.run(parser.parse_args()))
    except (OSError, ValueError) as fault:
        sys.exit(f"nothing was sealed: {fault}")
