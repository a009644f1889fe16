"""Write the hashes of all files of the pinned packages, for every platform that has one.

    python3 .ci/hashes.py

Run it after a change of requirements.txt or tests/requirements.txt. It asks the package index
once, through uv, which it puts into a folder of its own; nothing else is changed. `essay.py`
installs with these hashes, so that nobody on the way can give other files under the same
names and versions.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = "uv==0.13.9"
OLDEST = "3.11"
#: File of hashes by list of pins.
FILES = {
    "requirements.txt": ".ci/hashes/requirements.txt",
    "tests/requirements.txt": ".ci/hashes/tests.txt",
}


def own_lines(name):
    """Lines of a list of pins, without the list that it starts from."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("-r"))


def certified():
    """The environment; what pip trusts, uv trusts."""
    trusted = os.environ.get("PIP_CERT")
    return {**({"SSL_CERT_FILE": trusted} if trusted else {}), **os.environ}


def hashes(uv, name):
    """The pins of a list with the hashes of their files."""
    settings = ["--universal", "--no-deps", "--generate-hashes", "--no-config"]
    quiet = ["--no-annotate", "--no-header", "--quiet", "--no-progress"]
    made = subprocess.run(
        [uv, "pip", "compile", *settings, *quiet, "--python-version", OLDEST, "-"],
        input=own_lines(name),
        env=certified(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return f"# Written by .ci/hashes.py from {name}.\n{made.stdout}"


def main():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        pip = [programs / "python", "-m", "pip", "install", "--quiet", UV]
        subprocess.run(pip, check=True)
        for name, file in FILES.items():
            (ROOT / file).parent.mkdir(exist_ok=True)
            (ROOT / file).write_text(hashes(programs / "uv", name), encoding="utf-8")
            print(f"{file} has the hashes of {name}")


if __name__ == "__main__":
    sys.exit(main())
