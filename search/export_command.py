"""The commands `news-search export` and `news-search replay`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from search.console import print_json, print_lines
from search.errors import InputError, QueryError
from search.opening import DONE, REJECTED, opened
from search.printed import awaiting_lines
from search.written import count

if TYPE_CHECKING:
    from search.exporting import RecordedHit, Replay

_SHOWN = 20
"""Hits of each kind that are listed for people; --json has all."""


def export(options: argparse.Namespace) -> int:
    """Search, and write the hits and the record of the search."""
    from search.exporting import Asked, exported, recorded, search_all, write_file

    asked = Asked(
        text=" ".join(options.query),
        now=options.now or datetime.now().astimezone().date(),
        mode=options.mode,
        sort=options.sort,
        group=options.group,
        source=tuple(options.source),
        author=tuple(options.author),
        section=tuple(options.section),
        language=tuple(options.language),
        after=options.after,
        before=options.before,
        include_undated=options.include_undated,
        like=options.like,
    )
    with opened(options) as index:
        results, model, is_all = search_all(index, asked, options.most)
    if options.output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(exported(options.format, results.hits))
    else:
        record = recorded(asked, results, model, is_all=is_all)
        write_file(
            options.output, options.format, results.hits, record, overwrite=options.overwrite
        )
    rest = "" if is_all else f"; there are more: --most {options.most} was reached"
    said = f"{count(len(results.hits), 'hit')} written{rest}"
    print_lines([*results.query.notes, *awaiting_lines(results), said], sys.stderr)
    return DONE


def replay(options: argparse.Namespace) -> int:
    """Run a recorded search again; 0 where it gives the same, 1 where it does not.

    Raises:
        InputError: no record, or one of a query that is no longer read.
    """
    from search.exporting import read_record, replayed

    record = read_record(options.record)
    options.rerank = record.reranker
    try:
        with opened(options) as index:
            found = replayed(index, record)
    except QueryError as error:
        msg = f"{options.record}: the search of this record cannot be read any more: {error}"
        raise InputError(msg) from None
    if options.json:
        print_json(_json(found))
    else:
        print_lines(_lines(found))
    return DONE if found.is_same else REJECTED


def _lines(found: Replay) -> Iterator[str]:
    then, now = found.then, found.now
    yield f"{then.read or 'everything'}, as asked on {then.made_at:%Y-%m-%d %H:%M}"
    if then.read != now.read:
        yield f"is read otherwise now: {now.read}"
    if then.mode != now.mode:
        yield f"was ranked by {then.mode}, now by {now.mode}"
    if then.model != now.model:
        yield f"the model was {then.model}, now it is {now.model}"
    if then.program != now.program:
        yield f"news-search was {then.program}, now it is {now.program}"
    changed = f"{then.generation} then, {now.generation} now"
    yield f"index: {'unchanged' if then.generation == now.generation else changed}"
    if then.matched != now.matched:
        before, after = then.matched.articles, now.matched.articles
        yield f"admitted: {count(before, 'article')} then, {after:,} now"
    if then.awaiting != now.awaiting:
        yield (
            f"without vectors yet: {count(then.awaiting, 'matched passage')} then,"
            f" {now.awaiting:,} now"
        )
    same = len(then.hits) - len(found.gone) - len(found.moved)
    yield (
        f"hits: {same:,} the same, {len(found.moved):,} at another rank,"
        f" {len(found.gone):,} gone, {len(found.new):,} new"
    )
    yield from _listed("gone", found.gone)
    yield from _listed("new", found.new)
    moves = [f"  {was.rank} → {is_now.rank}  {_named(was)}" for was, is_now in found.moved]
    yield from _cut("at another rank", moves)


def _listed(what: str, hits: tuple[RecordedHit, ...]) -> Iterator[str]:
    yield from _cut(what, [f"  {hit.rank}  {_named(hit)}" for hit in hits])


def _cut(what: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{what}:"
        yield from lines[:_SHOWN]
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN:,} more: --json has them all"


def _named(hit: RecordedHit) -> str:
    said = (hit.title or "untitled", hit.source, (hit.published or "no date")[:10])
    return " · ".join(said)


def _json(found: Replay) -> dict[str, object]:
    return {
        "same": found.is_same,
        "then": found.then.json(),
        "now": found.now.json(),
        "gone": [hit._asdict() for hit in found.gone],
        "new": [hit._asdict() for hit in found.new],
        "moved": [{"then": was._asdict(), "now": is_now._asdict()} for was, is_now in found.moved],
    }
