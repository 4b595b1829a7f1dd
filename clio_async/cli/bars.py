"""How far a transfer or a job is, on standard error: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Final

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Display

from ..transfers import Phase, Progress

__all__ = ["Bars", "amount", "step"]

_SAID: Final[dict[Phase, str]] = {
    "waiting": "Waiting for Clio",
    "uploading": "Uploading",
    "finishing": "Finishing",
    "downloading": "Downloading",
    "done": "Done",
}


class Bars:
    """A block in which progress is shown. Call it with each."""

    def __init__(self, *, is_terminal: bool | None = None) -> None:
        shows = sys.stderr is not None and sys.stderr.isatty() if is_terminal is None else is_terminal
        self._step: tuple[Phase, int] | None = None
        self._display: Display | None = None
        if shows:
            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[amount]}"))
            self._display = Display(*columns, console=Console(stderr=True), transient=True)
            self._task = self._display.add_task("", total=None, amount="", visible=False)

    def __enter__(self) -> Bars:
        if self._display is not None:
            self._display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._display is not None:
            self._display.stop()

    def __call__(self, progress: Progress) -> None:
        """Show it."""
        if self._display is not None:
            self._display.update(
                self._task,
                description=_SAID[progress.phase],
                completed=progress.done,
                total=progress.total,
                amount=amount(progress),
                visible=progress.phase != "done",
            )
        elif progress.phase != "done" and step(progress) != self._step:
            self._step = step(progress)
            say(f"{_SAID[progress.phase]}: {amount(progress)}")


def amount(progress: Progress) -> str:
    """Return how much is done, for a reader."""
    if progress.phase == "waiting":
        return "…" if progress.total is None else f"{progress.done} %"
    return decimal(progress.done) + ("" if progress.total is None else f" of {decimal(progress.total)}")


def step(progress: Progress) -> tuple[Phase, int]:
    """Return which line it belongs to: one for each tenth of a phase."""
    return progress.phase, 10 * progress.done // progress.total if progress.total else 0


def say(text: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
