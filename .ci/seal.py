"""Seal the case anew: write the size, the checksum and the row count of each table into its datapackage.json.

    python3 .ci/seal.py [folder of the case]
    python3 .ci/seal.py --check [folder of the case]

Run it after a deliberate change of a table; nothing else of the file is touched. With --check
nothing is written, and the exit code is 1 if a table has changed since it was sealed.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book"))
from multivector.tables import seals as making  # noqa: E402


def seals(folder):
    """(descriptor as it stands, descriptor with new seals) of a folder."""
    text = (Path(folder) / "datapackage.json").read_text(encoding="utf-8")
    package = json.loads(text)
    for resource in package["resources"]:
        content = (Path(folder) / resource["path"]).read_bytes()
        resource.update(making.seal(content))
        if "parameters" in resource:
            beside = (Path(folder) / resource["parameters"]["path"]).read_bytes()
            resource["parameters"].update(making.seal_of_file(beside))
    return json.loads(text), package


def main(arguments):
    """Seal, or check; the exit code."""
    check = "--check" in arguments
    folders = [argument for argument in arguments if argument != "--check"]
    folder = Path(folders[0]) if folders else ROOT / "data"
    old, new = seals(folder)
    changed = [b["path"] for a, b in zip(old["resources"], new["resources"]) if a != b]
    if check:
        print(
            "changed since sealed: {}".format(", ".join(changed))
            if changed
            else "every table is as it was sealed"
        )
        return 1 if changed else 0
    (folder / "datapackage.json").write_text(
        json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print("sealed anew: {}".format(", ".join(changed) or "nothing had changed"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
