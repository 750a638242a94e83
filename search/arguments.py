"""What is asked of the command: its arguments, and what is wrong with them."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from search.links import is_url
from search.types import GROUPS, MODES, SORTS, STORY_DAYS

_EXPORTS = ("csv", "jsonl", "markdown", "ris", "bibtex", "csl")
"""As `search.exporting` has them, which is not loaded to read arguments."""


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments of one command, by default those of this program; `command` is its name.

    Ends the program with 2 where they cannot be read.
    """
    parser = _parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        msg = f"unrecognized arguments: {' '.join(unknown)}"
        if options.command == "search":
            query = " ".join([*options.query, *unknown])
            msg += f"; to leave out a word, put the query in quotes: news-search search '{query}'"
        parser.error(msg)
    return options


def _pair(text: str) -> str:
    if not re.fullmatch(r"[^=]+=[^=].*", text):
        msg = f"write ours=theirs, as in title=headline, not {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return text


def _place(text: str) -> str | Path:
    """An address stays text: as a path it would lose a slash."""
    return text if is_url(text) else Path(text)


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
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('news-search')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(command=name)
        return sub

    _add_options(command("add", "add articles from files, folders and addresses"))
    _search_options(command("search", "search, and print the best passages"))
    export = command("export", "search, and write the hits to a file, with a record of the search")
    _asking_options(export)
    _export_options(export)
    replay = command("replay", "run a recorded search again; exit 0 only if it gives the same")
    replay.add_argument("record", type=Path, metavar="FILE", help="exported, or its record, or ZIP")
    explain = command("explain", "say which words of a passage carried its meaning for a query")
    explain.add_argument("passage", metavar="PASSAGE", help="its id, as search --json gives it")
    explain.add_argument("query", nargs="+", metavar="QUERY")
    _now_option(explain)
    article = command("article", "print an article whole")
    article.add_argument("id", metavar="ID")
    versions = command("versions", "list what an article said before it was replaced")
    versions.add_argument("id", metavar="ID")
    versions.add_argument("--diff", action="store_true", help="show what each version changed")
    copies = command("copies", "list the copies of an article: who carried it, and when")
    copies.add_argument("id", metavar="ID")
    story = command("story", "list the other articles that tell an article's story")
    story.add_argument("id", metavar="ID")
    story.add_argument(
        "--days", type=_at_least(0), default=STORY_DAYS, metavar="N",
        help="look so far before and after (default: %(default)s)",
    )  # fmt: skip
    remove = command("remove", "remove articles")
    remove.add_argument("ids", nargs="+", metavar="ID")
    remove.add_argument(
        "--verify", action="store_true",
        help="erase them from every file of the index at once, and search the files for them",
    )  # fmt: skip
    compact = command("compact", "write the index anew without what was removed")
    evaluate = command("evaluate", "measure answers against relevance judgments")
    evaluate.add_argument("collection", type=Path, metavar="DIR", help="articles, queries, qrels")
    evaluate.add_argument("--modes", type=_modes, default=list(MODES), metavar="MODE,…")
    doctor = command("doctor", "check that the index is whole; exit 0 only if so")
    either = doctor.add_mutually_exclusive_group()
    either.add_argument("--repair", action="store_true", help="rebuild derived files first")
    either.add_argument(
        "--metadata", action="store_true",
        help="say instead what is missing and odd in the articles' metadata, outlet by outlet",
    )  # fmt: skip
    serve = command("serve", "serve the page")
    _serve_options(serve)
    for sub in commands.choices.values():
        _index_option(sub, is_temporary=sub is evaluate)
        if sub not in (remove, compact, serve, export):
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
    add.add_argument(
        "paths", nargs="*", type=_place, metavar="PATH",
        help="files, folders, and addresses of pages and feeds: http://…, https://…; "
        "none: encode what an interrupted add left",
    )  # fmt: skip
    add.add_argument(
        "--map", action="append", type=_pair, default=[], metavar="OURS=THEIRS",
        help="a field of the files by our name, as in title=headline; may be repeated",
    )  # fmt: skip
    add.add_argument(
        "--dates", action="append", type=_pair, default=[], metavar="OUTLET=ORDER",
        help="what 06/10/2022 means there: day-first or month-first; * is any other outlet",
    )  # fmt: skip
    add.add_argument(
        "--outlets", type=Path, metavar="FILE",
        help="other names of outlets, in TOML (default: $NEWS_SEARCH_OUTLETS)",
    )  # fmt: skip
    add.add_argument(
        "--newest-first", action="store_true",
        help="read everything, then add it in the order of its dates, undated articles last",
    )  # fmt: skip
    add.add_argument("--strict", action="store_true", help="exit 1 when anything was rejected")
    add.add_argument(
        "--report", type=Path, metavar="FILE",
        help="write every reject and every guess: as JSON, or as lines where FILE ends in .jsonl",
    )  # fmt: skip
    add.add_argument(
        "--watch", action="store_true",
        help="go on adding what comes or changes there, until Ctrl-C; addresses every 5 minutes",
    )  # fmt: skip
    add.add_argument(
        "--interval", type=_at_least(1), default=10, metavar="SECONDS",
        help="between two looks of --watch (default: 10)",
    )  # fmt: skip
    add.add_argument(
        "--allow-private", action="store_true", help="fetch from addresses in private networks too"
    )
    add.add_argument(
        "--quiet", action="store_true", help="print only what is wrong: no progress, no summary"
    )
    add.add_argument("--model", metavar="NAME", help="sentence-transformers model of a new index")


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--port", type=_at_least(1), default=8501, metavar="N")
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS")
    serve.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME",
        help="a host name that readers may ask for, as in archive.paper.example; may be repeated",
    )  # fmt: skip
    serve.add_argument(
        "--allow-add", nargs="?", const="", metavar="FOLDER",
        help="let readers add articles: pasted, uploaded, or lying below FOLDER",
    )  # fmt: skip
    serve.add_argument(
        "--sign-in", choices=("oidc", "header"),
        help="ask readers to sign in, with OpenID Connect or at a proxy (docs/deployment.md)",
    )  # fmt: skip
    serve.add_argument(
        "--allow-people", action="append", default=[], metavar="WHO",
        help="with oidc: an address or a domain whose people may read; may be repeated",
    )  # fmt: skip
    serve.add_argument(
        "--trusted-proxy", action="append", default=[], metavar="ADDRESS",
        help="with header: the address or network of the proxy to believe; may be repeated",
    )  # fmt: skip
    serve.add_argument(
        "--user-header", metavar="NAME",
        help="with header: where the proxy names the reader (default: X-Forwarded-User)",
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no day; write one such as 2026-11-23"
        raise argparse.ArgumentTypeError(msg) from None


def _search_options(search: argparse.ArgumentParser) -> None:
    search.add_argument("-k", type=_at_least(1), default=10, metavar="N", help="how many hits")
    search.add_argument("--offset", type=_at_least(0), default=0, metavar="N")
    _asking_options(search)


def _asking_options(search: argparse.ArgumentParser) -> None:
    search.add_argument("query", nargs="*", metavar="QUERY")
    search.add_argument("--mode", choices=MODES, default="hybrid")
    search.add_argument("--sort", choices=SORTS, default="relevance")
    search.add_argument(
        "--group",
        choices=GROUPS,
        default="copies",
        help="one hit for copies of one text, for all articles of a story, or for each passage",
    )
    for name in ("source", "author", "section", "language"):
        search.add_argument(f"--{name}", action="append", default=[], metavar="NAME")
    search.add_argument("--after", metavar="DATE", help="published on or after: 2022, 2022-09, …")
    search.add_argument("--before", metavar="DATE", help="published before")
    search.add_argument("--include-undated", action="store_true")
    _now_option(search)
    search.add_argument("--like", metavar="ID", help="passages like this article or passage")
    search.add_argument(
        "--rerank", metavar="MODEL", help="put the first 50 hits in this cross-encoder's order"
    )


def _export_options(export: argparse.ArgumentParser) -> None:
    export.add_argument("--format", choices=_EXPORTS, required=True)
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="its record is FILE.search.json (default: standard output, without a record)",
    )  # fmt: skip
    export.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    export.add_argument(
        "--most", type=_at_least(1), default=10_000, metavar="N",
        help="hits at most (default: %(default)s)",
    )  # fmt: skip


def _now_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--now", type=_day, metavar="DAY", help='count "last week" from this day')
