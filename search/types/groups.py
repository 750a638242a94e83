"""Articles that belong together: copies of one text, and the articles of one story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from search.types.articles import Precision

STORY_DAYS = 30
"""How far an archive is looked through for a story, before and after an article."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article with nearly the same text as a hit's: who carried it, when, how long (`chars`).

    `published` is as in `Article`, and known to `published_precision`.
    """

    article_id: str
    source: str
    title: str | None
    published: date | datetime | None
    url: str | None
    chars: int
    published_precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class Copies:
    """Articles that are copies of one another, at least one: earliest first, the undated last."""

    articles: tuple[Copy, ...]

    @property
    def first(self) -> Copy:
        """The one published first."""
        return self.articles[0]

    @property
    def longest(self) -> Copy:
        """The one with the most characters; of several the first."""
        return max(self.articles, key=lambda copy: copy.chars)

    @property
    def newest(self) -> Copy:
        """The dated one published last; of several the one added last."""
        dated = [copy for copy in self.articles if copy.published is not None]
        return (dated or self.articles)[-1]

    @property
    def newest_first(self) -> tuple[Copy, ...]:
        """The newest, then the others from the first on."""
        newest = self.newest
        return (newest, *(copy for copy in self.articles if copy is not newest))

    @property
    def by_outlet(self) -> tuple[Copies, ...]:
        """The copies of each outlet, whose newest stands for the others; outlets by their first."""
        outlets: dict[str, list[Copy]] = {}
        for copy in self.articles:
            outlets.setdefault(copy.source, []).append(copy)
        return tuple(Copies(tuple(copies)) for copies in outlets.values())


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article that tells the same story as another, in other words.

    `likeness` is the cosine of the two articles, in [-1, 1]; `copies` says how many further
    articles of the index carry its text; `published` is known to `published_precision`.
    """

    article_id: str
    source: str
    title: str | None
    published: date | datetime | None
    url: str | None
    likeness: float
    copies: int = 0
    published_precision: Precision | None = None
