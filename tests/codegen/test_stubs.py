"""The stubs of the synchronous client: what the generator makes of asynchronous classes, rule by rule."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from clio_async._codegen import overlay
from clio_async._codegen.__main__ import main, sources
from clio_async._codegen.document import Api, read
from clio_async._codegen.stubs import stubs
from clio_async._codegen.verbs import resource_modules

from .garden import DOCUMENT, OVERLAY

BEDS = "resources/_generated/beds.py"
HEAD = "from __future__ import annotations\n"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    """Put the garden's overlay in the place of Clio's, table by table."""
    for name, table in OVERLAY.items():
        monkeypatch.setattr(overlay, name, table)
    return read(DOCUMENT)


def of_beds(api: Api, source: str, others: Mapping[str, str] | None = None) -> str:
    """Return the stub of a resource whose module is this one."""
    written = {f"resources/_generated/{name}": text for name, text in resource_modules(api).items()} | (others or {})
    return stubs(api, written | {BEDS: HEAD + source})["sync/_generated/beds.pyi"]


def heads(stub: str, of: str = "Beds") -> dict[str, list[str]]:
    """Return the signatures of the methods of a class in a stub, without what they say."""
    made = next(node for node in ast.parse(stub).body if isinstance(node, ast.ClassDef) and node.name == of)
    found: dict[str, list[str]] = {}
    for node in made.body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(f"({ast.unparse(node.args)}) -> {ast.unparse(node.returns or node)}")
    return found


def imports(stub: str) -> list[str]:
    return [ast.unparse(node) for node in ast.parse(stub).body if isinstance(node, ast.Import | ast.ImportFrom)]


def test_every_resource_of_the_garden_has_a_stub(api: Api) -> None:
    """One for each, and one that gives them to a client; a class that is not written yet is the generated one."""
    made = {name: source for name, source in sources(api).items() if name.startswith("sync/")}
    assert {f"sync/_generated/{name}.pyi" for name in ("__init__", "beds", "plants", "sown", "weather")} == {*made}
    assert ["(self) -> WeatherResource"] == heads(made["sync/_generated/__init__.pyi"], "Resources")["weather"]
    assert "from .weather import WeatherResource" in made["sync/_generated/__init__.pyi"]
    plants = heads(made["sync/_generated/plants.pyi"], "Plants")
    assert {"create", "delete", "edit", "get", "get_if_changed", "get_many", "ids", "iter_changes", "list"} <= {*plants}
    assert "-> SyncPages[T]" in plants["list"][0]
    assert "-> SyncPages[Plant]" in plants["list"][1]
    assert "-> PlantEdit[T]" in plants["edit"][0]
    assert "class PlantEdit(SyncEdit[T]):" in made["sync/_generated/plants.pyi"]
    assert "async" not in "".join(made.values()).replace("It is not async,", "").replace("function is async", "")


def test_a_class_by_hand_gives_its_verbs(api: Api) -> None:
    """A verb that is added to it, or to a base of it, is in the stub, before those of the generated class."""
    by_hand = """
from .in_between import Blows
from ._generated.weather import WeatherResource as Generated
class WeatherResource(Blows, Generated):
    __doc__ = Generated.__doc__
    async def rain(self) -> None:
        '''Rain.'''
    async def _hidden(self) -> None: ...
