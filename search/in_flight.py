"""What was read but is not in the store yet: what storing an article does, seen from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search import ingest
from search.store.records import content_hash

if TYPE_CHECKING:
    from search.store import StoreWriter
    from search.store.contract import Change
    from search.types import Article

_MOST = 2_048
"""More articles than can be between reading and their commit, where the store knows them."""


def under_own_id(
    article: Article, change: Change, in_flight: InFlight, writer: StoreWriter
) -> tuple[Article, Change]:
    """The article, renamed where another outlet's has its id, and what storing it would do.

    Also where that other one has been removed since: the article is still under its other id.
    """
    there = in_flight.article(article.id)
    if there is None and change == "added":
        renamed = ingest.renamed(article)
        known = writer.changes([renamed])[0]
        return (article, change) if known == "added" else (renamed, known)
    if there is None and change == "updated":
        there = writer.stored_under(article.id)
    if there is None or not ingest.is_another(article, there):
        return article, change
    article = ingest.renamed(article)
    return article, writer.changes([article])[0]


class InFlight:
    """What was read but is not in the store yet."""

    def __init__(self) -> None:
        self._articles: dict[str, Article] = {}
        self._texts: dict[tuple[str, bytes], None] = {}
        self._versions: dict[str, int] = {}
        self._withdrawn: set[str] = set()

    def withdraw(self, article_id: str) -> None:
        """Its removal is on its way too: whatever comes after it is news."""
        self._withdrawn.add(article_id)
        self._articles.pop(article_id, None)

    def article(self, article_id: str) -> Article | None:
        """The one on its way under an id."""
        return self._articles.get(article_id)

    def change(self, article: Article, change: Change) -> Change:
        """What storing it does, where `change` is what the store alone knows of it.

        From now on it is on its way there.
        """
        content = article.id, content_hash(article)
        version, newest = article.version, self._versions.get(article.id)
        if article.id in self._withdrawn:
            self._withdrawn.remove(article.id)
            change = "added"
        elif change == "unchanged" or content in self._texts:
            return "unchanged"
        elif version is not None and newest is not None:  # which the store may not know of yet
            change = "older" if version < newest else "updated"
        self._texts[content] = None
        if change != "older":
            self._articles[article.id] = article
        if version is not None and change != "older":
            self._versions[article.id] = version
        for noted in (self._texts, self._versions, self._articles):
            if len(noted) > _MOST:
                del noted[next(iter(noted))]  # type: ignore[arg-type]  # its own first key
        return change
