"""The nouns as JSON, in the shapes that other programs rely on; missing values are null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from typing import Any

from search.differences import difference
from search.metadata import MetadataReport
from search.types import (
    AddReport,
    Article,
    Copies,
    Copy,
    Count,
    Difference,
    Guess,
    Hit,
    Passage,
    Query,
    Reject,
    Results,
    Shares,
    StoryArticle,
    Version,
)

Json = dict[str, Any]


def article_json(article: Article) -> Json:
    """`author` joins the names, `authors` keeps them apart; dates are ISO 8601.

    `published_precision` says how much of `published` is known: a month is its first day.
    """
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "author": ", ".join(article.authors) or None,
        "authors": list(article.authors),
        "published": _iso(article.published),
        "published_precision": article.published_precision,
        "updated": True if article.updated is True else _iso(article.updated),
        "url": article.url,
        "section": article.section,
        "language": article.language,
        "text": article.text,
    }


def passage_json(passage: Passage) -> Json:
    """Offsets in code points of the article's text."""
    return {
        "id": passage.id,
        "number": passage.number,
        "start": passage.start,
        "end": passage.end,
    }


def hit_json(hit: Hit) -> Json:
    """A hit with its article whole; spans of `evidence` are offsets in `text`."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "strength": hit.strength,
        "text": hit.text,
        "passage": passage_json(hit.passage),
        "article": article_json(hit.article),
        "evidence": asdict(hit.evidence),
        "why": asdict(hit.why),
        "copies": [copy_json(copy) for copy in hit.copies],
        "story": [story_json(one) for one in hit.story],
    }


def copy_json(copy: Copy) -> Json:
    """Who carried a text, when, and in how many characters."""
    return asdict(copy) | {"published": _iso(copy.published)}


def copies_json(copies: Copies) -> Json:
    """All copies, earliest first; `first`, `longest`, `newest` and those of `outlets` are ids.

    Of the copies of one outlet the newest comes first, since it stands for the others.
    """
    return {
        "first": copies.first.article_id,
        "longest": copies.longest.article_id,
        "newest": copies.newest.article_id,
        "outlets": {
            outlet.newest.source: [copy.article_id for copy in outlet.newest_first]
            for outlet in copies.by_outlet
        },
        "copies": [copy_json(copy) for copy in copies.articles],
    }


def versions_json(versions: Sequence[Version], *, with_differences: bool) -> list[Json]:
    """Newest first; with `difference` from the version before, null for the oldest, if asked."""
    found = [
        {
            "version": one.article.version,
            "replaced_at": _iso(one.replaced_at),
            "article": article_json(one.article),
        }
        for one in versions
    ]
    if with_differences:
        steps = [difference(old.article, new.article) for new, old in pairwise(versions)]
        for one, step in zip(found, [*map(difference_json, steps), None], strict=True):
            one["difference"] = step
    return found


def difference_json(change: Difference) -> Json:
    """Fields as in an article; pieces with their spans in the old and the new text."""
    return {
        "fields": [
            {"field": one.field, "old": _plain(one.old), "new": _plain(one.new)}
            for one in change.fields
        ],
        "pieces": [piece._asdict() for piece in change.pieces],
    }


def story_json(article: StoryArticle) -> Json:
    """An article of a story; `likeness` is its cosine with the one that leads the story."""
    return asdict(article) | {"published": _iso(article.published)}


def query_json(query: Query) -> Json:
    """How the text was read."""
    return {
        "text": query.text,
        "canonical": query.canonical,
        "words": query.words,
        "phrases": list(query.phrases),
        "excluded": list(query.excluded),
        "chips": [chip._asdict() for chip in query.chips],
        "notes": list(query.notes),
        "today": query.today.isoformat(),
    }


def results_json(results: Results) -> Json:
    """The whole answer; `total` is `matched.passages`."""
    return {
        "query": query_json(results.query),
        "plan": asdict(results.plan),
        "total": results.total,
        "matched": _count_json(results.matched),
        "ranked": _count_json(results.ranked),
        "counted": _count_json(results.counted),
        "folded": _count_json(results.folded),
        "stories": results.stories,
        "awaiting": results.awaiting,
        "undated": results.undated,
        "generation": results.generation,
        "is_answered": results.is_answered,
        "suggestions": [one._asdict() for one in results.suggestions],
        "hits": [hit_json(hit) for hit in results.hits],
        "facets": {
            name: [value._asdict() for value in values] for name, values in results.facets.items()
        },
        "timeline": [
            {"start": _iso(bucket.start), "end": _iso(bucket.end), "articles": bucket.articles}
            for bucket in results.timeline
        ],
    }


def shares_json(shares: Shares, passage: Passage) -> Json:
    """Each word with its offsets in the passage's text; all shares add up to `cosine`."""
    return {
        "passage": passage_json(passage),
        "text": passage.text,
        "cosine": shares.cosine,
        "words": [
            {"word": passage.text[slice(*span)], "span": list(span), "share": share}
            for span, share in shares.words
        ],
        "title": shares.title,
        "rest": shares.rest,
    }


def report_json(report: AddReport) -> Json:
    """Counts of articles, and the rejects that were kept."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "withdrawn": report.withdrawn,
        "boilerplate": report.boilerplate,
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
        "flags": dict(report.flags),
        "skipped": list(report.skipped),
        "rejects": [reject_json(reject) for reject in report.rejects],
    }


def metadata_json(report: MetadataReport) -> Json:
    """What is known, missing and odd, outlet by outlet; the nouns of `search.metadata` as objects.

    Days are ISO 8601.
    """
    return {
        "articles": report.articles,
        "seconds": round(report.seconds, 3),
        "alike": [list(group) for group in report.alike],
        "outlets": [
            asdict(one)
            | {
                "spikes": [{"day": _iso(day), "articles": many} for day, many in one.spikes],
                "shared_paragraphs": [shared._asdict() for shared in one.shared_paragraphs],
            }
            for one in report.outlets
        ],
    }


def reject_json(reject: Reject) -> Json:
    """A record that could not be read."""
    return asdict(reject)


def guess_json(guess: Guess) -> Json:
    """What was guessed in an article that was read, and where it was."""
    return {
        "id": guess.article_id,
        "path": guess.path,
        "member": guess.member,
        "line": guess.line,
        "flags": list(guess.flags),
        "chosen": dict(guess.chosen),
    }


def _count_json(count: Count) -> Json:
    return {"passages": count.passages, "articles": count.articles}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
