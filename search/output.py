"""The nouns as JSON, in the shapes that other programs rely on; missing values are null."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from search.types import (
    AddReport,
    Article,
    Count,
    Guess,
    Hit,
    Passage,
    Query,
    Reject,
    Results,
    Shares,
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
        "copies": [asdict(copy) | {"published": _iso(copy.published)} for copy in hit.copies],
    }


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
        "folded": _count_json(results.folded),
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
        "passages": report.passages,
        "seconds": round(report.seconds, 3),
        "flags": dict(report.flags),
        "skipped": list(report.skipped),
        "rejects": [reject_json(reject) for reject in report.rejects],
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


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
