"""The command `news-search`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from search.add_command import add
from search.arguments import read_arguments
from search.console import drop_output, make_printable, print_json, print_lines
from search.errors import SearchError
from search.export_command import export, replay
from search.opening import DONE, FATAL, REJECTED, opened
from search.printed import (
    article_lines,
    copies_lines,
    erasure_lines,
    evaluation_lines,
    results_lines,
    shares_lines,
    story_lines,
    versions_lines,
)
from search.written import count

STOPPED = 130
"""As shells say of a program that Ctrl-C ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 something rejected or wrong, 2 fatal."""
    make_printable()
    options = read_arguments(arguments)
    try:
        code = _COMMANDS[options.command](options)
        sys.stdout.flush()
    except SearchError as error:
        print_lines([f"news-search: {error}"], sys.stderr)
        return FATAL
    except KeyboardInterrupt:
        print("\nnews-search: stopped; what was committed stays", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        drop_output()
        return DONE
    except OSError as error:  # a disk that is full, under the output too
        drop_output()
        print_lines([f"news-search: {error}"], sys.stderr)
        return FATAL
    return code


# The commands


def _search(options: argparse.Namespace) -> int:
    with opened(options) as index:
        results = index.search(
            " ".join(options.query),
            k=options.k,
            offset=options.offset,
            mode=options.mode,
            sort=options.sort,
            group=options.group,
            source=options.source,
            author=options.author,
            section=options.section,
            language=options.language,
            after=options.after,
            before=options.before,
            include_undated=options.include_undated,
            like=options.like,
            now=options.now,
        )
    if options.json:
        from search.output import results_json

        print_json(results_json(results))
    else:
        print_lines(results_lines(results))
    return DONE


def _explain(options: argparse.Namespace) -> int:
    with opened(options) as index:
        shares = index.explain(" ".join(options.query), options.passage, now=options.now)
        _, passage = index.passage(options.passage)
    if options.json:
        from search.output import shares_json

        print_json(shares_json(shares, passage))
    else:
        print_lines(shares_lines(shares, passage))
    return DONE


def _article(options: argparse.Namespace) -> int:
    with opened(options) as index:
        article = index.article(options.id)
    if options.json:
        from search.output import article_json

        print_json(article_json(article))
    else:
        print_lines(article_lines(article))
    return DONE


def _versions(options: argparse.Namespace) -> int:
    with opened(options) as index:
        versions = index.versions(options.id)
    if options.json:
        from search.output import versions_json

        print_json(versions_json(versions, with_differences=options.diff))
    else:
        print_lines(versions_lines(versions, with_differences=options.diff))
    return DONE


def _copies(options: argparse.Namespace) -> int:
    with opened(options) as index:
        copies = index.copies(options.id)
    if options.json:
        from search.output import copies_json

        print_json(copies_json(copies))
    else:
        print_lines(copies_lines(copies))
    return DONE


def _story(options: argparse.Namespace) -> int:
    with opened(options) as index:
        article, story = index.article(options.id), index.story(options.id, days=options.days)
    if options.json:
        from search.output import story_json

        print_json([story_json(one) for one in story])
    else:
        print_lines(story_lines(article, story))
    return DONE


def _remove(options: argparse.Namespace) -> int:
    with opened(options) as index:
        if options.verify:
            erasure = index.erase(*options.ids)
            removed = erasure.articles
        else:
            erasure, removed = None, index.remove(*options.ids)
    missing = len(set(options.ids)) - removed
    rest = f"; not there: {missing:,}" if missing else ""
    print_lines([f"removed {count(removed, 'article')}{rest}"])
    if erasure is not None and removed:
        print_lines(erasure_lines(erasure))
    is_wrong = missing or (erasure is not None and erasure.traces)
    return REJECTED if is_wrong else DONE


def _compact(options: argparse.Namespace) -> int:
    with opened(options) as index:
        before = index.stats().bytes_on_disk
        index.compact()
        after = index.stats().bytes_on_disk
    print_lines([f"compacted: {before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB now"])
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from search.evaluate import evaluate

    report = evaluate(options.collection, options.modes, index_path=options.index)
    if options.json:
        print_json(asdict(report))
    else:
        print_lines(evaluation_lines(report))
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    if options.metadata:
        return _doctor_metadata(options)
    with opened(options) as index:
        faults = index.doctor(repair=options.repair)
        stats = index.stats() if not faults else None
    awaiting = None if stats is None else stats.passages - stats.encoded
    if options.json:
        print_json({"ok": not faults, "faults": faults, "awaiting": awaiting})
    elif stats is not None:
        articles, passages = count(stats.articles, "article"), count(stats.passages, "passage")
        print_lines([f"ok: {articles}, {passages}, {stats.model}"])
        if awaiting:
            print_lines(
                [
                    f"{awaiting:,} of them are found by words alone; encode them with: "
                    "news-search add"
                ]
            )
    else:
        print_lines(faults)
    return REJECTED if faults else DONE


def _doctor_metadata(options: argparse.Namespace) -> int:
    with opened(options) as index:
        report = index.metadata_report()
    if options.json:
        from search.output import metadata_json

        print_json(metadata_json(report))
    else:
        from search.printed_metadata import metadata_lines

        print_lines(metadata_lines(report))
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from search.web import sign_in
    from search.web.server import serve

    signing_in = sign_in.chosen(
        options.sign_in, options.allow_people, options.trusted_proxy, options.user_header
    )
    serve(
        options.index,
        options.port,
        options.host,
        names=options.allow_host,
        signing_in=signing_in,
        allow_add=options.allow_add,
    )
    return DONE


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": add,
    "search": _search,
    "export": export,
    "replay": replay,
    "explain": _explain,
    "article": _article,
    "versions": _versions,
    "copies": _copies,
    "story": _story,
    "remove": _remove,
    "compact": _compact,
    "evaluate": _evaluate,
    "doctor": _doctor,
    "serve": _serve,
}

if __name__ == "__main__":
    sys.exit(main())
