"""What may never be, found in the history of a run: pure functions, each of which yields sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from tests.simulation.history import Act, Applied, History, Key, Sent, base_of, home_of, own_of

__all__ = ["CHECKS", "problems"]

Check: TypeAlias = Callable[[History], Iterator[str]]

OVERRUN = 0.05
"""Seconds by which a call may outlast its time, or its cancellation."""
STORE = 0.6
"""Seconds that a slow store may add to that: its budget, for each of the few times that an invalidation is recorded."""
BOUNDED = frozenset({"get", "request", "by_id", "by_copy", "by_edit", "create", "delete", "get_many", "refresh"})
"""The calls that are over when their time is, with all of their requests. Of a walk it is each page."""
WRITES = frozenset({"by_id", "by_copy", "by_edit", "by_block", "create"})


def told(act: Act) -> str:
    return f"{act.kind}#{act.number} of {act.who} in {act.process}"


def typed(history: History) -> Iterator[str]:
    """Each call ends, as done, as cancelled, or by an error of ours; no argument was wrong."""
    for act in history.acts:
        if act.ended is None:
            yield f"{told(act)} never ended"
        elif not act.typed or act.outcome in {"InvalidArgument", "WrongEventLoop", "UsageError"}:
            yield f"{told(act)} ended as {act.outcome}"


def isolated(history: History) -> Iterator[str]:
    """Nobody is shown what another firm, or another region, has; no token goes elsewhere."""
    for act in history.acts:
        for key, value in act.seen:
            if value is not None and home_of(value) != act.home:
                yield f"{told(act)} was shown {value!r} as {key}"
        if act.kind == "download" and act.told.startswith("another"):
            yield f"{told(act)} received {act.told}"
    for sent in history.sent:
        there = "eu" if "//eu." in sent.url or "files.eu" in sent.url else "us"
        if sent.owner and (sent.who == "storage" or sent.owner[:2] != there):
            yield f"a token of {sent.owner} went to {sent.url}"


# -- reads ------------------------------------------------------------------------------------------------------------


def fresh(history: History) -> Iterator[str]:
    """No read shows less than was there when it began, as far as that is promised; and nothing that never was."""
    lines = history.timelines()
    floors = _Floors(history, lines)
    for act in history.acts:
        for key, value in act.seen:
            line = lines.get(key, [])
            if value is None:
                continue
            place = max((n for n, change in enumerate(line) if change.value == value), default=None)
            if place is None:
                yield f"{told(act)} was shown {value!r}, which {key} never was"
            elif place < (floor := floors.of(act, key)):
                yield f"{told(act)} was shown {value!r} of {key}, which was {line[floor].value!r} before it began"


class _Floors:
    """Which version of a record a read has to show at least."""

    def __init__(self, history: History, lines: dict[Key, list[Applied]]) -> None:
        self._history = history
        self._lines = lines
        self._acknowledged: dict[str, Act] = {
            act.sent: act for act in history.acts if act.sent and act.outcome == "done"
        }
        self._deleted: defaultdict[Key, list[Act]] = defaultdict(list)
        for act in history.acts:
            if act.kind == "delete" and act.outcome == "done" and act.key is not None:
                self._deleted[act.key].append(act)
        self._told = [event for event in history.happened if event.what == "told"]
        self._overlapping: dict[tuple[str, str], list[Act]] = defaultdict(list)
        for act in history.acts:
            self._overlapping[act.who, act.process].append(act)

    def of(self, act: Act, key: Key) -> int:
        """Return the place in the record's timeline."""
        line = self._lines[key]
        applied = [n for n, change in enumerate(line) if change.step < self._asked(act)]
        floor = max(applied, default=0) if not self._history.fresh else 0
        for place, change in enumerate(line):
            if place > floor and self._is_promised(act, key, change):
                floor = place
        return floor

    def _asked(self, act: Act) -> int:
        """Return the step from which on the answer can be: of the earliest call whose request it may share."""
        others = self._overlapping[act.who, act.process]
        return min(
            each.began for each in others if each.began <= act.began and (each.ended is None or each.ended >= act.began)
        )

    def _is_promised(self, act: Act, key: Key, change: Applied) -> bool:
        """Whether a change was acknowledged, or told of, where that counts for whoever reads."""
        history = self._history
        writers = self._deleted[key] if change.value is None else [self._acknowledged.get(own_of(change.value))]
        for writer in writers:
            if writer is None or writer.ended is None or writer.ended >= act.began or change.step > writer.ended:
                continue
            if writer.process == act.process or history.shared:
                return True
        return any(
            event.step < act.began
            and event.about[1] == key
            and change.step <= event.about[2]
            and (event.about[0] == act.process or history.shared)
            for event in self._told
        )


def there(history: History) -> Iterator[str]:
    """What is said to be missing was not there, or hidden, at some moment; a whole walk leaves nothing out."""
    lines = history.timelines()
    hidden = [event.about for event in history.happened if event.what == "hide"]
    for act in history.acts:
        missing = [key for key, value in act.seen if value is None]
        if act.whole and history.cursors and act.key is not None and act.outcome == "done":
            shown = {key for key, _ in act.seen}
            missing += [key for key in lines if key[:2] == (act.home, act.key[1]) and key not in shown]
        for key in missing:
            if _throughout(lines.get(key, []), act) and (act.who, key) not in hidden:
                yield f"{told(act)} was not shown {key}, which was there all the time"


