"""Kernels that start at once: copies of one process that has imported what notebooks import.

A notebook spends seconds on imports and on opening the case before its first line is run,
and a build runs every notebook up to twice. Here one process does both once; for each run
it makes a copy of itself, which becomes an ordinary kernel with nothing in its name space.
Where processes cannot be copied safely (Windows, macOS) kernels start as they always do.

Run as a program, this file is that process. It reads a task a line from its input, answers
with the number of the copy, and ends, with its copies, when nobody is left to ask.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

CAN_COPY = sys.platform == "linux"


# --- the process that is copied ----------------------------------------------------------


def get_ready() -> None:
    """Import what the notebooks of this folder import, and open the case that they open."""
    sys.path[0] = os.getcwd()
    # What is wrong with the module or the case, a notebook tells better than we.
    with contextlib.suppress(Exception):
        import ipykernel.kernelapp  # noqa: F401
        import IPython  # noqa: F401

        for path in sorted(Path("multivector").glob("[a-z]*")):
            importlib.import_module(f"multivector.{path.stem}")
        data = importlib.import_module("multivector.data")
        data.open_case(coding="record").fingerprint()
        # A chart is checked whole when it is shown; here not also at every step before.
        importlib.import_module("altair.utils.schemapi").DEBUG_MODE = False
    sys.path[0] = ""  # as in any kernel: the folder in which it stands
    gc.freeze()


def become_kernel(arguments: list[str], folder: str, variables: dict[str, str]) -> None:
    """Go on as a kernel until that is shut down."""
    from ipykernel.kernelapp import launch_new_instance

    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # the pipe belongs to the process that was copied
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    # A kernel ends by itself when its parent has.
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    sys.argv = ["ipykernel_launcher", *arguments, parent]
    launch_new_instance()


def forget_ended(*_: Any) -> None:
    """Let go of copies that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def make_copies() -> None:
    """Make a copy for each task, until the input ends."""
    get_ready()
    signal.signal(signal.SIGCHLD, forget_ended)
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            os.setpgid(0, 0)
            become_kernel(**json.loads(line))
            return
        with contextlib.suppress(OSError):  # it may have done so itself, or ended
            os.setpgid(number, number)
        print(number, flush=True)


# --- the side of the build -----------------------------------------------------------------


class Original:
    """The process that is copied, as the build sees it.

    Parameters
    ----------
    folder
        Where the notebooks lie.
    """

    def __init__(self, folder: Path) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            cwd=folder,
            # A copy has one thread only; and two notebooks at a time have two processors.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the build, which ends us
        )

    def copy(self, **task: Any) -> int:
        """Process number of a new kernel."""
        with self._turn:
            self._process.stdin.write(json.dumps(task) + "\n")
            self._process.stdin.flush()
            number = self._process.stdout.readline()
        if not number:
            raise ChildProcessError(
                "the process that kernels are copied from has ended"
            )
        return int(number)

    def end(self) -> None:
        """Nobody asks any more."""
        with self._turn:
            self._process.stdin.close()
            self._process.wait()


class Copy:
    """A kernel's process, with what `subprocess.Popen` offers; it is no child of ours."""

    stdin = stdout = stderr = None

    def __init__(self, number: int) -> None:
        self.pid = number

    def poll(self) -> int | None:
        """None as long as it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        """Wait until it has ended."""
        while self.poll() is None:
            time.sleep(0.05)
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal to it."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def manager_of(original: Original) -> type[AsyncKernelManager]:
    """A class of kernel managers whose kernels are copies of a process."""

    class CopyingManager(AsyncKernelManager):
        async def _async_launch_kernel(
            self, kernel_cmd: list[str], *, cwd: str, env: dict[str, str], **_: Any
        ) -> None:
            arguments = kernel_cmd[kernel_cmd.index("ipykernel_launcher") + 1 :]
            number = original.copy(arguments=arguments, folder=cwd, variables=env)
            local = self.provisioner
            local.process, local.cwd = Copy(number), cwd
            local.pid = local.pgid = number

    return CopyingManager


if __name__ == "__main__":
    make_copies()
