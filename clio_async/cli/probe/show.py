"""What a person sees of a probe."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .answers import Answer
from .asking import READS
from .exchanges import Evidence
from .policy import advice, snippet
from .questions import QUESTIONS, UNASKED

__all__ = ["show", "show_questions"]

_KINDS = {"read": "by reading", "write": "with --write-to", "chance": "if it shows"}


def show(console: Console, evidence: Evidence, answers: Mapping[str, Answer]) -> None:
    """Print what was found out, what was not and why, and what to paste."""
    known = {name: answer for name, answer in answers.items() if answer.is_known}
    console.print(_table("Found out", [(QUESTIONS[name].text, answer.text) for name, answer in known.items()]))
    silent = [(QUESTIONS[name].text, answer.reason) for name, answer in answers.items() if name not in known]
    if silent:
        console.print(_table("Not answered", silent))
    console.print(f"\n{len(UNASKED)} more cannot be found out by a probe: see  clio-async probe --questions")
    if not known:
        return
    for sentence in advice(answers):
        console.print(Text(f"! {sentence}", "bold"))
    text = snippet(answers, evidence.base, evidence.resource)
    has_policy = any(line.startswith("    policy=") for line in text.splitlines())
    console.print(f"\n{'A policy' if has_policy else 'Settings'} to paste:\n")
    console.print(Text(text), soft_wrap=True)


def show_questions(console: Console) -> None:
    """Print every question, and what cannot be found out with the reason."""
    asked = [(question.text, _KINDS[question.kind]) for question in QUESTIONS.values()]
    console.print(_table(f"What is asked, in {READS} requests at most", asked))
    rows = [
        (what, f"{why[0].upper()}{why[1:]}") for what, _, why in (text.partition(": ") for text in UNASKED.values())
    ]
    console.print(_table("What a probe cannot find out", rows))


def _table(title: str, rows: list[tuple[str, str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, show_header=False)
    table.title, table.title_justify, table.title_style = f"\n{title}", "left", "bold"
    for left, right in rows:
        table.add_row(Text(left), Text(_printable(right)))
    return table


def _printable(text: str) -> str:
    """Replace what could steer a terminal."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
