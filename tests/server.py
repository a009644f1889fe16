"""A Jupyter server without a network, and kernels spoken to as a browser speaks to them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websocket
from conftest import PATIENCE, ROOT, until
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
)

from multivector import store

NOWHERE = "http://127.0.0.1:9"  # a proxy that nobody runs: what goes out fails at once
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without_network(home: Path) -> dict[str, str]:
    """Environment of a session that has neither network nor settings of the user.

    What takes long to compute it takes from the build, where there was one.
    """
    proxies = dict.fromkeys(
        ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE
    )
    own = {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        store.VARIABLE: str(ROOT / "_build" / ".results"),
        "no_proxy": "127.0.0.1,localhost",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    return os.environ | proxies | own


@contextlib.contextmanager
def serving(folder: Path, home: Path) -> Iterator[str]:
    """Address of a JupyterLab over a folder."""
    port = free_port()
    log = home / "log.txt"
    command = [
        Path(sys.executable).with_name("jupyter-lab"),
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.disable_check_xsrf=True",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=without_network(home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api/status", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until a server answers, or fail with what it said."""

    def answers() -> bool:
        with contextlib.suppress(urllib.error.URLError, OSError):
            OPENER.open(address, timeout=PATIENCE).close()
            return True
        return server.poll() is not None  # no use to wait any longer

    until(answers, f"JupyterLab does not answer:\n{log.read_text()[-3000:]}")
    assert server.poll() is None, f"JupyterLab ended:\n{log.read_text()[-3000:]}"


def asked(address: str, method: str = "GET", **content: Any) -> Any:
    """What the server answers to a request."""
    body = json.dumps(content).encode() if content else None
    request = urllib.request.Request(address, data=body, method=method)
    request.add_header("Content-Type", "application/json")
    with OPENER.open(request, timeout=PATIENCE) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Kernel:
    """A kernel of a server, for a notebook, through the server's own protocol.

    Attributes
    ----------
    widgets : dict
        State of every widget that the kernel has, by the id of its model.
    carried : int
        Bytes that came with outputs and states of widgets so far.
    """

    def __init__(self, server: str, notebook: str) -> None:
        self.server = server
        session = asked(
            f"{server}/api/sessions",
            "POST",
            path=notebook,
            name=notebook,
            type="notebook",
            kernel={"name": "python3"},
        )
        self.id, self.session = session["kernel"]["id"], session["id"]
        self.widgets: dict[str, dict[str, Any]] = {}
        self.carried = 0
        address = server.replace("http", "ws", 1)
        self.socket = websocket.create_connection(
            f"{address}/api/kernels/{self.id}/channels",
            timeout=PATIENCE,
            http_no_proxy=["127.0.0.1"],
        )

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        asked(f"{self.server}/api/sessions/{self.session}", "DELETE")

    def send(self, kind: str, **content: Any) -> str:
        """Send a message on the shell channel; its id."""
        name = uuid.uuid4().hex
        header = {"msg_id": name, "msg_type": kind, "version": "5.3"}
        header |= {"session": self.session, "username": "reader", "date": ""}
        message = {"header": header, "parent_header": {}, "metadata": {}}
        message |= {"content": content, "channel": "shell", "buffers": []}
        self.socket.send(json.dumps(message))
        return name

    def answers(self, name: str) -> Iterator[dict[str, Any]]:
        """What the kernel publishes because of a message, until it is idle again."""
        while True:
            text = self.socket.recv()
            assert text, "the kernel is gone"
            binary = isinstance(text, bytes)
            message = deserialize_binary_message(text) if binary else json.loads(text)
            if message["parent_header"].get("msg_id") != name:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return
            if message["channel"] != "iopub":
                continue
            if kind in ("comm_open", "comm_msg", "display_data", "execute_result"):
                self.carried += len(text)
            if kind == "comm_open":
                self.widgets[content["comm_id"]] = content["data"].get("state", {})
            elif kind == "comm_msg" and content["data"].get("method") == "update":
                state = self.widgets.setdefault(content["comm_id"], {})
                state.update(content["data"]["state"])
            yield {"kind": kind, **content}

    def run(self, code: str) -> list[dict[str, Any]]:
        """Run a cell; its outputs. One that fails, or complains, fails the test."""
        name = self.send("execute_request", code=code, silent=False, store_history=True)
        outputs = []
        for answer in self.answers(name):
            if answer["kind"] == "error":
                raise AssertionError("\n".join(answer["traceback"]))
            if answer["kind"] == "stream" and answer["name"] == "stderr":
                raise AssertionError(answer["text"])
            if answer["kind"] in (
                "display_data",
                "execute_result",
                "update_display_data",
            ):
                outputs.append(answer)
        return outputs

    def value(self, code: str) -> Any:
        """What a line of code comes to, through JSON."""
        told = f"import json as _json; print(_json.dumps({code}, default=str))"
        name = self.send(
            "execute_request", code=told, silent=False, store_history=False
        )
        text = ""
        for answer in self.answers(name):
            if answer["kind"] == "error":
                raise AssertionError("\n".join(answer["traceback"]))
            if answer["kind"] == "stream":
                text += answer["text"]
        return json.loads(text)

    def move(self, model: str, value: Any) -> None:
        """Set a control to a value, as its view in the browser does, and wait."""
        self.widgets[model]["value"] = value
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        for _ in self.answers(self.send("comm_msg", comm_id=model, data=data)):
            pass
