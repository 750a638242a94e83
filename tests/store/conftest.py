"""Other processes, shared by the tests that kill them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent


class Children:
    """Starts children of `child.py`; see there."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "child.py"],
            cwd=HERE,
            env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, do: str, **order) -> int:
        """The pid of a new child."""
        return self._ask({"do": do} | order)

    def wait(self, pid: int) -> int:
        """Its exit status, negative for a signal."""
        return self._ask({"wait": pid})

    def kill(self, pid: int) -> None:
        """As the power switch would, but for the page cache."""
        os.kill(pid, signal.SIGKILL)
        assert self.wait(pid) == -signal.SIGKILL

    def killed_after(self, changes: int, seconds: float, do: str, *, report: Path, **order) -> int:
        """Start a child, kill it so long after so many changes; how many it then reported."""
        report.unlink(missing_ok=True)
        pid = self.start(do, report=report, **order)
        while not report.exists() or report.stat().st_size < changes:
            time.sleep(0.001)
        time.sleep(seconds)
        self.kill(pid)
        return len(report.read_text(encoding="ascii"))

    def run(self, do: str, **order) -> int:
        """Start and wait."""
        return self.wait(self.start(do, **order))

    def close(self) -> None:
        """End the parent."""
        self._parent.stdin.close()
        self._parent.stdout.close()
        self._parent.wait()

    def _ask(self, order: dict) -> int:
        self._parent.stdin.write(json.dumps(order, default=str) + "\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())


@pytest.fixture(scope="session")
def children():
    started = Children()
    yield started
    started.close()
