"""What is known, missing and odd in the metadata of articles, outlet by outlet, in one pass."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from statistics import median

from search.links import canonical_url, web_link
from search.metadata import MetadataReport, OutletMetadata, SharedParagraph, Spike
from search.outlet_names import default_outlets
from search.types import Article

FIRST_USUAL_YEAR = 1990
SPIKE_ARTICLES = 20
SPIKE_DEVIATIONS = 6
SHARED_ARTICLES = 5
SHARED_PART = 0.01
MOST_SHARED = 20
"""Paragraphs that are named an outlet."""
PARAGRAPH_CHARS = 8
"""Shorter ones, such as stars between parts, are not looked at."""
START_CHARS = 80

_SEEN_BITS = 27
"""16 MB, whatever is looked at: of a hundred million paragraphs seen once, some count as two."""


def report_of(articles: Iterable[Article], now: datetime | None = None) -> MetadataReport:
    """See `MetadataReport`; `now` decides what lies in the future.

    Articles are looked at one by one: what is kept of each is a hash of its guid and of its link.
    """
    started = time.perf_counter()
    now = now or datetime.now(UTC)
    outlets: dict[str, _Outlet] = {}
    paragraphs, addresses = _Paragraphs(), _Addresses()
    for article in articles:
        outlet = outlets.setdefault(article.source, _Outlet(article.source))
        outlet.note(article, now)
        addresses.note(article)
        paragraphs.note(article)
    found = sorted(outlets.values(), key=lambda one: (-one.counts["articles"], one.name))
    return MetadataReport(
        articles=sum(one.counts["articles"] for one in found),
        outlets=tuple(
            one.told(addresses.repeated[one.name], paragraphs.shared(one.name)) for one in found
        ),
        alike=alike(outlets),
        seconds=time.perf_counter() - started,
    )


def alike(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Names that are one but for capitals, spaces, "The" and the end of a host."""
    known = default_outlets()
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(known.likeness(name), []).append(name)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def spikes(days: Counter[date]) -> tuple[Spike, ...]:
    """Days that stand out, in order; none where the outlet has but one."""
    if len(days) < 2:
        return ()
    middle = median(days.values())
    deviation = median(abs(count - middle) for count in days.values())
    line = max(SPIKE_ARTICLES, middle + SPIKE_DEVIATIONS * max(deviation, 1))
    return tuple(Spike(day, count) for day, count in sorted(days.items()) if count >= line)


@dataclass(slots=True)
class _Outlet:
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    precisions: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)

    def note(self, article: Article, now: datetime) -> None:
        self.counts.update(["articles", *_missing(article), *_odd(article, now)])
        self.flags.update(flags_of(article))
        if article.published_precision:
            self.precisions[article.published_precision] += 1
        if article.language:
            self.languages[article.language] += 1
        if article.day and article.published_precision in ("second", "day"):
            self.days[article.day] += 1

    def told(self, repeated: int, shared: Iterable[SharedParagraph]) -> OutletMetadata:
        counts = self.counts
        least = max(SHARED_ARTICLES, SHARED_PART * counts["articles"])
        return OutletMetadata(
            outlet=self.name,
            articles=counts["articles"],
            without_date=counts["date"],
            without_title=counts["title"],
            without_author=counts["author"],
            without_url=counts["url"],
            without_language=counts["language"],
            future_dates=counts["future"],
            dates_before_1990=counts["early"],
            conflicting_dates=self.flags["date_conflict"],
            repeated=repeated,
            precisions=dict(self.precisions.most_common()),
            languages=dict(self.languages.most_common()),
            flags=dict(self.flags.most_common()),
            spikes=spikes(self.days),
            shared_paragraphs=tuple(one for one in shared if one.articles >= least)[:MOST_SHARED],
        )


def flags_of(article: Article) -> list[str]:
    """What its reader had to guess."""
    flags = article.extras.get("flags", ())
    return [flag for flag in flags if isinstance(flag, str)] if isinstance(flags, list) else []


def _missing(article: Article) -> Iterator[str]:
    fields = {
        "date": article.published,
        "title": article.title,
        "author": article.authors,
        "url": article.url,
        "language": article.language,
    }
    return (name for name, value in fields.items() if not value)


def _odd(article: Article, now: datetime) -> Iterator[str]:
    published = article.published
    if published is None:
        return
    is_moment = isinstance(published, datetime)
    if published > now if is_moment else published > now.date():
        yield "future"
    if published.year < FIRST_USUAL_YEAR:
        yield "early"


class _Addresses:
    """Guids and links by 8 bytes of their hash, with the outlet that had each first."""

    def __init__(self) -> None:
        self._first: dict[bytes, str] = {}
        self.repeated: Counter[str] = Counter()

    def note(self, article: Article) -> None:
        keys = [_hash(address) for address in _addresses(article)]
        if any(key in self._first for key in keys):
            self.repeated[article.source] += 1
        for key in keys:
            self._first.setdefault(key, article.source)


def _addresses(article: Article) -> Iterator[str]:
    if isinstance(guid := article.extras.get("guid"), str) and guid:
        yield f"guid {article.source} {guid}"
    if article.url and (link := web_link(article.url)) and (url := canonical_url(link)):
        yield f"url {url}"


class _Paragraphs:
    """Paragraphs of each outlet that were seen before; of those seen once, one bit each."""

    def __init__(self) -> None:
        self._seen = bytearray(1 << (_SEEN_BITS - 3))
        self._counts: dict[str, dict[bytes, tuple[str, int]]] = {}

    def note(self, article: Article) -> None:
        """Count each paragraph of the article once."""
        counts = self._counts.setdefault(article.source, {})
        paragraphs = {p for p in article.text.split("\n\n") if len(p) >= PARAGRAPH_CHARS}
        for paragraph in paragraphs:
            key = _hash(f"{article.source}\n{paragraph}")
            if known := counts.get(key):
                counts[key] = known[0], known[1] + 1
                continue
            place = int.from_bytes(key) >> (64 - _SEEN_BITS)
            bit = 1 << (place & 7)
            if self._seen[place >> 3] & bit:
                counts[key] = " ".join(paragraph[: 2 * START_CHARS].split())[:START_CHARS], 2
            self._seen[place >> 3] |= bit

    def shared(self, outlet: str) -> list[SharedParagraph]:
        """Those seen more than once, the most frequent first."""
        found = self._counts.get(outlet, {}).values()
        return sorted((SharedParagraph(*one) for one in found), key=lambda one: (-one[1], one[0]))


def _hash(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
