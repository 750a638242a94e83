"""The command `news-search`."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from search.errors import SearchError
from search.printed import (
    article_lines,
    erasure_lines,
    evaluation_lines,
    reject_lines,
    report_lines,
    results_lines,
)
from search.types import MODES, SORTS
from search.web.words import count

if TYPE_CHECKING:
    from search.index import NewsIndex
    from search.types import AddReport

DONE, REJECTED, FATAL = 0, 1, 2
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 something rejected or wrong, 2 fatal."""
    _make_printable()
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except SearchError as error:
        _print([f"news-search: {error}"], sys.stderr)
        return FATAL
    except KeyboardInterrupt:
        print("\nnews-search: stopped; what was committed stays", file=sys.stderr)
        return 130
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
    from search.progress import shown_progress

    with _opened(options) as index, shown_progress(silent=options.json) as progress:
        report = index.add(options.paths, mapping=_mapping(options.map), progress=progress)
    is_written = options.report is None or _write_report(options.report, report)
    if options.json:
        from search.output import report_json

        _print_json(report_json(report))
    else:
        _print(reject_lines(report), sys.stderr)
        _print(report_lines(report))
    is_fine = is_written and not (options.strict and report.rejected)
    return DONE if is_fine else REJECTED


def _search(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        results = index.search(
            " ".join(options.query),
            k=options.k,
            offset=options.offset,
            mode=options.mode,
            sort=options.sort,
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


def _article(options: argparse.Namespace) -> int:
    with _opened(options) as index:
        article = index.article(options.id)
    if options.json:
        from search.output import article_json

        _print_json(article_json(article))
    else:
        _print(article_lines(article))
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


def _write_report(path: Path, report: AddReport) -> bool:
    """Whether it could be written; what was added stays either way."""
    from search.output import report_json

    try:
        text = json.dumps(report_json(report), ensure_ascii=False, indent=1) + "\n"
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        _print([f"news-search: {path}: {error.strerror}; no report written"], sys.stderr)
        return False
    return True


# What is asked


def _opened(options: argparse.Namespace) -> NewsIndex:
    from search.index import NewsIndex

    return NewsIndex.open(options.index, model=getattr(options, "model", None))


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in pairs)


def _pair(text: str) -> str:
    if not re.fullmatch(r"[^=]+=[^=].*", text):
        msg = f"write ours=theirs, as in title=headline, not {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return text


def _modes(text: str) -> list[str]:
    modes = text.split(",")
    if not set(modes) <= set(MODES):
        msg = f"modes are {', '.join(MODES)}"
        raise argparse.ArgumentTypeError(msg)
    return modes


def _at_least(lowest: int) -> Any:  # noqa: ANN401  argparse wants any callable
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < lowest:
            msg = f"a whole number from {lowest} up, not {text!r}"
            raise argparse.ArgumentTypeError(msg)
        return int(text)

    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="news-search", description="Semantic search over a news archive, offline."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Any, about: str) -> argparse.ArgumentParser:  # noqa: ANN401
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=run)
        return sub

    _add_options(command("add", _add, "add articles from files and folders"))
    _search_options(command("search", _search, "search, and print the best passages"))
    article = command("article", _article, "print an article whole")
    article.add_argument("id", metavar="ID")
    remove = command("remove", _remove, "remove articles")
    remove.add_argument("ids", nargs="+", metavar="ID")
    remove.add_argument(
        "--verify", action="store_true",
        help="erase them from every file of the index at once, and search the files for them",
    )  # fmt: skip
    compact = command("compact", _compact, "write the index anew without what was removed")
    evaluate = command("evaluate", _evaluate, "measure answers against relevance judgments")
    evaluate.add_argument("collection", type=Path, metavar="DIR", help="articles, queries, qrels")
    evaluate.add_argument("--modes", type=_modes, default=list(MODES), metavar="MODE,…")
    doctor = command("doctor", _doctor, "check that the index is whole; exit 0 only if so")
    doctor.add_argument("--repair", action="store_true", help="rebuild derived files first")
    serve = command("serve", _serve, "serve the page")
    serve.add_argument("--port", type=_at_least(1), default=8501, metavar="N")
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS")
    for sub in commands.choices.values():
        _index_option(sub, is_temporary=sub is evaluate)
        if sub not in (remove, compact, serve):
            sub.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _index_option(command: argparse.ArgumentParser, *, is_temporary: bool) -> None:
    if is_temporary:
        default, about = None, "keep the index in this folder (default: a temporary one)"
    else:
        default = Path(os.environ.get("NEWS_SEARCH_INDEX") or "index")
        about = "the index's folder (default: $NEWS_SEARCH_INDEX, then index/)"
    command.add_argument("--index", type=Path, metavar="DIR", default=default, help=about)


def _add_options(add: argparse.ArgumentParser) -> None:
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    add.add_argument(
        "--map", action="append", type=_pair, default=[], metavar="OURS=THEIRS",
        help="a field of the files by our name, as in title=headline; may be repeated",
    )  # fmt: skip
    add.add_argument("--strict", action="store_true", help="exit 1 when anything was rejected")
    add.add_argument("--report", type=Path, metavar="FILE", help="write every reject as JSON")
    add.add_argument("--model", metavar="NAME", help="sentence-transformers model of a new index")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no day; write one such as 2026-11-23"
        raise argparse.ArgumentTypeError(msg) from None


def _search_options(search: argparse.ArgumentParser) -> None:
    search.add_argument("query", nargs="*", metavar="QUERY")
    search.add_argument("-k", type=_at_least(1), default=10, metavar="N", help="how many hits")
    search.add_argument("--offset", type=_at_least(0), default=0, metavar="N")
    search.add_argument("--mode", choices=MODES, default="hybrid")
    search.add_argument("--sort", choices=SORTS, default="relevance")
    for name in ("source", "author", "section", "language"):
        search.add_argument(f"--{name}", action="append", default=[], metavar="NAME")
    search.add_argument("--after", metavar="DATE", help="published on or after: 2022, 2022-09, …")
    search.add_argument("--before", metavar="DATE", help="published before")
    search.add_argument("--include-undated", action="store_true")
    search.add_argument("--now", type=_day, metavar="DAY", help='count "last week" from this day')
    search.add_argument("--like", metavar="ID", help="passages like this article or passage")


if __name__ == "__main__":
    sys.exit(main())
