"""The command `news-search add`: once, or watching."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from search.console import print_json, print_lines
from search.errors import IndexNotFound, InputError, SearchError
from search.opening import DONE, REJECTED, opened
from search.printed import reject_lines, report_lines

if TYPE_CHECKING:
    from search.index import NewsIndex
    from search.reporting import ReportFile
    from search.types import AddReport


def add(options: argparse.Namespace) -> int:
    """Add what the arguments name; returns the exit code."""
    from search.reporting import ReportFile

    file = None
    try:
        with ExitStack() as stack:
            index = stack.enter_context(opened(options))
            _check_for_work(index, options)
            file = stack.enter_context(ReportFile(options.report)) if options.report else None
            code = (_watch if options.watch else _add_once)(index, options, file)
    finally:
        if file and file.error:
            print_lines([f"news-search: {file.error}"], sys.stderr)
    return REJECTED if file and file.error else code


def _check_for_work(index: NewsIndex, options: argparse.Namespace) -> None:
    """Raises InputError where nothing is named, and no earlier adding left anything to encode."""
    if options.paths:
        return
    if options.watch or not _is_behind(index):
        raise InputError("name what to add: a file, a folder, or the address of a page or feed")


def _is_behind(index: NewsIndex) -> bool:
    try:
        encoded, passages = index.coverage()
    except IndexNotFound:
        return False
    return encoded < passages


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
                print_lines([f"news-search: {outcome}"], sys.stderr)
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
        "newest_first": options.newest_first,
    }


def _tell(report: AddReport, options: argparse.Namespace, file: ReportFile | None) -> None:
    """Print and write what was done."""
    if file:
        file.end_round(report)
    if options.json:
        from search.output import report_json

        print_json(report_json(report))
        return
    print_lines(reject_lines(report), sys.stderr)
    if not options.quiet:
        print_lines(report_lines(report))


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in pairs)
