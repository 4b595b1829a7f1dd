"""What comes along with the package is little, and known (F78)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = Path(__file__).parent.parent / "pyproject.toml"
NEEDED = {"aiohttp": (3, 14, 3), "anyio": (4, 8), "attrs": (25, 1), "cattrs": (25, 1), "msgspec": (0, 19)}
"""What is installed with the package, each from the version on that is without the flaws that are known."""
WITH_THEM = {
    "aiohappyeyeballs",
    "aiosignal",
    "frozenlist",
    "idna",
    "multidict",
    "propcache",
    "typing-extensions",
    "yarl",
}
"""What those five need, and what that needs: for every Python and system that the package is for."""
FLAWS: list[dict[str, str]] = tomllib.loads((Path(__file__).parent / "advisories.toml").read_text("utf-8"))["flaw"]
EXTRAS = {"httpx2": {"httpx2"}, "redis": {"redis"}, "otel": {"opentelemetry-api"}, "cli": {"cyclopts", "rich"}}


def bounds(requirements: list[str]) -> dict[str, tuple[int, ...]]:
    """Read requirements that are a name and a lower bound. Anything else is an error."""
    found = {}
    for text in requirements:
        match = re.fullmatch(r"([a-z0-9-]+)>=(\d+(?:\.\d+)*)", text)
        assert match is not None, text
        found[match[1]] = tuple(map(int, match[2].split(".")))
    return found


@pytest.fixture
def project() -> dict[str, Any]:
    return tomllib.loads(PROJECT.read_text("utf-8"))["project"]  # type: ignore[no-any-return]


def test_a_new_dependency_is_noticed(project: dict[str, Any]) -> None:
    """F78: five are needed, and no other is; extras add what they are named for. None is from elsewhere, none at any
    version."""
    assert NEEDED == bounds(project["dependencies"])
    assert EXTRAS == {name: {*bounds(texts)} for name, texts in project["optional-dependencies"].items()}


def test_what_is_installed_needs_the_same(project: dict[str, Any]) -> None:
    """F78: what the package says of itself where it is installed."""
    said = [text.replace(" ", "") for text in requires("clio-async") or [] if "extra" not in text]
    assert bounds(project["dependencies"]) == bounds(said)


@pytest.mark.parametrize("text", ["aiohttp", "aiohttp<4", "x @ https://example.com/x.whl", "x==1", "git+ssh://x"])
def test_the_check_sees_what_has_no_lower_bound(text: str) -> None:
    """The control of F78: a name alone, an address, an upper bound."""
    with pytest.raises(AssertionError, match=re.escape(text)):
        bounds(["anyio>=4.8", text])


PLACES = [
    {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system, "extra": ""}
    for python in ("3.11", "3.12", "3.13", "3.14")
    for system in ("linux", "darwin", "win32")
]


def needed_by(name: str) -> set[str]:
    """Return what the distribution that is installed says it needs, somewhere."""
    return {
        canonicalize_name(needed.name)
        for needed in map(Requirement, requires(name) or [])
        if needed.marker is None or any(needed.marker.evaluate(place) for place in PLACES)
    }


def closure(name: str) -> set[str]:
    """Return all that comes along with a distribution, from those that are installed."""
    found: set[str] = set()
    ahead = {name}
    while ahead:
        ahead = {each for one in ahead for each in needed_by(one)} - found
        found |= ahead
    return found


def test_nothing_else_comes_along() -> None:
    """F78: five distributions and the eight that those need, and none that nobody looked at."""
    assert {*NEEDED, *WITH_THEM} == closure("clio-async")


def flawed(versions: Mapping[str, str]) -> Iterator[str]:
    """Name the flaws that are known of these versions."""
    for flaw in FLAWS:
        have = versions.get(flaw["package"])
        if have is not None and Version(have) < Version(flaw["fixed"]):
            yield f"{flaw['package']} {have} has {flaw['id']}: {flaw['what']}"


def test_nothing_that_is_installed_has_a_flaw_that_is_known() -> None:
    """F78: neither what the package itself needs, nor what comes along, nor what an extra adds."""
    names = {*closure("clio-async"), *(name for names in EXTRAS.values() for name in names)}
    assert [] == [*flawed({name: version(name) for name in names})]


def test_no_bound_allows_a_flaw_that_is_known(project: dict[str, Any]) -> None:
    """F78: the oldest versions that may be installed have none of them, as far as the bounds are ours."""
    texts = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    assert [] == [*flawed({name: ".".join(map(str, found)) for name, found in bounds(texts).items()})]


def test_a_flawed_version_is_named() -> None:
    """The control of F78: the version before the one that is without a flaw; and each flaw says where it is told."""
    assert ["aiohttp 3.14.2 has CVE-2026-69244", "aiohttp 3.14.2 has aiohttp 13180"] == [
        line.partition(":")[0] for line in flawed({"aiohttp": "3.14.2", "multidict": "1"})
    ]
    assert [] == [*flawed({"aiohttp": "3.14.3"})]
    for flaw in FLAWS:
        assert {"package", "fixed", "id", "what", "where"} == flaw.keys()
        assert flaw["package"] in {*NEEDED, *WITH_THEM, *(name for names in EXTRAS.values() for name in names)}
