"""What a person sees: a progress bar on a terminal, lines elsewhere, and the tables."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from .counts import Chapter, Part, Side, total

__all__ = ["Screen"]


class Screen:
    """Where the demonstration is shown."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None

    @contextmanager
    def working(self, steps: int) -> Generator[None, None, None]:
        """Show the progress of so many steps, on a terminal."""
        if not self._console.is_terminal:
            yield
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as self._progress:
            self._progress.add_task("", total=steps)
            yield
        self._progress = None

    def begin(self, text: str) -> None:
        """Say what is done now."""
        if self._progress is None:
            self.say(f"  {text} …")
        else:
            self._progress.update(self._progress.task_ids[0], description=text)

    def step(self) -> None:
        """Move the bar by one step."""
        if self._progress is not None:
            self._progress.advance(self._progress.task_ids[0])

    def say(self, text: str) -> None:
        """Print a line."""
        self._console.print(text, highlight=False, soft_wrap=True)

    def chapter(self, chapter: Chapter) -> None:
        """Print what was counted, and what was claimed."""
        self._console.print(_table(chapter))
        for claim in chapter.claims:
            if claim.holds and claim.shown:
                self.say(f"  [green]ok[/] {claim.text}")


def _table(chapter: Chapter) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=0, show_edge=False)
    table.title, table.title_justify, table.title_style = f"\n{chapter.title}", "left", "bold"
    table.add_column("", no_wrap=True)
    for name in ("requests", "304", "share", "received", "saved", "time", "without"):
        table.add_column(name, justify="right", no_wrap=True)
    for part in chapter.parts:
        table.add_row(*_cells(part))
    table.add_section()
    validated, bare = total(chapter.parts)
    table.add_row(*_cells(Part("total", sum((part.validated for part in chapter.parts), Side()))), style="bold")
    table.add_row(*_cells(Part("done both ways", validated, bare)), style="bold")
    table.add_row(*_cells(Part("without validators", bare)))
    return table


def _cells(part: Part) -> Iterable[str]:
    side = part.validated
    yield part.name
    yield f"{side.client.requests:,}"
    yield f"{side.client.not_modified:,}"
    yield f"{side.share:.0%}"
    yield size(side.client.bytes)
    yield size(side.saved)
    yield f"{side.seconds:.2f} s"
    yield "" if part.bare is None else f"{part.bare.seconds:.2f} s"


def size(count: int) -> str:
    """Return a number of bytes as a person reads it."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.2f} MB"
