"""The stubs of the synchronous client say what its verbs take: what the asynchronous ones take, and nothing else."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import Parameter
from pathlib import Path
from typing import Any

import pytest

import clio_async
from clio_async import Clio, Download, Edit, OAuthApp, Pages, SyncClio, SyncOAuthApp, SyncPages, sync
from clio_async.changes import Changes
from clio_async.resources._generated import RESOURCES
from clio_async.resources.caller import Caller
from clio_async.resources.subscriptions.ensured import Ensured
from clio_async.sync.absent import CLIENT, VERBS
from clio_async.sync.downloads import SyncDownload
from clio_async.sync.edits import SyncEdit
from clio_async.sync.ensured import SyncEnsured
from clio_async.sync.pages import SyncChanges
from clio_async.sync.resources import class_of
from clio_async.sync.versions import SyncVersions
from clio_async.versions import Versions

STUBS = Path(clio_async.__file__).parent / "sync" / "_generated"
EACH = pytest.mark.parametrize("name", RESOURCES)


def asynchronous(name: str) -> type[Any]:
    """Return the class of an asynchronous resource."""
    module, of = RESOURCES[name]
    found: type[Any] = getattr(import_module(module, "clio_async.resources._generated"), of)
    return found


@cache
def stub(name: str) -> str:
    return (STUBS / f"{name}.pyi").read_text()


def methods(source: str, of: str) -> dict[str, list[ast.FunctionDef]]:
    """Return the signatures of each method of a class in a stub: one, or its overloads."""
    (made,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == of)
    found: dict[str, list[ast.FunctionDef]] = {}
    for node in made.body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
    return found


Said = tuple[str, Any, str | None]
"""An argument: its name, its kind, and its default as a text."""


def said(node: ast.FunctionDef) -> list[Said]:
    """Return the arguments of a signature in a stub."""
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(positional) - len(given.defaults)) + [ast.unparse(one) for one in given.defaults]
    kinds = [Parameter.POSITIONAL_ONLY] * len(given.posonlyargs) + [Parameter.POSITIONAL_OR_KEYWORD] * len(given.args)
    found: list[Said] = [(one.arg, *rest) for one, *rest in zip(positional, kinds, defaults, strict=True)]
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        found.append((one.arg, Parameter.KEYWORD_ONLY, default and ast.unparse(default)))
    rest = [(given.vararg, Parameter.VAR_POSITIONAL), (given.kwarg, Parameter.VAR_KEYWORD)]
    return found + [(one.arg, kind, None) for one, kind in rest if one is not None]


def taken(function: Any) -> list[Said]:
    """Return the arguments of a function."""
    parameters = inspect.signature(function).parameters.values()
    return [(one.name, one.kind, None if one.default is one.empty else repr(one.default)) for one in parameters]


def differences(source: str, cls: type[Any], name: str) -> list[str]:
    """Return how a stub differs from the asynchronous class, in sentences."""
    wanted = {verb for verb in dir(cls) if not verb.startswith("_")} - {verb for of, verb in VERBS if of == name}
    found = methods(source, cls.__name__)
    told = [f"{verb} is in one of them alone" for verb in wanted ^ {*found}]
    for verb in wanted & {*found}:
        told += _unlike(found[verb], getattr(cls, verb)) if verb != "edit" else _unlike_edit(found[verb], cls)
    return sorted(told)


def _unlike(signatures: list[ast.FunctionDef], function: Any) -> Iterator[str]:
    """Yield what is unlike the function in its signatures. Where there are several, `fields` tells them apart."""
    wanted = taken(function)
    told = {
        one: {default for found in map(said, signatures) for name, _, default in found if name == one}
        for one in _names(wanted)
    }
    for node in signatures:
        if [one[:2] for one in said(node)] != [one[:2] for one in wanted]:
            yield f"{node.name} takes other arguments"
    if len(signatures) > 1:
        told["fields"].discard(None)
    if {name: {default} for name, _, default in wanted} != told:
        yield f"{signatures[0].name} has other defaults"


def _names(found: list[Said]) -> list[str]:
    return [name for name, _, _ in found]


def _unlike_edit(signatures: list[ast.FunctionDef], cls: type[Any]) -> Iterator[str]:
    """Yield what is unlike the overloads of `edit`: type checkers see those, and another signature is run."""
    source = inspect.getsource(next(base for base in cls.__mro__ if "._generated." in base.__module__))
    theirs = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == "edit" and node.decorator_list
    ]
    if [said(node) for node in theirs] != [said(node) for node in signatures]:
        yield "edit has other overloads"
    run = inspect.signature(cls.edit)
    for node in signatures:
        found = said(node)
        kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        run.bind(
            *[one for one, kind, _ in found if kind in kinds], **{one: 1 for one, kind, _ in found if kind not in kinds}
        )


AWAITED = re.compile(r"Await|Coroutine|Async|^async|^await|^a(iter|next|close|enter|exit)$")
AWAITING = re.compile(r"\bawait\b|\basync (?:for|with|def)\b")
EXAMPLES = re.compile(rf"{AWAITING.pattern}|`(?:Pages|Changes|Download)\b")
ASYNCHRONOUS = {"Pages", "Changes", "Edit", "Download", "Ensured", "Clio"}


def awaited(source: str) -> list[str]:
    """Return what is asynchronous in a stub: names, definitions, and words of examples."""
    tree = ast.parse(source)
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    found = [name for name in names if AWAITED.search(name) or name in ASYNCHRONOUS]
    found += [node.name for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    return found + EXAMPLES.findall(source)


@EACH
def test_a_stub_takes_what_the_asynchronous_verbs_take(name: str) -> None:
    """The same verbs, and of each the names, kinds and defaults of its arguments."""
    assert [] == differences(stub(name), asynchronous(name), name)


@EACH
def test_nothing_in_a_stub_is_asynchronous(name: str) -> None:
    """Neither a definition, nor a type, nor an example."""
    assert [] == awaited(stub(name))


@EACH
def test_the_client_has_what_the_stub_says(name: str) -> None:
    """The class that runs has these verbs and no other; none is to be awaited, and help() shows what they take."""
    found, wanted = class_of(asynchronous(name)), asynchronous(name)
    verbs = [verb for verb in dir(found) if not verb.startswith("_")]
    assert sorted(methods(stub(name), wanted.__name__)) == verbs
    for verb in verbs:
        assert taken(getattr(wanted, verb)) == taken(getattr(found, verb))
        assert not inspect.iscoroutinefunction(getattr(found, verb))
        assert [] == EXAMPLES.findall(inspect.getdoc(getattr(found, verb)) or "await")


def test_every_resource_has_a_stub_and_nothing_else_has() -> None:
    """The class that gives them to a client has one attribute for each, of its class."""
    assert {*RESOURCES, "__init__"} == {path.stem for path in STUBS.iterdir()}
    given = methods((STUBS / "__init__.pyi").read_text(), "Resources")
    classes = {name: ast.unparse(node.returns or node) for name, (node,) in given.items()}
    assert {name: of for name, (_, of) in RESOURCES.items()} == classes


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("    def delete(", "    def remove(", "delete is in one of them alone"),
        ("resume: str | None = None", "resumed: str | None = None", "list takes other arguments"),
        ("        target: int | HasETag,\n        /,\n", "        target: int | HasETag,\n", "update takes other"),
        ('on_conflict: OnConflict = "raise"', 'on_conflict: OnConflict = "merge"', "update has other defaults"),
        ("attempts: int = 20", "attempts: int = 21", "edit has other overloads"),
    ],
)
def test_the_control_each_difference_is_found(before: str, after: str, told: str) -> None:
    """A stub with a verb, a name, a kind or a default that is not that of the verb is told from a right one."""
    assert before in stub("matters")
    wrong = stub("matters").replace(before, after)
    assert told in "; ".join(differences(wrong, asynchronous("matters"), "matters"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    def delete(", "    async def delete("),
        ("-> SyncPages[Matter]", "-> Awaitable[Matter]"),
        ("-> SyncPages[Matter]", "-> Pages[Matter]"),
        ('"""Delete one.', '"""await it'),
    ],
)
def test_the_control_what_is_asynchronous_is_found(before: str, after: str) -> None:
    """A verb that would have to be awaited is seen, whatever says so."""
    assert before in stub("matters")
    assert awaited(stub("matters").replace(before, after))


def test_what_is_absent_exists_and_has_a_reason() -> None:
    """The list names verbs of the asynchronous client that there are, and says what to do instead."""
    for (name, verb), reason in VERBS.items():
        assert inspect.iscoroutinefunction(getattr(asynchronous(name), verb))
        assert reason.endswith(".")
        assert verb not in methods(stub(name), asynchronous(name).__name__)


def test_what_differs_is_told_in_one_place() -> None:
    """The package says what is written differently, and what is not there."""
    told = inspect.getdoc(sync) or ""
    assert all(f"{name}.{verb}(" in told for name, verb in VERBS)
    assert all(f"{member}(" in told for member in CLIENT)


def public(cls: type[Any]) -> set[str]:
    """Return the public members of a class; those of a client beside its resources."""
    return {name for name in dir(cls) if not name.startswith("_")} - {*RESOURCES}


PAIRS = pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (Clio, SyncClio),
        (Pages, SyncPages),
        (Changes, SyncChanges),
        (Edit, SyncEdit),
        (Download, SyncDownload),
        (Ensured, SyncEnsured),
        (OAuthApp, SyncOAuthApp),
        (Versions, SyncVersions),
    ],
)
WITHIN = {Clio: public(Caller), Ensured: {"closing"}}
"""What is there for the package's own use."""


