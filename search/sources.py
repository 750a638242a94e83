"""What to add, told apart: articles, files, and addresses, fetched when their turn comes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from search import ingest
from search.fetching import Answer, Fetcher, Refused, Remembered, Seen
from search.ingest import File, Rejected, Rules
from search.links import is_url
from search.types import Article, Reject, Withdrawal

T = TypeVar("T")


def reading_of(
    articles: str | Path | Iterable[str | Path | Article],
    rules: Rules,
    fetched: Fetched,
    within: Path | None = None,
) -> Iterable[Article | Withdrawal | Reject]:
    """Files and addresses read, or articles as they come: an iterable holds either.

    With `within`, links in folders that lead out of it are left out.

    Raises:
        InputError: a path that does not exist, or no file to read.
        TypeError: neither, or both.
    """
    iterator = iter([articles] if isinstance(articles, str | Path) else articles)
    first = next(iterator, None)
    if first is None:
        return ()
    items = chain([first], iterator)
    if isinstance(first, Article):
        return ingest.prepared_all(_all_are(items, Article), rules)
    paths, urls = told_apart(_all_are(items, str, Path))
    return ingest.read(paths, rules, [fetched.page(url) for url in urls], within)


def told_apart(places: Iterable[str | Path]) -> tuple[list[str | Path], list[str]]:
    """Paths, and addresses without those that were named before."""
    places = list(places)
    urls = [place for place in places if isinstance(place, str) and is_url(place)]
    return [place for place in places if place not in urls], list(dict.fromkeys(urls))


class Fetched:
    """Addresses to read, and what their servers called what they sent.

    With `remembered`, an answer that is still what was read from there is not sent again.
    """

    def __init__(self, fetcher: Fetcher, remembered: Remembered | None = None) -> None:
        self._fetcher, self._remembered = fetcher, remembered
        self.seen: dict[str, Seen] = {}

    def page(self, url: str) -> _Page:
        """What is at an address, to be asked for once."""
        return _Page(url, self)

    def answer(self, url: str) -> Answer | None:
        """The answer; None where it is not news.

        Raises:
            Rejected: there is none.
        """
        seen = self._remembered.seen(url) if self._remembered else None
        try:
            answer = self._fetcher.fetch(url, seen)
        except Refused as why:
            raise Rejected(why.code, why.message) from why
        if answer is not None:
            self.seen[url] = answer.seen
        return answer


class _Page:
    def __init__(self, url: str, fetched: Fetched) -> None:
        self.path = ingest.shown(url)
        self._url, self._fetched = url, fetched

    def file(self) -> File | None:
        answer = self._fetched.answer(self._url)
        if answer is None:
            return None
        name = PurePosixPath(unquote(urlsplit(answer.url).path)).name

        def opened() -> io.BytesIO:
            return io.BytesIO(answer.content)

        return File(self.path, name, True, opened, url=answer.url, charset=answer.charset)


def _all_are(items: Iterable[Any], *kinds: type[T]) -> Iterator[T]:
    for item in items:
        if isinstance(item, kinds):
            yield item
            continue
        if isinstance(item, str | Path | Article):
            msg = f"paths and articles cannot be added together: {item!r:.80}"
        else:
            msg = f"neither a path nor an Article(id=…, text=…): {item!r:.80}"
        raise TypeError(msg)
