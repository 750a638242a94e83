"""What the command prints for people, line by line; `console` makes each safe for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from search.differences import difference
from search.written import count, headline, published, when

if TYPE_CHECKING:
    from search.evaluate import Report
    from search.types import (
        AddReport,
        Article,
        Copies,
        Copy,
        Erasure,
        Hit,
        Passage,
        Piece,
        Results,
        Shares,
        StoryArticle,
        Version,
    )

MOST_OF_STORY = 5
"""Other articles of a hit's story that are listed."""
MOST_LISTED = 20
"""Rejects, skipped files and words that are named one by one."""
KEPT_CHARS = 60
"""Of what a version left as it was, so much is printed before and after a change."""


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
    if report.boilerplate:
        yield f"boilerplate, shown but not searched: {count(report.boilerplate, 'sentence')}"
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


def awaiting_lines(results: Results) -> Iterator[str]:
    """How many of the matched passages were compared by meaning, where not all were."""
    if results.awaiting:
        passages = results.matched.passages
        rest = ""
        if results.query.words:  # else it is an article that others are to be like
            by_words = results.plan.mode == "hybrid"
            rest = "; words cover all" if by_words else "; hybrid and keyword search the rest too"
        matched = count(passages, "matched passage")
        yield f"meaning covers {passages - results.awaiting:,} of {matched} so far{rest}"


def results_lines(results: Results) -> Iterator[str]:
    """The whole answer: how the query was read, counts, hits."""
    if results.query.chips:
        yield f"read as: {' · '.join(chip.label for chip in results.query.chips)}"
    for note in results.query.notes:
        yield f"note: {note}"
    for suggestion in results.suggestions:
        yield f"only {suggestion.label}? search for: {suggestion.text}"
    yield _counts(results)
    yield from awaiting_lines(results)
    if results.undated:
        yield f"{count(results.undated, 'undated article')} left out; add --include-undated"
    if results.is_answered is False and results.hits:
        so_far = " so far" if results.awaiting else ""
        yield f"no good match{so_far}; the nearest, for reference:"
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


def versions_lines(versions: Sequence[Version], *, with_differences: bool) -> Iterator[str]:
    """Newest first; with what each changed of the one before it, where that is asked for."""
    befores = [*versions[1:], None]
    for number, (version, before) in enumerate(zip(versions, befores, strict=True), 1):
        article, until = version.article, version.replaced_at
        said = "now" if until is None else f"until {when(until)} UTC"
        counted = "" if article.version is None else f" (version {article.version})"
        yield f"{number}. {said}{counted}: {_headline(article)}"
        yield f"   {_byline(article)}"
        if with_differences and before is not None:
            yield from _difference_lines(before.article, article)


def _difference_lines(old: Article, new: Article) -> Iterator[str]:
    change = difference(old, new)
    for field in change.fields:
        yield f"   - {field.field}: {_value(field.old)}"
        yield f"   + {field.field}: {_value(field.new)}"
    if any(piece.kind != "kept" for piece in change.pieces):
        text = "".join(_piece(piece, old.text, new.text) for piece in change.pieces)
        yield from (f"     {line}".rstrip() for line in text.splitlines())


def _piece(piece: Piece, old: str, new: str) -> str:
    """A part of the text as Git writes differences of words; what is kept is cut to its ends."""
    if piece.kind == "removed":
        return f"[-{old[slice(*piece.old)]}-]"
    text = new[slice(*piece.new)]
    if piece.kind == "added":
        return f"{{+{text}+}}"
    before, after = piece.new[0] > 0, piece.new[1] < len(new)
    most = KEPT_CHARS * (before + after)
    if len(text) <= most:
        return text
    return text[: KEPT_CHARS * before] + " … " + text[len(text) - KEPT_CHARS * after :]


def _value(value: str | tuple[str, ...] | date | bool | None) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, date):
        return when(value)
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    return "yes" if value is True else str(value)


def copies_lines(copies: Copies) -> Iterator[str]:
    """A line an outlet, with its newest; under it the older ones it replaced."""
    carried, outlets = len(copies.articles), len(copies.by_outlet)
    yield f"{count(carried, 'article')} of {count(outlets, 'outlet')}"
    for outlet in copies.by_outlet:
        newest, *older = outlet.newest_first
        yield _copy_line(newest, copies)
        yield from (f"   earlier: {_copy_line(copy, copies)}" for copy in older)


def _copy_line(copy: Copy, copies: Copies) -> str:
    roles = {"first": copies.first, "longest": copies.longest, "newest": copies.newest}
    names = [name for name, one in roles.items() if one is copy and len(copies.articles) > 1]
    said = f" ({', '.join(names)})" if names else ""
    parts = [
        copy.source,
        when(copy.published, copy.published_precision) or "undated",
        copy.title or "(untitled)",
    ]
    return f"{' · '.join(parts)} · {count(copy.chars, 'character')}{said}  [{copy.article_id}]"


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
    published = when(one.published, one.published_precision) or "undated"
    said = f"{published} · {one.source} · {one.title or '(untitled)'}"
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
