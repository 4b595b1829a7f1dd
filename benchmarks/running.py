"""Runs one group, in a process of its own that keeps to one core: `python -m benchmarks.running GROUP FILE [--quick]`.

What it leaves in the file is what was measured, when, and on what machine with which versions.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import platform
import re
import resource
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import cattrs
from attrs import frozen

from benchmarks.heap import steady_heap
from benchmarks.measure import Case, Curve, Effort, pin

__all__ = ["Group", "Machine", "collect", "machine", "read", "versions", "written"]

FOLDER = Path(__file__).parent
QUICK = Effort(rounds=2, scale=0.01)
CORE = 0


@frozen
class Machine:
    """What was measured on."""

    processor: str
    cores: int
    memory: str
    kernel: str
    python: str


@frozen
class Group:
    """What was measured in one run of a group."""

    date: str
    machine: Machine
    versions: Mapping[str, str]
    cases: tuple[Case, ...]
    curves: tuple[Curve, ...]
    seconds: float
    pinned: bool
    """Whether the contenders had one core, and the server another one."""
    foreign: float | None
    """The part of the time in which others used the core of the contenders."""


def machine() -> Machine:
    """Look at this machine."""
    told = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"^model name\s*: (.*)$", told, re.MULTILINE)
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        processor=model[1] if model else platform.processor() or platform.machine(),
        cores=os.cpu_count() or 1,
        memory=f"{pages / 2**30:.0f} GiB",
        kernel=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
    )


def versions() -> dict[str, str]:
    """Return the versions of this package, of what it stands on, and of those it is measured beside."""
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text("utf-8"))
    wanted = ["clio-async", "httpx2", *project["project"]["dependencies"], *project["dependency-groups"]["bench"]]
    found: dict[str, str] = {}
    for text in wanted:
        name = re.split(r"[^\w.-]", text, maxsplit=1)[0]
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a group that needs no peers runs without them
            continue
    return dict(sorted(found.items()))


def busy(core: int) -> float | None:
    """Return for how many seconds anybody has used a core, where the system tells."""
    if not (told := Path("/proc/stat")).exists():
        return None
    line = next(line for line in told.read_text().splitlines() if line.startswith(f"cpu{core} "))
    user, nice, system, _, _, *interrupts = (int(word) for word in line.split()[1:])
    return (user + nice + system + sum(interrupts[:2])) / os.sysconf("SC_CLK_TCK")


def own() -> float:
    """Return the processor time of this process and of those that it has started and seen end."""
    past = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + past.ru_utime + past.ru_stime


def told(one: Case | Curve) -> Case | Curve:
    """Say that it is done."""
    print(f"   {one.name}", flush=True)
    return one


async def walked(results: AsyncIterator[Case | Curve]) -> list[Case | Curve]:
    """Return all that an asynchronous group yields."""
    return [told(one) async for one in results]


def collect(group: str, effort: Effort) -> Group:
    """Run a group on a core of its own."""
    steady_heap()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]  # all is on loopback
    pinned = pin(CORE)
    began, used, mine = time.perf_counter(), busy(CORE), own()
    results = importlib.import_module(f"benchmarks.{group}").run(effort)
    found = asyncio.run(walked(results)) if hasattr(results, "__aiter__") else [told(one) for one in results]
    passed, after = time.perf_counter() - began, busy(CORE)
    foreign = None
    if pinned and used is not None and after is not None:
        foreign = max(0.0, after - used - (own() - mine)) / passed
    return Group(
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        versions=versions(),
        cases=tuple(one for one in found if isinstance(one, Case)),
        curves=tuple(one for one in found if isinstance(one, Curve)),
        seconds=passed,
        pinned=pinned,
        foreign=foreign,
    )


def rounded(value: Any) -> Any:
    """Return JSON whose numbers have five digits that count: more would be noise, and a longer file."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def written(groups: Mapping[str, Group]) -> str:
    """Return the results as the text that is kept."""
    return json.dumps(rounded(cattrs.unstructure(dict(groups))), indent=1, ensure_ascii=False) + "\n"


def read(text: str) -> dict[str, Group]:
    """Return the results that a text holds."""
    return {name: cattrs.structure(group, Group) for name, group in json.loads(text).items()}


def main(group: str, file: str, *flags: str) -> None:
    """Run a group and leave what it found in a file."""
    found = collect(group, QUICK if "--quick" in flags else Effort())
    Path(file).write_text(written({group: found}), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
