"""Find planted secrets: in log records, reprs, errors, tracebacks with locals, pickles, spans, metrics and files.

A canary is found in clear text, and as base64, hex or percent-encoding, also inside of something longer that was
encoded as a whole, and also if only a dozen of its characters are left.
"""

from __future__ import annotations

import base64
import logging
import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

_WINDOW = 12


def _windows(form: bytes) -> Iterator[bytes]:
    for start in range(len(form) - _WINDOW + 1):
        yield form[start : start + _WINDOW]


def _base64(secret: bytes) -> Iterator[bytes]:
    """Yield what of the encoded secret does not depend on its surroundings, at each of the three alignments."""
    for offset in range(3):
        start = -(-offset * 4 // 3)
        end = (offset + len(secret)) * 8 // 6
        yield base64.b64encode(bytes(offset) + secret)[start:end]


class Canaries:
    """Planted secrets by name, and the search for them. Names are told, never the secrets."""

    def __init__(self, **planted: str) -> None:
        self.secrets = planted
        self._windows: dict[bytes, tuple[str, str]] = {}
        for name, secret in planted.items():
            plain = secret.encode()
            assert len(plain) >= 2 * _WINDOW, "too short to be told from chance"
            self._add(name, "plain", plain)
            self._add(name, "utf-16", secret.encode("utf-16-le"))
            self._add(name, "percent", quote(secret, safe="").encode())
            self._add(name, "hex", plain.hex().encode())
            for form in _base64(plain):
                self._add(name, "base64", form)
                self._add(name, "base64url", form.translate(bytes.maketrans(b"+/", b"-_")))

    def _add(self, name: str, how: str, form: bytes) -> None:
        for window in _windows(form.lower()):
            self._windows.setdefault(window, (name, how))

    def of(self, *names: str) -> Canaries:
        """Return a search for some of them."""
        return Canaries(**{name: self.secrets[name] for name in names})

    def but(self, *names: str) -> Canaries:
        """Return a search for the others."""
        return Canaries(**{name: secret for name, secret in self.secrets.items() if name not in names})

    def in_text(self, where: str, found: str | bytes) -> list[str]:
        """Search text or bytes. A hit reads ``where: name (form)``."""
        content = (found if isinstance(found, bytes) else found.encode("utf-8", "surrogatepass")).lower()
        known = self._windows
        hits = {known[window] for window in _windows(content) if window in known}
        return sorted(f"{where}: {name} ({how})" for name, how in hits)

    def in_value(self, where: str, value: object) -> list[str]:
        """Search what a value shows: strings as they are, containers item by item, everything else by its repr."""
        if isinstance(value, str | bytes | bytearray):
            return self.in_text(where, value if isinstance(value, str) else bytes(value))
        if isinstance(value, Mapping):
            pairs = [*value.items()]
            return [
                hit for key, one in pairs for part in (key, one) for hit in self.in_value(f"{where}[{key!r:.40}]", part)
            ]
        if isinstance(value, list | tuple | set | frozenset):
            return [hit for one in value for hit in self.in_value(f"{where}[]", one)]
        return self.in_text(f"{where} {type(value).__name__}", repr(value))

    def in_object(self, where: str, value: object) -> list[str]:
        """Search repr, str and pickle. What cannot be pickled is refused, and the refusal is searched too."""
        hits = [*self.in_text(f"{where} repr", repr(value)), *self.in_text(f"{where} str", str(value))]
        return [*hits, *self.in_pickle(where, value)]

    def in_pickle(self, where: str, value: object) -> list[str]:
        hits = []
        for protocol in (0, pickle.HIGHEST_PROTOCOL):
            try:
                content = pickle.dumps(value, protocol)
            except Exception as refused:
                content = str(refused).encode()
            hits += self.in_text(f"{where} pickle", content)
        return hits

    def in_error(self, where: str, error: BaseException) -> list[str]:
        """Search an error and all it came from: text, arguments, attributes, pickle, traceback with locals."""
        hits: list[str] = []
        for one in chain(error):
            place = f"{where} {type(one).__name__}"
            hits += self.in_object(place, one)
            hits += self.in_value(f"{place} args", one.args)
            hits += self.in_value(f"{place} vars", vars(one))
        lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
        return [*hits, *self.in_lines(f"{where} traceback", lines)]

    def in_lines(self, where: str, lines: Iterable[str]) -> list[str]:
        """Search line by line, and name the line (without what is found in it)."""
        hits = []
        for entry in lines:
            head, frame = entry.strip().splitlines()[0][-70:] if entry.strip() else "", entry.splitlines()
            for line in frame:
                hits += self.in_text(f"{where} {head} {line.strip().partition('=')[0]:.30}", line)
        return hits

    def in_record(self, record: logging.LogRecord) -> list[str]:
        """Search a record as it is printed, and in everything it carries."""
        hits = self.in_text(f"log {record.name}", logging.Formatter("%(name)s %(message)s").format(record))
        hits += self.in_value(f"log {record.name}", vars(record))
        if record.exc_info and record.exc_info[1] is not None:
            hits += self.in_error(f"log {record.name}", record.exc_info[1])
        return hits

    def in_directory(self, directory: Path) -> list[str]:
        """Search names and contents of all files below a directory."""
        hits = []
        for path in sorted(directory.rglob("*")):
            hits += self.in_text(f"name of {path.name}", str(path.relative_to(directory)))
            if path.is_file():
                hits += self.in_text(f"file {path.name}", path.read_bytes())
        return hits


def chain(error: BaseException) -> list[BaseException]:
    """Return an error, its causes, contexts and the members of groups, each once."""
    found: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is None or any(one is other for other in found):
            continue
        found.append(one)
        left += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
    return found


class Records(logging.Handler):
    """Search every record of every logger, when it is made: what it holds may change later."""

    def __init__(self, canaries: Callable[[], Canaries]) -> None:
        super().__init__()
        self._canaries = canaries
        self.hits: list[str] = []
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        self.hits += self._canaries().in_record(record)
