"""Seal the case anew: write the size, the checksum and the row count of each table into its datapackage.json.

    python3 .ci/seal.py [folder of the case]

Run it after a deliberate change of a table. Nothing else of the file is touched.
"""
import csv
import hashlib
import json
import sys
from pathlib import Path


def seal(folder):
    """Rewrite ``bytes``, ``hash`` and ``rows`` of every resource in ``folder``."""
    descriptor = Path(folder) / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        table = descriptor.parent / resource["path"]
        content = table.read_bytes()
        resource["bytes"] = len(content)
        resource["hash"] = "sha256:" + hashlib.sha256(content).hexdigest()
        resource["rows"] = sum(1 for _ in csv.reader(content.decode("utf-8").splitlines())) - 1
    descriptor.write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [resource["name"] for resource in package["resources"]]


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[1] / "data"
    print("sealed:", ", ".join(seal(sys.argv[1] if len(sys.argv) > 1 else default)))