@PAIRS
def test_every_public_member_has_its_synchronous_form(theirs: type[Any], ours: type[Any]) -> None:
    """Or stands in the list with what to do instead; and nothing is there besides but that."""
    left = public(theirs) - public(ours) - WITHIN.get(theirs, set())
    assert ({*CLIENT} if theirs is Clio else set()) == left
    assert ({"close"} if theirs is Clio else set()) == public(ours) - public(theirs)
    assert all(reason.endswith(".") for reason in CLIENT.values())


@PAIRS
def test_members_take_the_same_and_are_not_awaited(theirs: type[Any], ours: type[Any]) -> None:
    """Names, kinds and defaults of arguments; every member says what it does, and no example awaits."""
    if ours in (SyncClio, SyncOAuthApp):  # nobody makes the others
        assert [one[:2] for one in taken(theirs)] == [one[:2] for one in taken(ours)]
        assert ours is SyncOAuthApp or taken(theirs) == taken(ours)
    for name in public(theirs) & public(ours):
        found = getattr(ours, name)
        if inspect.isfunction(found):
            assert taken(getattr(theirs, name)) == taken(found)
            assert not inspect.iscoroutinefunction(found)
        assert [] == AWAITING.findall(inspect.getdoc(found) or "await")
    assert not {"__aenter__", "__aexit__", "__aiter__", "__anext__", "__await__"} & {*dir(ours)}
    assert ("__aenter__" in dir(theirs)) == ("__enter__" in dir(ours))
    assert ("__aiter__" in dir(theirs)) == ("__iter__" in dir(ours))
