"""Which articles are copies: one text carried by several outlets, lightly edited, or updated.

Texts are compared by a sample of their runs of four words, the same sample for all (those whose
hash is a multiple of `SAMPLED`: Broder, "On the Resemblance and Containment of Documents", 1997,
section 4), so an article costs the same however many there are. Runs that articles of other days
hold too are boilerplate (captions, newsletters) and do not count. The limits were chosen on copies
made of real articles: benchmarks/README.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Hashes = npt.NDArray[np.int64]

RUN_WORDS = 4
SAMPLED = 16
"""One run in so many is kept: some fifty of an article of 800 words."""
SHORT_RUNS = 48
"""A text with fewer runs keeps all."""
MOST_HOLDERS = 16
"""So many articles are kept for a run: enough to tell its days, and to lead to all copies."""
SEVERAL = 3
"""From so many holders on, their days tell boilerplate from a text that many carry."""
DAYS = 30
"""A text is carried for so long; what is held for longer is boilerplate, or must be equal."""
SHARED = 0.3
"""Of the runs that two texts have together, copies share so many (Jaccard)."""
SHARED_AT_HOME = 0.5
"""Articles of one outlet share captions and standing paragraphs besides."""
SHARED_LATER = 0.8
LEAST_SHARED = 3

# Scripts without spaces, a word a character.
_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    "|[^\\W\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_STEP = np.uint64(0x9E3779B97F4A7C15)


class Holder(NamedTuple):
    """What is known of an article that shares a run: how many it keeps, its day and outlet."""

    runs: int
    day: int | None
    source: str


def sampled_runs(text: str) -> Hashes:
    """Hashes from 0 up of the runs of four words that are kept, each once, ascending.

    Case and punctuation do not count.
    """
    found = _WORD.findall(text.casefold())
    hash_of = {word: crc32(word.encode("utf-8", "surrogatepass")) for word in set(found)}
    words = np.fromiter((hash_of[word] for word in found), np.uint64, len(found))
    count = len(words) - RUN_WORDS + 1
    if count < 1:
        return np.empty(0, np.int64)
    hashes = np.zeros(count, np.uint64)
    for place in range(RUN_WORDS):
        hashes = _mixed(hashes + words[place : count + place])
    once = np.unique(hashes >> np.uint64(1)).astype(np.int64)
    return once if len(once) < SHORT_RUNS else once[once % SAMPLED == 0]


def copies_of(
    runs: int, own: Holder, holders: Mapping[int, Sequence[int]], known: Mapping[int, Holder]
) -> list[int]:
    """The articles that are copies of one that keeps so many `runs`, most alike first.

    `holders` names, for each of its runs that others hold, the articles that do; `known` says what
    they are.
    """
    shared, boilerplate, common = Counter[int](), Counter[int](), 0
    for numbers in holders.values():
        if _is_boilerplate(own, [known[number] for number in numbers]):
            boilerplate.update(numbers)
            common += 1
        else:
            shared.update(numbers)
    alike = {}
    for number, count in shared.items():
        other = known[number]
        together = (runs - common) + (other.runs - boilerplate[number]) - count
        if count < LEAST_SHARED or together <= 0:
            continue
        if count >= _share_needed(own, other) * together:
            alike[number] = count / together
    return sorted(alike, key=lambda number: (-alike[number], number))


def _share_needed(one: Holder, other: Holder) -> float:
    if _days_apart([one, other]) > DAYS:
        return SHARED_LATER
    return SHARED_AT_HOME if one.source == other.source else SHARED


def _is_boilerplate(own: Holder, others: Sequence[Holder]) -> bool:
    if len(others) < SEVERAL:
        return False
    if own.day is None or any(other.day is None for other in others):
        return sum(other.source == own.source for other in others) >= SEVERAL
    return _days_apart([own, *others]) > DAYS


def _days_apart(articles: Sequence[Holder]) -> int:
    """Between the first and the last dated one."""
    days = [article.day for article in articles if article.day is not None]
    return max(days) - min(days) if days else 0


def _mixed(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Every bit of each depends on every other: the finalizer of SplitMix64."""
    mixed = hashes + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
