"""Grouping: which hits stand for their copies and for their story, and what stands behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from search import stories
from search.folding import folded
from search.likeness import mean_vector, vectors_of
from search.types import Published, StoryArticle

if TYPE_CHECKING:
    from search.ranking import Ranked
    from search.store import Snapshot
    from search.stories import Floats, Ints
    from search.types import Article, Encoder, Group


@dataclass(frozen=True, slots=True)
class Grouped:
    """The positions among the candidates that make hits, in their order.

    `story` has, by the position of a hit, the owners of the other articles of its story, each with
    its cosine with the hit's.
    """

    order: Ints
    story: Mapping[int, list[tuple[int, float]]] = field(default_factory=dict)


def grouped(found: Ranked, group: Group, snapshot: Snapshot) -> Grouped:
    """What makes hits where copies, or stories, are one hit each."""
    if group == "none":
        return Grouped(found.order)
    owners = found.candidates.owners
    originals = snapshot.originals(owners)
    if group == "copies":
        return Grouped(folded(found.order, owners, originals))
    heads, story = [], defaultdict[int, list[tuple[int, float]]](list)
    for firsts in _first_passages(found, originals):
        led, likeness = _led(owners[firsts], snapshot)
        heads.append(firsts[led == np.arange(len(led))])
        for position, head, alike in zip(firsts, firsts[led], likeness.tolist(), strict=True):
            if position != head:
                story[int(head)].append((int(owners[position]), alike))
    return Grouped(np.concatenate([np.empty(0, np.int64), *heads]), story)


def _first_passages(found: Ranked, originals: Ints) -> Iterator[Ints]:
    """The best passage of each text, in order, as many at a time as are compared with one another.

    No story reaches from one tier into the next: else a hit would stand for more articles, the
    deeper a reader pages.
    """
    ends = np.cumsum(found.tiers)
    firsts = np.sort(np.unique(originals[found.order], return_index=True)[1])
    for of_tier in np.split(firsts, np.searchsorted(firsts, ends[:-1])):
        for start in range(0, len(of_tier), stories.MOST):
            yield found.order[of_tier[start : start + stories.MOST]]


def _led(owners: Ints, snapshot: Snapshot) -> tuple[Ints, Floats]:
    """For each article the place of the one that leads its story, and its cosine with that."""
    vectors = snapshot.article_vectors(owners)
    led = stories.leaders(vectors, _days(owners, snapshot))
    return led, _cosines(vectors, vectors[led])


def _days(owners: Ints, snapshot: Snapshot) -> Ints:
    moments = snapshot.moments(owners.tolist())
    return np.where(moments < 0, stories.UNDATED, np.floor(moments)).astype(np.int64)


def _cosines(vectors: Floats, others: Floats) -> Floats:
    cosines: Floats = np.clip(np.vecdot(vectors, others), -1, 1)
    return cosines


def story_articles(
    members: Iterable[tuple[int, float]], snapshot: Snapshot
) -> tuple[StoryArticle, ...]:
    """Owners and their cosines as articles, earliest first, the undated last."""
    members = list(members)
    owners = [owner for owner, _ in members]
    if not owners:
        return ()
    moments = snapshot.moments(owners)
    by_time = np.lexsort((np.array(owners), np.where(moments < 0, np.inf, moments)))
    headings = snapshot.headings(owners)
    return tuple(
        _story_article(headings[place], members[place], snapshot) for place in by_time.tolist()
    )


def _story_article(article: Article, member: tuple[int, float], snapshot: Snapshot) -> StoryArticle:
    owner, likeness = member
    return StoryArticle(
        article.id,
        article.source,
        article.title,
        article.published,
        article.url,
        likeness,
        len(snapshot.copies(owner)),
        article.published_precision,
    )


# One story, whole


def story_of(
    article_or_passage_id: str, days: int, snapshot: Snapshot, encoder: Callable[[], Encoder]
) -> tuple[StoryArticle, ...]:
    """The other articles of the archive that tell an article's story, copies of it among them.

    Every article of up to so many `days` before and after is compared with it; of an undated one
    only the copies are known to be of its story. Others whose vectors are still being made are left
    out, its own are made now. Raises ArticleNotFound, and ModelError as `likeness.vectors_of`.
    """
    own = snapshot.owner_of(article_or_passage_id)
    vector = _article_vector(article_or_passage_id, snapshot, encoder)
    copies = [snapshot.owner_of(copy.article_id) for copy in snapshot.copies(own)]
    alike = dict(zip(copies, _likeness(np.array(copies, np.int64), vector, snapshot), strict=True))
    (day,) = _days(np.array([own]), snapshot).tolist()
    if day != stories.UNDATED:
        alike |= _joining(own, day, days, vector, snapshot)
    alike.pop(own, None)
    return story_articles(((owner, float(one)) for owner, one in alike.items()), snapshot)


def _article_vector(
    article_or_passage_id: str, snapshot: Snapshot, encoder: Callable[[], Encoder]
) -> Floats:
    """In one row, as `Snapshot.article_vectors`."""
    ((article, _),) = snapshot.fetch(snapshot.refs_of(article_or_passage_id)[:1])
    return mean_vector(vectors_of(article.id, snapshot, encoder))[None]


def _joining(own: int, day: int, days: int, vector: Floats, snapshot: Snapshot) -> dict[int, float]:
    """The articles within so many days that join the story which one article leads."""
    published = Published(_day(day - days), _day(day + days + 1))
    owners = np.array(snapshot.owners_of(published), np.int64)
    likeness = _likeness(owners, vector, snapshot)
    near = np.flatnonzero((likeness >= stories.NEAR) & (owners != own))
    owners, likeness = owners[near], likeness[near]
    is_in = stories.joining(likeness, _days(owners, snapshot), day)
    return dict(zip(owners[is_in].tolist(), likeness[is_in].tolist(), strict=True))


def _day(ordinal: int) -> date:
    """The day, or the nearest that the calendar has."""
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def _likeness(owners: Ints, vector: Floats, snapshot: Snapshot) -> Floats:
    """The cosines of these articles with a vector; some at a time, for they may be many."""
    parts = [
        _cosines(snapshot.article_vectors(owners[start : start + stories.MOST]), vector)
        for start in range(0, len(owners), stories.MOST)
    ]
    return np.concatenate([np.empty(0, np.float32), *parts])