def _throughout(line: list[Applied], act: Act) -> bool:
    """Whether a record was there from before a call until it ended."""
    before = [change for change in line if change.step < act.began]
    during = [change for change in line if act.began <= change.step <= (act.ended or act.began)]
    return bool(before) and all(change.value is not None for change in (before[-1], *during))


def kept_from(history: History) -> Iterator[str]:
    """F35: what is hidden from a user is not shown to a read that begins later, where every read asks."""
    if history.fresh:
        return
    for (who, key), began, ended in _hidings(history):
        for act in history.acts:
            asked = act.who == who and act.began > began and (act.ended or 0) < ended
            if (
                asked
                and act.kind in {"get", "walk", "get_many"}
                and any(k == key and v is not None for k, v in act.seen)
            ):
                yield f"{told(act)} was shown {key}, which is hidden"


def _hidings(history: History) -> Iterator[tuple[tuple[str, Key], int, int]]:
    """Yield from which step to which a record was hidden from whom."""
    since: dict[tuple[str, Key], int] = {}
    for event in history.happened:
        if event.what == "hide":
            since.setdefault(event.about, event.step)
        elif event.what == "show" and event.about in since:
            yield event.about, since.pop(event.about), event.step
    for about, step in since.items():
        yield about, step, history.steps + 1


# -- writes -----------------------------------------------------------------------------------------------------------


def truthful(history: History) -> Iterator[str]:
    """What was acknowledged was done once; what was refused was not done; what is unknown was not done twice."""
    done = Counter(own_of(change.value) for change in history.applied if change.value is not None)
    for act in history.acts:
        if act.kind not in WRITES or act.sent is None:
            continue
        times = done[act.sent]
        if act.outcome == "done" or (act.outcome == "OutcomeUnknown" and act.accepted):
            right = times == 1 or (times > 1 and not history.guards)  # F23: nobody can tell then
        elif act.outcome in {"OutcomeUnknown", "cancelled"}:
            right = times <= 1 or not history.guards
        else:
            right = times == 0
        if not right:
            yield f"{told(act)} was told {act.outcome}, and it was done {times} times"
    deleted = {change.key: change.step for change in history.applied if change.value is None}
    for act in history.acts:
        if (
            act.kind == "delete"
            and act.outcome == "done"
            and deleted.get(act.key or ("", "", 0), act.ended) == act.ended
        ):
            yield f"{told(act)} was told that {act.key} is deleted, and it is not"


def guarded(history: History) -> Iterator[str]:
    """A write that was made over what somebody had read has replaced just that."""
    if not history.guards:
        return
    for key, line in history.timelines().items():
        for before, after in pairwise(line):
            if after.value is None or after.created or base_of(after.value) == "*" or before.value is None:
                continue
            if own_of(before.value) != base_of(after.value):
                yield f"{after.value!r} replaced {before.value!r} of {key}, which its writer had not seen"


def reconciled(history: History) -> Iterator[str]:
    """What reading says of a write of unknown outcome is true, or that it cannot tell."""
    acts = {act.number: act for act in history.acts}
    for act in history.acts:
        of = None if act.of is None else acts[act.of]
        if of is None or of.kind not in WRITES | {"delete"} or act.told not in {"applied", "not_applied"}:
            continue
        steps = [
            change.step
            for change in history.applied
            if (change.value is None and change.key == of.key if of.kind == "delete" else _is_of(change, of))
        ]
        if act.told == "applied" and not any(step < (act.ended or 0) for step in steps):
            yield f"{told(act)} says that {told(of)} was done, and it was not"
        undone = any(
            change.value is None
            and change.key in {made.key for made in history.applied if _is_of(made, of)}
            and change.step < (act.ended or 0)
            for change in history.applied
        )
        if act.told == "not_applied" and any(step < act.began for step in steps) and not undone:
            yield f"{told(act)} says that {told(of)} was not done, and it was"


def _is_of(change: Applied, act: Act) -> bool:
    return change.value is not None and own_of(change.value) == act.sent


# -- requests ---------------------------------------------------------------------------------------------------------


def unhurried(history: History) -> Iterator[str]:
    """F50: nothing is sent on behalf of a principal while the server has asked it to wait."""
    pauses = [
        sent for sent in history.sent if sent.came == "429" and sent.pause and sent.who not in {"oauth", "storage"}
    ]
    for pause in pauses:
        began = pause.came_at or 0.0
        for sent in history.sent:
            same = (sent.process, sent.who) == (pause.process, pause.who)
            if same and began + 1e-3 < sent.at < began + min(pause.pause, 300.0) - 1e-3:
                yield f"{sent.process} sent {sent.url} {sent.at - began:.3f} s into a pause of {pause.pause} s"


