#!/usr/bin/env python3
"""Forwards to essay.py beside the README, where the two commands are now.

python3 .ci/essay.py serve    is    python3 essay.py serve
python3 .ci/essay.py test     is    python3 essay.py test
"""

import os
import runpy
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    sys.argv[0] = os.path.join(ROOT, "essay.py")
    runpy.run_path(sys.argv[0], run_name="__main__")
