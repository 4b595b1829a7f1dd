"""What docstrings of the asynchronous client say in the synchronous one."""

from __future__ import annotations

import pytest

from clio_async.sync.words import synchronous


@pytest.mark.parametrize(
    ("asynchronous", "expected"),
    [
        ("matter = await clio.matters.get(42)", "matter = clio.matters.get(42)"),
        ("async with clio.matters.edit(42) as edit:", "with clio.matters.edit(42) as edit:"),
        ("``async for record in pages``", "``for record in pages``"),
        ("async def file(download: Annotated[Download, …]):", "def file(download: Annotated[SyncDownload, …]):"),
        ("a token of `Pages.resume_token`, a `Download`", "a token of `SyncPages.resume_token`, a `SyncDownload`"),
        ("call it again, or let\n    `keep` do that. One call", "call it again. One call"),
        ("bytes, or an async iterable of bytes", "bytes, or an iterable of bytes"),
    ],
)
def test_examples_and_types_are_those_of_the_synchronous_client(asynchronous: str, expected: str) -> None:
    """Nothing is awaited in an example, and what is returned is called what it is."""
    assert expected == synchronous(asynchronous)
    assert expected == synchronous(expected)


@pytest.mark.parametrize(
    "text",
    ["Pages of 200 records.", "`IncompleteDownload`", "`Editor`", "It is not async.", "awaiting", "asynchronous with"],
)
def test_other_words_stay(text: str) -> None:
    """What is no code and no type is as it was."""
    assert text == synchronous(text)
