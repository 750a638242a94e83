"""What the command prints for people, line by line; `cli` makes every line safe for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from search.web.labels import headline, published, when
from search.web.words import count

if TYPE_CHECKING:
    from search.evaluate import Report
    from search.types import (
        AddReport,
        Article,
        Erasure,
        Hit,
        Passage,
        Results,
        Shares,
        StoryArticle,
    )

MOST_OF_STORY = 5
"""Other articles of a hit's story that are listed."""
MOST_LISTED = 20
"""Rejects, skipped files and words that are named one by one."""


def reject_lines(report: AddReport) -> Iterator[str]:
    """What could not be read, and where."""
    yield from map(str, report.rejects[:MOST_LISTED])
    if report.rejected > MOST_LISTED:
        yield f"… {report.rejected - MOST_LISTED:,} more; --report FILE lists them"


def report_lines(report: AddReport) -> Iterator[str]:
    """What an `add` did."""
    withdrawn = f"withdrawn {report.withdrawn:,}, " if report.withdrawn else ""
    yield (
        f"added {report.added:,}, updated {report.updated:,}, unchanged {report.unchanged:,}, "
        f"{withdrawn}rejected {report.rejected:,} articles; {count(report.passages, 'passage')} "
        f"in {report.seconds:.1f} s"
    )
    if report.skipped:
        more = len(report.skipped) - MOST_LISTED
        ending = f"; … {more:,} more" if more > 0 else ""
        yield f"skipped: {'; '.join(report.skipped[:MOST_LISTED])}{ending}"
    if report.flags:
        flags = ", ".join(f"{name} {number:,}" for name, number in sorted(report.flags.items()))
        yield f"guessed or missing: {flags}"


def erasure_lines(erasure: Erasure) -> Iterator[str]:
    """What a search of the raw files found of what was removed."""
    yield (
        f"searched {count(erasure.files, 'file')} ({erasure.bytes / 1e6:,.1f} MB) for "
        f"{count(erasure.pieces, 'piece')} of text and vectors: "
        f"{len(erasure.traces) or 'none'} left"
        + (f"; {erasure.shared:,} are in other articles too" if erasure.shared else "")
    )
    yield from erasure.traces


def results_lines(results: Results) -> Iterator[str]:
    """The whole answer: how the query was read, counts, hits."""
    if results.query.chips:
        yield f"read as: {' · '.join(chip.label for chip in results.query.chips)}"
    for note in results.query.notes:
        yield f"note: {note}"
    for suggestion in results.suggestions:
        yield f"only {suggestion.label}? search for: {suggestion.text}"
    yield _counts(results)
    if results.undated:
        yield f"{count(results.undated, 'undated article')} left out; add --include-undated"
    if results.is_answered is False and results.hits:
        yield "no good match; the nearest, for reference:"
    for hit in results.hits:
        yield from _hit_lines(hit)


def shares_lines(shares: Shares, passage: Passage) -> Iterator[str]:
    """The words that carried most, and what all of it adds up to."""
    best = sorted(shares.words, key=lambda word: -word.share)[:MOST_LISTED]
    for span, share in best:
        yield f"{share:8.4f}  {passage.text[slice(*span)]}"
    others = sum(word.share for word in shares.words) - sum(word.share for word in best)
    yield f"{others:8.4f}  (all other words)"
    yield f"{shares.title:8.4f}  (the headline)"
    yield f"{shares.rest:8.4f}  (signs and special tokens)"
    yield f"{shares.cosine:8.4f}  cosine"


def article_lines(article: Article) -> Iterator[str]:
    """The article, whole."""
    yield _headline(article)
    yield _byline(article)
    yield f"\n{article.text}"


def story_lines(article: Article, story: Sequence[StoryArticle]) -> Iterator[str]:
    """The article in a line, then a line for each other article of its story."""
    yield f"{_headline(article)} · {article.source} · {published(article) or 'undated'}"
    yield f"{count(len(story), 'other article')} on this story"
    for one in story:
        yield f"   {_told(one)}  [{one.article_id}]"


def evaluation_lines(report: Report) -> Iterator[str]:
    """A line on the collection, then one a mode."""
    speed = report.passages_per_second
    yield (
        f"{report.collection}: {count(report.articles, 'article')}, "
        f"{count(report.passages, 'passage')}, {report.queries:,} queries"
        + ("" if speed is None else f", {speed:.0f} passages/s")
    )
    for one in report.evaluations:
        measures = "  ".join(f"{name} {value:.4f}" for name, value in one.measures.items())
        yield f"{one.mode:9} {measures}  p50 {one.p50_ms:.1f} ms  p95 {one.p95_ms:.1f} ms"


def _counts(results: Results) -> str:
    matched, ranked = results.matched, results.ranked
    best_of = "best of " if results.plan.mode != "keyword" and results.query.words else ""
    best = "" if ranked == matched else f", the best {ranked.passages:,} ranked"
    stories = "" if results.stories is None else f" in {count(results.stories, 'story', 'stories')}"
    return (
        f"{best_of}{count(matched.passages, 'passage')} of {count(matched.articles, 'article')}"
        f"{best}{stories} in {1000 * results.plan.seconds['total']:.0f} ms"
    )


def _hit_lines(hit: Hit) -> Iterator[str]:
    yield f"\n{hit.rank}. {_headline(hit.article)}"
    strength = "" if hit.strength is None else f" · {hit.strength} match"
    yield f"   {_byline(hit.article)}{strength}"
    yield f"   {_marked(hit)}"
    if hit.copies:
        outlets = ", ".join(dict.fromkeys(copy.source for copy in hit.copies))
        yield f"   also: {count(len(hit.copies), 'copy', 'copies')} in {outlets}"
    if hit.story:
        yield f"   story: {count(len(hit.story), 'more article')}"
    for one in hit.story[:MOST_OF_STORY]:
        yield f"      {_told(one)}"
    if len(hit.story) > MOST_OF_STORY:
        yield f"      … {len(hit.story) - MOST_OF_STORY:,} more; --json lists them"
    yield f"   {hit.article.url or ''}  [{hit.article.id}]"


def _told(one: StoryArticle) -> str:
    """When, where and how near, in one line."""
    copies = f" (and {count(one.copies, 'copy', 'copies')})" if one.copies else ""
    said = f"{when(one.published) or 'undated'} · {one.source} · {one.title or '(untitled)'}"
    return f"{' '.join(said.split())}{copies} · {one.likeness:.2f}"


def _marked(hit: Hit) -> str:
    """The passage in one line, its best sentence between » and «."""
    text = hit.text
    if hit.evidence.best is not None and hit.evidence.best != (0, len(text)):
        start, end = hit.evidence.best
        text = f"{text[:start]}»{text[start:end]}«{text[end:]}"
    return " ".join(text.split())


def _headline(article: Article) -> str:
    return article.title or f"(untitled) {headline(article)}"


def _byline(article: Article) -> str:
    day = published(article) or "undated"
    parts = [article.source, day, ", ".join(article.authors), article.section or ""]
    return " · ".join(part for part in parts if part)
