"""Say the version of the essay, or whether a tag is the one.

    python3 .ci/version.py             prints it
    python3 .ci/version.py --is v1.2.3 ends with 1 unless the tag names it

It stands in one place, data/datapackage.json; the newest heading of CHANGELOG.md names it too.
"""

import json
import sys
from pathlib import Path

DESCRIPTOR = Path(__file__).resolve().parents[1] / "data" / "datapackage.json"


def version():
    """As the descriptor of the tables has it."""
    return json.loads(DESCRIPTOR.read_text(encoding="utf-8"))["version"]


def main(arguments):
    """Print, or compare; the exit code."""
    if arguments[:1] != ["--is"]:
        print(version())
        return 0
    tag = arguments[1]
    if tag in (version(), "v" + version()):
        return 0
    print(
        "the tag is {}, the version {}: set the one in data/datapackage.json, seal, and tag again".format(
            tag, version()
        )
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
