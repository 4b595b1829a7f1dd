"""What a process of a test writes, and its end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, Thread
from typing import IO

from tests.sync.world import LONG, ROOT


class Running:
    """A process that writes its log on its standard error, as its children do."""

    def __init__(self, process: subprocess.Popen[str], stream: IO[str]) -> None:
        self.process = process
        self._stream = stream
        self._lines: list[str] = []
        self._news = Condition()
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        for line in self._stream:
            with self._news:
                self._lines.append(line.rstrip())
                self._news.notify_all()

    def find(self, pattern: str) -> str:
        """Wait for a line, and return the group of it that is asked for."""
        with self._news:
            found = self._news.wait_for(lambda: re.search(pattern, "\n".join(self._lines)), LONG)
            assert found, self._lines
            return found[1]

    def stop(self) -> list[str]:
        """End it as a service is ended, and return all lines when everybody who writes has ended."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(LONG)
        self._thread.join(LONG)
        assert not self._thread.is_alive()
        return self._lines


@contextmanager
def running(command: list[str], env: Mapping[str, str], *files: int) -> Iterator[Running]:
    """Run a command at the root of the project, with these variables and open files besides.

    It is not measured for coverage: it costs much, and covers nothing that other tests do not.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    with subprocess.Popen(
        command, cwd=ROOT, env={**own, **env}, stderr=subprocess.PIPE, text=True, pass_fds=files
    ) as process:
        try:
            assert process.stderr is not None
            yield Running(process, process.stderr)
        finally:
            process.kill()
