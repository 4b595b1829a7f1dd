"""`clio-async simulate` as a process of its own, and the fixture for pytest."""

from __future__ import annotations

import builtins
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio.lowlevel
import pytest

from clio_async import cli
from clio_async.cli.login import login
from clio_async.testing.simulator import Address, Simulator

pytest_plugins = ["clio_async.testing.pytest_plugin"]

ROOT = Path(__file__).parents[2]


@contextmanager
def process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run the command; give the process and what its first line says."""
    command = [sys.executable, "-m", "clio_async.cli", "simulate", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            yield running, json.loads(running.stdout.readline())
        finally:
            running.kill()


def fetch(url: str, token: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["data"]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_says_when_it_is_ready_and_ends_cleanly(ending: signal.Signals) -> None:
    """One line of JSON, then a Clio; a signal ends it with status 0 and no traceback."""
    options = ["--matters", "100000", "--seed", "7", "--token", "first", "--token", "second", "--rate-limit", "50"]
    with process(*options, "--tag-scope", "representation", "--retired", "4.0.12") as (running, ready):
        assert ["first", "second"] == ready["tokens"]
        assert running.pid == ready["pid"]
        expected = Simulator(seed=7, matters=100_000, contacts=50_000, tasks=200_000).record(
            "matters", 42, fields="id,etag"
        )
        assert expected == fetch(f"{ready['url']}/api/v4/matters/42.json?fields=id,etag", "first")
        assert 2 == fetch(f"{ready['url']}/api/v4/users/who_am_i.json", "second")["id"]
        fetch(
            f"{ready['url']}/_simulator/change",
            ready["control_token"],
            {"resource": "matters", "id": 42, "attributes": {"location": "x"}},
        )
        assert 2 == fetch(f"{ready['url']}/_simulator/stats", ready["control_token"])["requests"]
        with pytest.raises(urllib.error.HTTPError, match="401"):
            fetch(f"{ready['url']}/api/v4/matters/42.json", "third")
        running.send_signal(ending)
        out, err = running.communicate(timeout=20)
        assert (0, "") == (running.returncode, out)
        assert "3 requests answered." == err.strip()


def test_a_process_that_grants_tokens() -> None:
    """The app in the ready line can be approved in a browser, exchange the code and refresh, as its regime says."""
    options = ["--client-id", "id", "--client-secret", "secret", "--redirect-uri", "/oauth/approval"]
    options += ["--regime", "refresh_token=new", "--regime", "token_lifetime=3600"]
    with process(*options) as (running, ready):
        assert ["id", "secret", ["/oauth/approval"]] == [
            ready[name] for name in ("client_id", "client_secret", "redirect_uris")
        ]
        uri = f"{ready['url']}/oauth/approval"
        asked = urllib.parse.urlencode({"response_type": "code", "client_id": "id", "redirect_uri": uri})
        with urllib.request.urlopen(f"{ready['url']}/oauth/authorize?{asked}", timeout=10) as page:
            title = page.read().decode().partition("<title>")[2].partition("</title>")[0]
        form = {"client_id": "id", "client_secret": "secret", "redirect_uri": uri}
        code = title.removeprefix("Success code=")
        first = post(ready["url"], {**form, "grant_type": "authorization_code", "code": code})
        second = post(ready["url"], {**form, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]})
        assert 3_600 == second["expires_in"]
        assert first["refresh_token"] != second["refresh_token"]
        assert 1 == fetch(f"{ready['url']}/api/v4/users/who_am_i.json", second["access_token"])["id"]
        calls = fetch(f"{ready['url']}/_simulator/token_calls", ready["control_token"])
        assert {"authorization_code": {"ok": 1}, "refresh_token": {"ok": 1}} == calls
        running.send_signal(signal.SIGTERM)
        out, err = running.communicate(timeout=20)
    assert (0, "") == (running.returncode, out)
    assert not [secret for secret in (code, *map(str, first.values())) if secret in err]


def test_downloads_lead_to_a_second_address() -> None:
    """It is another origin, which answers the signed address without a token."""
    with process("--token", "first") as (_, ready):
        assert ready["storage"] != ready["url"]
        request = urllib.request.Request(f"{ready['url']}/api/v4/documents/1/download.json")
        request.add_unredirected_header("Authorization", "Bearer first")
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.url.startswith(f"{ready['storage']}/")
            assert 200 == answer.status


def test_files_of_any_size_go_through_a_process() -> None:
    """One that is made up is served, and one that is put is counted, without being held; ports can be chosen."""
    size = 32 << 20
    with process("--token", "first", "--kept", "0") as (running, ready):
        given = {"resource": "documents", "id": 1, "size": size}
        fetch(f"{ready['url']}/_simulator/put_file", ready["control_token"], given)
        before = peak(running.pid)
        request = urllib.request.Request(f"{ready['url']}/api/v4/documents/1/download.json")
        request.add_unredirected_header("Authorization", "Bearer first")
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert size == sum(len(piece) for piece in iter(lambda: answer.read(1 << 20), b""))
        fields = urllib.parse.quote("id,latest_document_version{put_url,put_headers}")
        data = {"data": {"name": "x", "parent": {"id": 1, "type": "Matter"}}}
        made = fetch(f"{ready['url']}/api/v4/documents.json?fields={fields}", "first", data)["latest_document_version"]
        headers = {row["name"]: row["value"] for row in made["put_headers"]} | {"Content-Length": str(size)}
        body = (b"x" * (1 << 20) for _ in range(32))
        request = urllib.request.Request(made["put_url"], body, headers, method="PUT")
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert 200 == answer.status
        files = fetch(f"{ready['url']}/_simulator/files", ready["control_token"])
        assert [size, size] == [file["size"] for file in files.values()]
        seen = fetch(f"{ready['url']}/_simulator/storage", ready["control_token"])
        assert [("GET", 0), ("PUT", size)] == [(each["method"], each["length"]) for each in seen]
        assert peak(running.pid) - before < size // 2


def peak(pid: int) -> int:
    """Return the most memory that a process had so far, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def post(url: str, form: dict[str, str]) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/oauth/token", urllib.parse.urlencode(form).encode(), timeout=10) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "x"], ["--tag-scope", "nonsense"], ["--nonsense", "1"], ["--regime", "nonsense=1"],
        ["--regime", "default"], ["--redirect-uri", "nonsense"], ["--versions", "nonsense"],
    ],
)  # fmt: skip
def test_a_wrong_option_is_said_and_ends_with_an_error(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is served then."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["simulate", *arguments])
    assert 64 == caught.value.code
    shown = "".join(capfd.readouterr())
    assert arguments[0] in shown or arguments[1] in shown


@pytest.mark.parametrize("option", ["--port", "--storage-port"])
def test_a_port_that_is_taken_is_said_in_a_sentence(option: str, capfd: pytest.CaptureFixture[str]) -> None:
    """It names the port and what to do, and ends with status 1: there is no traceback, and nothing on the output."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as caught:
            cli.main(["simulate", option, str(port)])
    assert 1 == caught.value.code
    out, said = capfd.readouterr()
    assert "" == out
    assert said.startswith(f"clio-async: Port {port} of 127.0.0.1 cannot be listened on (Address already in use).")
    assert 1 == said.count("\n")


def test_a_host_that_is_none_is_said_in_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    """An address of another machine cannot be listened on, at whatever port."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["simulate", "--host", "192.0.2.1"])
    assert 1 == caught.value.code
    assert capfd.readouterr().err.startswith("clio-async: Port 0 of 192.0.2.1 cannot be listened on (")


def test_a_port_that_cannot_be_is_a_wrong_argument(capfd: pytest.CaptureFixture[str]) -> None:
    """A port has sixteen bits."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["simulate", "--port", "65536"])
    assert 64 == caught.value.code
    assert "from 0 to 65535" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("refresh_tokn=same", "refresh_token, "),
        ("refresh_token=absent", "There are refresh_token=same, refresh_token=new."),
        ("refresh_token", "There are refresh_token=same, refresh_token=new."),
        ("", "The nearest options are "),
    ],
)
def test_an_unknown_answer_names_what_is_near(name: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The nearest options, or the values of the one that is known; not the wall of all that there are."""
    with pytest.raises(SystemExit):
        cli.main(["simulate", "--regime", name])
    shown = " ".join("".join(capfd.readouterr()).replace("\u2502", "").split())
    assert said in shown
    assert len(shown) < 400
    assert "max_url" not in shown


def run_until_ready(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *arguments: str
) -> dict[str, Any]:
    """Run the command in this process; a SIGTERM comes as soon as it is ready."""
    from clio_async.cli import simulate

    announce = simulate._announce

    def announced(address: Address, shown: dict[str, Any]) -> None:
        announce(address, shown)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(simulate, "_announce", announced)
    with pytest.raises(SystemExit) as caught:
        cli.main(["simulate", *arguments])
    assert caught.value.code in (0, None)
    return json.loads(capfd.readouterr().out)


def test_tokens_are_made_up_if_none_is_given(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two runs have other tokens; given ones are kept."""
    first = run_until_ready(monkeypatch, capfd)
    assert 32 == len(first["tokens"][0])
    assert 4 == len({first["tokens"][0], first["control_token"], first["client_id"], first["client_secret"]})
    expected = ["http://127.0.0.1/callback", "http://127.0.0.1:8917/callback", "/oauth/approval"]
    assert expected == first["redirect_uris"]
    given = ["--control-token", "c", "--contacts", "3", "--tasks", "4", "--rate-limit", "9", "--retired", "4.0.9"]
    assert "c" == run_until_ready(monkeypatch, capfd, *given)["control_token"]


def test_versions_that_are_served(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """The option may be repeated; the last one is the default."""
    from clio_async.cli import simulate

    served: list[Any] = []

    def made(**options: Any) -> Simulator:
        if "seed" in options:  # the others are made to check an argument
            served.append(options["versions"])
        return Simulator(**options)

    monkeypatch.setattr(simulate, "Simulator", made)
    run_until_ready(monkeypatch, capfd, "--versions", "4.0.3", "--versions", "4.0.13")
    run_until_ready(monkeypatch, capfd)
    assert [["4.0.3", "4.0.13"], None] == served


def test_a_process_that_serves_two_versions() -> None:
    """Each is answered in its own way: what older versions counted in hours is told in hours."""
    with process("--versions", "4.0.3", "--versions", "4.0.13", "--token", "first") as (_, ready):
        quantities = []
        for version in ("4.0.3", "4.0.13", None):
            request = urllib.request.Request(f"{ready['url']}/api/v4/activities.json?type=TimeEntry&fields=quantity")
            request.add_header("Authorization", "Bearer first")
            if version is not None:
                request.add_header("X-API-VERSION", version)
            with urllib.request.urlopen(request, timeout=10) as answer:
                quantities.append(json.load(answer)["data"][0]["quantity"])
    assert quantities[0] * 3_600 == quantities[1] == quantities[2]


def test_login_comes_back_to_where_the_simulator_expects_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The defaults of `login` are registered by those of `simulate`."""
    usual = {name: option.default for name, option in inspect.signature(login).parameters.items()}
    ready = run_until_ready(monkeypatch, capfd)
    assert f"http://127.0.0.1:{usual['port']}{usual['path']}" in ready["redirect_uris"]


def test_a_missing_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without cyclopts or rich the command ends with 69 and a hint; another missing module is not hidden."""
    real = builtins.__import__
    missing = "cyclopts"

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "app" and rest and rest[3:] == (1,):
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(SystemExit) as caught:
        cli.main(["simulate"])
    assert 69 == caught.value.code
    assert "pip install 'clio-async[cli]'" in capsys.readouterr().err
    missing = "something"
    with pytest.raises(ModuleNotFoundError, match="something"):
        cli.main(["simulate"])


def test_the_arguments_of_the_process_are_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without arguments of its own, `main` takes those of the command line."""
    monkeypatch.setattr(sys, "argv", ["clio-async", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    assert "simulate" in capsys.readouterr().out


async def test_the_fixture_is_a_fresh_simulator(clio_simulator: Simulator) -> None:
    """Each test has its own, with a clock that stands still."""
    before = clio_simulator.clock.now()
    await anyio.lowlevel.checkpoint()
    assert before == clio_simulator.clock.now()
    assert 0 == clio_simulator.stats()["requests"]