"""
    between = (
        "from .base import ResourceBase\nclass Blows(ResourceBase):\n    async def blow(self) -> int:\n        'Blow.'"
    )
    written = sources(api) | {"resources/weather.py": by_hand, "resources/in_between.py": between}
    stub = stubs(api, written)["sync/_generated/weather.pyi"]
    assert ["rain", "blow"] == [*heads(stub, "WeatherResource")][:2]
    assert {"get", "list"} & {*heads(stub, "WeatherResource")}
    assert "Clio's ``/weather" in stub
    assert "_hidden" not in stub


CALLS = '''
import os
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar
from ...changes import Changes
from ...pages import Pages
from ..downloads import Download
from ..uploads.source import AsyncReader

T = TypeVar("T")
_SIZE = 2 * _KILO
_KILO = 1024
Then: TypeAlias = Callable[[int], Awaitable[object]]
Told: TypeAlias = Then | None
Taken: TypeAlias = str | AsyncReader | AsyncIterable[bytes]
Plain: TypeAlias = str | int
Spaded: TypeAlias = AsyncReader | int

class Beds:
    """Beds."""
    async def dig(self, depth: int = _SIZE, /, *, deep: Literal["async", 1] = "async", how: Plain = -1) -> int | None:
        """Dig."""
    def water(self) -> Awaitable[str]:
        """Water."""
    def weed(self) -> Coroutine[Any, Any, dict[str, int]]:
        """Weed."""
    def list(self) -> Pages[int]:
        """List."""
    def changes(self, source: Taken, tell: Told) -> Changes[list[Any]]:
        """Changes."""
    def load(self, path: os.PathLike[str], by: Spaded = 0) -> AbstractAsyncContextManager[Download]:
        """Load."""
    def walk(self) -> AsyncIterator[bytes]:
        """Walk."""
'''


def test_types_have_their_synchronous_form(api: Api) -> None:
    """What is awaited is what is returned; what is walked asynchronously is not; constants stand for themselves."""
    stub = of_beds(api, CALLS)
    assert {
        "dig": ["(self, depth: int=2048, /, *, deep: Literal['async', 1]='async', how: Plain=-1) -> int | None"],
        "water": ["(self) -> str"],
        "weed": ["(self) -> dict[str, int]"],
        "list": ["(self) -> SyncPages[int]"],
        "changes": ["(self, source: Taken, tell: Told) -> SyncChanges[builtins.list[Any]]"],
        "load": ["(self, path: os.PathLike[str], by: Spaded=0) -> AbstractContextManager[SyncDownload]"],
        "walk": ["(self) -> Iterator[bytes]"],
    } == heads(stub)
    aliases = [ast.unparse(node) for node in ast.parse(stub).body if isinstance(node, ast.AnnAssign)]
    assert [
        "Taken: TypeAlias = str | Iterable[bytes]",
        "Then: TypeAlias = Callable[[int], object]",
        "Told: TypeAlias = Then | None",
        "Spaded: TypeAlias = int",
    ] == aliases
    assert {
        "import builtins",
        "import os",
        "from ..pages import SyncPages",
        "from ..downloads import SyncDownload",
        "from ...resources._generated.beds import Plain",
        "from contextlib import AbstractContextManager",
        "from collections.abc import Iterator",
    } <= {*imports(stub)}


GENERIC = '''
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload
from ...models._generated.plants import Plant
if TYPE_CHECKING:
    from ..base import HasId

R = TypeVar("R")
S = TypeVar("S")
K = TypeVar("K", bound=HasId)
T = TypeVar("T")

class Tools(Generic[S]): ...

class Both(Tools[S], Generic[R, S]):
    def both(self, other: K) -> tuple[R, S, K]:
        """Both."""

class One(Both[R, str]):
    def one(self) -> R:
        """One."""
    async def dig(self) -> int:
        """Of the base."""

class Digs:
    if TYPE_CHECKING:
        def fill(self) -> int:
            """Fill."""
    else:
        async def dig(self, *given) -> Any:
            """Dig: await it.

                async with clio.beds as bed: ...

            Then rest.
            """

class Beds(One["Plant"], Digs):
    """Beds."""
    if TYPE_CHECKING:
        @overload
        async def dig(self, fields: type[T]) -> T: ...
        @overload
        async def dig(self, fields: None = None) -> Plant: ...
        async def dig(self, *given: Any) -> Any: ...
'''


def test_variables_of_bases_are_what_the_class_says(api: Api) -> None:
    """Also of a base of a base, and of one that names no variables of its own; those of calls are the stub's."""
    stub = of_beds(api, GENERIC)
    assert ["(self, other: K) -> tuple[Plant, str, K]"] == heads(stub)["both"]
    assert ["(self) -> Plant"] == heads(stub)["one"]
    defined = [ast.unparse(node) for node in ast.parse(stub).body if isinstance(node, ast.Assign)]
    assert {"T = TypeVar('T')", "K = TypeVar('K', bound=HasId)"} == {*defined}
    assert "from ...resources.base import HasId" in imports(stub)


def test_overloads_are_kept_and_the_first_says_what_the_verb_does(api: Api) -> None:
    """The signature for run time is left out; what the class itself does not say, its bases do, without awaiting."""
    stub = of_beds(api, GENERIC)
    assert ["(self, fields: type[T]) -> T", "(self, fields: None=None) -> Plant"] == heads(stub)["dig"]
    assert 2 == stub.count("@overload")
    assert 1 == stub.count("Of the base.")
    told = of_beds(api, GENERIC.replace('"""Of the base."""', "..."))
    assert '"""Dig: it.\n\n            with clio.beds as bed: ...\n\n        Then rest.\n        """' in told


