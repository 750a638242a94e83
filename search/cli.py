"""The command `news-search`."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from search.arguments import read_arguments
from search.errors import SearchError
from search.printed import (
    article_lines,
    copies_lines,
    erasure_lines,
    evaluation_lines,
    reject_lines,
    report_lines,
    results_lines,
    shares_lines,
    story_lines,
    versions_lines,
)
from search.written import count

if TYPE_CHECKING:
    from search.index import NewsIndex
    from search.reporting import ReportFile
    from search.types import AddReport

DONE, REJECTED, FATAL = 0, 1, 2
STOPPED = 130
"""As shells say of a program that Ctrl-C ended."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 something rejected or wrong, 2 fatal."""
    _make_printable()
    options = read_arguments(arguments)
    try:
        code = _COMMANDS[options.command](options)
        sys.stdout.flush()
    except SearchError as error:
        _print([f"news-search: {error}"], sys.stderr)
        return FATAL
    except KeyboardInterrupt:
        print("\nnews-search: stopped; what was committed stays", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        _drop_output()
        return DONE
    except OSError as error:  # a disk that is full, under the output too
        _drop_output()
        _print([f"news-search: {error}"], sys.stderr)
        return FATAL
    return code


def _make_printable() -> None:
    """Streams that take every text, also where a shell closed them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  to the end
            setattr(sys, name, nowhere)
    if isinstance(sys.stdout, TextIOWrapper):  # a locale may lack the letters of the news
        sys.stdout.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Send what is still to be printed nowhere, so that Python does not fail on it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def plain(text: str) -> str:
    """Text safe to print on a terminal: no control characters, no escapes, no bidi overrides."""
    return _CONTROLS.sub("", text)


# The commands


def _add(options: argparse.Namespace) -> int:
    from search.reporting import ReportFile

    file = None
    try:
        with ExitStack() as stack:
            index = stack.enter_context(_opened(options))
            file = stack.enter_context(ReportFile(options.report)) if options.report else None
            code = (_watch if options.watch else _add_once)(index, options, file)
    finally:
        if file and file.error:
            _print([f"news-search: {file.error}"], sys.stderr)
    return REJECTED if file and file.error else code


def _add_once(index: NewsIndex, options: argparse.Namespace, file: ReportFile | None) -> int:
    from search.progress import shown_progress

    with shown_progress(silent=options.json or options.quiet) as progress:
        report = index.add(options.paths, progress=progress, **_how_to_add(options, file))
    _tell(report, options, file)
    return REJECTED if options.strict and report.rejected else DONE


def _watch(index: NewsIndex, options: argparse.Namespace, file: ReportFile | None) -> int:
    """Until Ctrl-C; an error ends a round, not the watch."""
    from search.progress import shown_progress

    with shown_progress(silent=options.json or options.quiet, by_line=True) as progress:
        how = _how_to_add(options, file)
        rounds = index.watch(options.paths, interval=options.interval, progress=progress, **how)
        for outcome in rounds:
            if isinstance(outcome, SearchError):
                _print([f"news-search: {outcome}"], sys.stderr)
            else:
                _tell(outcome, options, file)
            sys.stdout.flush()
    return DONE


def _how_to_add(options: argparse.Namespace, file: ReportFile | None) -> dict[str, Any]:
    from search.types import Fetching

    return {
        "mapping": _mapping(options.map),
        "date_orders": _mapping(options.dates),
        "outlets": options.outlets,
        "noted": file.note if file else None,
        "fetching": Fetching(allow_private=options.allow_private),
    }


def _tell(report: AddReport, options: argparse.Namespace, file: ReportFile | None) -> None:
    """Print and write what was done."""
    if file:
        file.end_round(report)
    if options.json:
        from search.output import report_json

        _print_json(report_json(report))
        return
    _print(reject_lines(report), sys.stderr)
    if not options.quiet:
        _print(report_lines(report))


def _search(options: argparse.Namespace) -> int:
    with _opened(options) as index:
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

        _print_json(results_json(results))
    else:
        _print(results_lines(results))
    return DONE


def _explain(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        shares = index.explain(" ".join(options.query), options.passage, now=options.now)
        _, passage = index.passage(options.passage)
    if options.json:
        from search.output import shares_json

        _print_json(shares_json(shares, passage))
    else:
        _print(shares_lines(shares, passage))
    return DONE


def _article(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        article = index.article(options.id)
    if options.json:
        from search.output import article_json

        _print_json(article_json(article))
    else:
        _print(article_lines(article))
    return DONE


def _versions(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        versions = index.versions(options.id)
    if options.json:
        from search.output import versions_json

        _print_json(versions_json(versions, with_differences=options.diff))
    else:
        _print(versions_lines(versions, with_differences=options.diff))
    return DONE


def _copies(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        copies = index.copies(options.id)
    if options.json:
        from search.output import copies_json

        _print_json(copies_json(copies))
    else:
        _print(copies_lines(copies))
    return DONE


def _story(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        article, story = index.article(options.id), index.story(options.id, days=options.days)
    if options.json:
        from search.output import story_json

        _print_json([story_json(one) for one in story])
    else:
        _print(story_lines(article, story))
    return DONE


def _remove(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        if options.verify:
            erasure = index.erase(*options.ids)
            removed = erasure.articles
        else:
            erasure, removed = None, index.remove(*options.ids)
    missing = len(set(options.ids)) - removed
    rest = f"; not there: {missing:,}" if missing else ""
    _print([f"removed {count(removed, 'article')}{rest}"])
    if erasure is not None and removed:
        _print(erasure_lines(erasure))
    is_wrong = missing or (erasure is not None and erasure.traces)
    return REJECTED if is_wrong else DONE


def _compact(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        before = index.stats().bytes_on_disk
        index.compact()
        after = index.stats().bytes_on_disk
    _print([f"compacted: {before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB now"])
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from search.evaluate import evaluate

    report = evaluate(options.collection, options.modes, index_path=options.index)
    if options.json:
        _print_json(asdict(report))
    else:
        _print(evaluation_lines(report))
    return DONE


def _doctor(options: argparse.Namespace) -> int:
    if options.metadata:
        return _doctor_metadata(options)
    with _opened(options) as index:
        faults = index.doctor(repair=options.repair)
        stats = index.stats() if not faults else None
    if options.json:
        _print_json({"ok": not faults, "faults": faults})
    elif stats is not None:
        articles, passages = count(stats.articles, "article"), count(stats.passages, "passage")
        _print([f"ok: {articles}, {passages}, {stats.model}"])
    else:
        _print(faults)
    return REJECTED if faults else DONE


def _doctor_metadata(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        report = index.metadata_report()
    if options.json:
        from search.output import metadata_json

        _print_json(metadata_json(report))
    else:
        from search.printed_metadata import metadata_lines

        _print(metadata_lines(report))
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from search.web.server import serve

    serve(options.index, options.port, options.host)
    return DONE


# What is printed


def _print(lines: Iterable[str], file: TextIO | None = None) -> None:
    for line in lines:
        print(plain(line), file=file)


def _print_json(value: Any) -> None:  # noqa: ANN401  anything that JSON can hold
    print(json.dumps(value))  # ASCII, which every locale can print


def _opened(options: argparse.Namespace) -> NewsIndex:
    from search.index import NewsIndex

    return NewsIndex.open(
        options.index,
        model=getattr(options, "model", None),
        reranker=getattr(options, "rerank", None),
    )


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in pairs)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": _add,
    "search": _search,
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
