"""`clio-async demo`: a simulated firm, read, changed by somebody else, and read again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

import anyio
from rich.console import Console
from rich.markup import escape

from ...client import Clio
from ...options import Policy, TagScope
from .counts import Chapter, Claim, failures
from .server import running
from .show import Screen
from .work import Firm, every_part, steps

__all__ = ["demo", "report"]


def demo(*, matters: int = 2_000, reads: int = 300, seed: int = 0) -> int:
    """Read a simulated firm over HTTP, with validators and without, and compare every count with the server's.

    The status is 1 if a count is not what the server says.

    Parameters
    ----------
    matters
        How many matters the firm has.
    reads
        How many of them are read one by one.
    seed
        The same seed makes the same firm.
    """
    console = Console()
    matters = max(2, matters)
    return report(console, anyio.run(_chapters, console, matters, max(2, min(reads, matters)), seed))


def report(console: Console, chapters: Iterable[Chapter]) -> int:
    """Print the tables and what is wrong; return the status of the command."""
    screen = Screen(console)
    claims: list[Claim] = []
    for chapter in chapters:
        screen.chapter(chapter)
        claims += chapter.every_claim()
    wrong = failures(claims)
    for line in wrong:
        screen.say(f"[bold red]WRONG[/] {escape(line)}")
    if not wrong:
        screen.say(f"\n{len(claims)} counts and outcomes compared with the server's: all agree.")
    return 1 if wrong else 0


_INTRODUCTION = """\
The same work twice over, with validators and without, against two servers: Clio does not say whether the tag of a
matter names the record alone, or all that an answer shows, its client's name included.
"""


async def _chapters(console: Console, matters: int, reads: int, seed: int) -> list[Chapter]:
    screen = Screen(console)
    screen.say(_INTRODUCTION)
    scopes: tuple[TagScope, ...] = get_args(TagScope)
    with screen.working(len(scopes) * steps(matters, reads)):
        return [await _chapter(screen, scope, matters, reads, seed) for scope in scopes]


async def _chapter(screen: Screen, scope: TagScope, matters: int, reads: int, seed: int) -> Chapter:
    """Do all of the work against a server whose tags name `scope`."""
    chapter = Chapter(f"Where a tag names the {scope}")
    screen.say(chapter.title)
    policy = Policy(tag_scope={"matters": scope})
    async with (
        running(matters, seed, scope) as server,
        Clio(server.token, base_url=server.base_url, policy=policy) as clio,
        Clio(server.token, base_url=server.base_url, cache=None) as bare,
    ):
        await every_part(Firm(server, clio, bare, screen, chapter, scope, matters, reads))
    return chapter