def frugal(history: History) -> Iterator[str]:
    """F51: of what a principal sends, at most a tenth and ten more are repetitions of what failed."""
    calls: Counter[tuple[str, str]] = Counter()
    repeated: Counter[tuple[str, str]] = Counter()
    came: dict[int, str] = {}
    for sent in history.sent:
        if sent.who not in {"oauth", "storage"}:
            payer = (sent.process, sent.who)
            again = sent.series in came  # an attempt for which there was no token has sent nothing
            calls[payer] += not again
            repeated[payer] += again and came[sent.series] not in {"401", "429", "200"}
            came[sent.series] = sent.came
    for payer, count in repeated.items():
        if count > 10 + (calls[payer] + history.refused.get(payer[0], 0)) / 10:
            yield f"{payer} sent {count} repetitions of {calls[payer]} requests"


def renewed_once(history: History) -> Iterator[str]:
    """F27: a token is renewed when it ends, once; never twice at a time."""
    ends = [(event.step, event.about) for event in history.happened if event.what == "expire"]
    breaks = [event.step for event in history.happened if event.what in {"close", "jump", "revoke"}]
    by_grant: defaultdict[tuple[str, str], list[Sent]] = defaultdict(list)
    for sent in history.sent:
        if sent.who == "oauth" and sent.about:
            by_grant[sent.about, sent.process.partition(".")[0]].append(sent)
    for (who, process), all_sent in by_grant.items():
        for first, second in pairwise(all_sent):
            if second.at < (first.came_at or first.at):
                yield f"{process} asked twice at a time for a token of {who}"
            if first.came != "200":
                continue
            ended = any(first.step < step < second.step and about == who for step, about in ends)
            broken = any(first.step < step < second.step for step in breaks)
            due = history.lifetime is not None and second.at - first.at >= _life(history.lifetime)
            if not (ended or broken or due):
                yield f"{process} asked again for a token of {who} after {second.at - first.at:.1f} s"


def _life(lifetime: float) -> float:
    """Return after how many seconds a token is renewed."""
    return lifetime - min(300.0, lifetime * 0.1)


def withdrawn(history: History) -> Iterator[str]:
    """F31: who was told that the grant is gone is shown nothing more, and asks once."""
    gone = {event.about: event for event in history.happened if event.what == "revoke"}
    for who, event in gone.items():
        known: dict[str, int] = {}
        for act in sorted(history.acts, key=lambda act: act.ended or 0):
            if act.who == who and act.outcome == "ReauthRequired" and act.began > event.step:
                known.setdefault(act.process, act.ended or 0)
        for act in history.acts:
            if (
                act.who == who
                and act.process in known
                and act.began > known[act.process]
                and any(value is not None for _, value in act.seen if act.kind != "refresh")
            ):
                yield f"{told(act)} was shown something after the grant was gone"


# -- time and rest ----------------------------------------------------------------------------------------------------


def in_time(history: History) -> Iterator[str]:
    """F5: a call ends when its time is over, or when it is cancelled."""
    slack = OVERRUN + (STORE if history.slow else 0.0)
    for act in history.acts:
        if act.timeout is not None and act.kind in BOUNDED and act.ended_at - act.began_at > act.timeout + slack:
            yield f"{told(act)} took {act.ended_at - act.began_at:.3f} s of {act.timeout} s"
        if act.cancel_at is not None and act.ended_at > act.cancel_at + slack:
            yield f"{told(act)} ended {act.ended_at - act.cancel_at:.3f} s after it was cancelled"


def followed(history: History) -> Iterator[str]:
    """Who follows what changes has, in the end, been shown the last version of each record."""
    rest = next((event.step for event in history.happened if event.what == "rest"), None)
    last: dict[tuple[str, Key], str | None] = {}
    ended: set[tuple[str, str]] = set()
    for act in history.acts:
        if act.kind == "changes" and act.key is not None:
            last |= {(act.who, key): value for key, value in act.seen}
            if rest is not None and act.began > rest and act.outcome == "done":
                ended.add((act.who, act.key[1]))
    for key, line in history.timelines().items():
        for who, resource in ended:
            shown = last.get((who, key))
            known = who[:3] == key[0] and resource == key[1] and line[-1].value is not None
            if known and shown != line[-1].value and not _is_hidden(history, who, key):
                yield f"{who} followed {resource}, has {shown!r} of {key}, and it is {line[-1].value!r}"


def _is_hidden(history: History, who: str, key: Key) -> bool:
    return any(event.what == "hide" and event.about == (who, key) for event in history.happened)


def conserved(history: History) -> Iterator[str]:
    """F71, F72: when all is over nothing is left."""
    yield from history.left


CHECKS: tuple[Check, ...] = (
    typed,
    isolated,
    fresh,
    there,
    kept_from,
    truthful,
    guarded,
    reconciled,
    unhurried,
    frugal,
    renewed_once,
    withdrawn,
    in_time,
    followed,
    conserved,
)


def problems(history: History, checks: Iterable[Check] = CHECKS) -> list[str]:
    """Say what is wrong with a run."""
    return [f"{check.__name__}: {problem}" for check in checks for problem in check(history)]