def test_what_is_absent_is_left_out(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list that says why is the one that the client goes by, too."""
    monkeypatch.setattr("clio_async._codegen.stubs.VERBS", {("beds", "water"): "It never ends."})
    assert {"water"} == {*re.findall(r"def (\w+)", CALLS)} - {*heads(of_beds(api, CALLS))}


def test_long_lines_are_broken_again(api: Api) -> None:
    """A line that has grown gives its last words to the next; neither code nor what is raised takes them."""
    long = f"It is `Pages.first`. {'word ' * 18}ends here."
    source = f'''
class Beds:
    """Beds."""
    def dig(self) -> int:
        """{long[:-1]}

        {long}
        next.

        {long}
        :raises OSError: never.

            {long}

        last {long}
        """
'''
    stub = of_beds(api, source)
    assert 120 >= max(map(len, stub.splitlines()))
    assert "here.\n        :raises OSError: never.\n" in stub
    assert " next.\n" in stub
    assert " ".join(
        re.sub("`Pages", "`SyncPages", ast.get_docstring(ast.parse(source).body[0].body[1]) or "").split()
    ) in (  # type: ignore[attr-defined]
        " ".join(stub.split())
    )


ONE = 'class Beds:\n    """Beds."""\n    '


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (ONE + "def dig(self):\n        'Dig.'", "dig of .*beds does not say what it returns"),
        (ONE + "def dig(self) -> int: ...", "dig of .*beds has no docstring"),
        (ONE + "def dig(self, x: int = unknown) -> int:\n        'Dig.'", "unknown of .*beds is no constant"),
        (
            "from ..base import ResourceBase as Names\n" + ONE + "def dig(self, x: Names) -> int:\n        'Dig.'\n    "
            "def get(self, x: Other) -> int:\n        'Get.'\nfrom ..many import GetsMany as Other\n",
            "",
        ),
        (
            "class Spade:\n    async def use(self) -> int: ...\n" + ONE + "def dig(self) -> Spade:\n        'Dig.'",
            "dig of .*beds returns Spade, which is asynchronous",
        ),
        (
            "class Spades:\n    def __aiter__(self) -> int: ...\n"
            "class Spade(Spades): ...\n" + ONE + "async def dig(self) -> list[Spade]:\n        'Dig.'",
            "dig of .*beds returns Spade, which is asynchronous",
        ),
        ("from ..many import GetsMany\nclass Beds(GetsMany):\n    'Beds.'", "GetsMany is a base in .*beds"),
        ("Beds = 7", "Beds of .*beds is no class"),
    ],
)
def test_what_has_no_synchronous_form_stops_it(api: Api, source: str, told: str) -> None:
    """Nothing is guessed, and nothing is left out in silence; the error says which verb it is."""
    if not told:
        assert "dig" in of_beds(api, source)
        return
    with pytest.raises(TypeError, match=told):
        of_beds(api, source)


def test_two_things_of_one_name_stop_it(api: Api) -> None:
    """Two modules may call two things the same; a stub cannot. What they both pass on is one thing."""
    base = "from {} import {} as X\nclass Base:\n    def get(self) -> X:\n        'Get.'"
    source = "from ..base import HasId as X\nfrom .made_up import Base\n" + ONE.replace("Beds:", "Beds(Base):")
    source += "def dig(self) -> X:\n        'Dig.'"
    same = {"resources/_generated/made_up.py": base.format("..caller", "HasId")}
    assert ["(self) -> X"] == heads(of_beds(api, source, same))["get"]
    with pytest.raises(TypeError, match="Two things are called X"):
        of_beds(api, source, {"resources/_generated/made_up.py": base.format("..caller", "HasETag")})


def test_check_finds_stubs_that_are_not_current(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that was edited, one that is left over, and those of a verb that was added to a base by hand."""
    spec, root = tmp_path / "garden.json", tmp_path / "package"
    spec.write_text(json.dumps(DOCUMENT))
    arguments = [str(spec), "--root", str(root)]
    assert 0 == main(arguments)
    (root / "sync/_generated/beds.pyi").write_text("")
    (root / "sync/_generated/forgotten.pyi").write_text("")
    capsys.readouterr()
    assert 1 == main([*arguments, "--check"])
    assert ["stale sync/_generated/beds.pyi", "stale sync/_generated/forgotten.pyi"] == (
        capsys.readouterr().out.splitlines()
    )
    assert 0 == main(arguments)
    monkeypatch.setattr("clio_async._codegen.stubs.VERBS", {("plants", "delete"): "It is for ever."})
    capsys.readouterr()
    assert 1 == main([*arguments, "--check"])
    assert "stale sync/_generated/plants.pyi\n" == capsys.readouterr().out


def test_a_changed_document_changes_the_stub(api: Api) -> None:
    """A resource that loses a verb loses it there, too."""
    smaller: dict[str, Any] = copy.deepcopy(DOCUMENT)
    path = next(path for path, found in smaller["paths"].items() if "Plant#destroy" in json.dumps(found.get("delete")))
    del smaller["paths"][path]["delete"]
    before, after = (sources(one)["sync/_generated/plants.pyi"] for one in (api, read(smaller)))
    assert {"delete"} == {*heads(before, "Plants")} - {*heads(after, "Plants")}
