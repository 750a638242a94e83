"""What is read of real files in the formats of the news world: "Formats" in benchmarks/README.md.

    python benchmarks/formats.py ../shared/formats

For every file of an agency's, feed's or archive's format: which articles came out, with the fields
that matter, what was skipped and what rejected, each with its reason.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search.ingest import read
from search.types import Article, Withdrawal

HERE = Path(__file__).parent
FOLDERS = ("newsml-g2", "nitf-in-newsml-g2", "ninjs", "rss-atom", "rss-atom-illformed", "warc")
FIELDS = ("title", "published", "language", "source", "status")


def main() -> None:
    """Print the tables and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("formats", type=Path, help="a folder with one folder a format")
    options = parser.parse_args()
    figures = {"wire": wire(options.formats)}
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (HERE / "results" / "formats.json").write_text(text + "\n", encoding="utf-8")


def wire(formats: Path) -> dict[str, Any]:
    """Every file of the agencies', feeds' and archives' formats, and a line a folder."""
    figures: dict[str, Any] = {}
    for name in FOLDERS:
        folder = formats / name
        if not folder.exists():
            continue
        files = {path.name: list(_outcomes(path)) for path in sorted(folder.iterdir())}
        for file, outcomes in files.items():
            for outcome in outcomes or [{"kind": "nothing"}]:
                print(name, file, _shown(outcome), sep="  ")
        figures[name] = {"files": files, **_summed(files)}
        print(f"== {name}: {_summed(files)}\n")
    return figures


def _outcomes(path: Path) -> Iterator[dict[str, Any]]:
    reading = read([path])
    for item in reading:
        if isinstance(item, Article):
            filled = {name: bool(_value(item, name)) for name in FIELDS}
            yield {"kind": "read", "id": item.id, "chars": len(item.text), **filled}
        elif isinstance(item, Withdrawal):
            yield {"kind": "withdrawn", "id": item.article_id, "why": item.reason}
        else:
            yield {"kind": "rejected", "member": item.member, "why": f"{item.code}: {item.message}"}
    for line in reading.skipped:
        yield {"kind": "skipped", "why": line.partition(": ")[2]}


def _value(article: Article, name: str) -> object:
    if name == "status":
        return article.extras.get("status")
    value = getattr(article, name)
    return None if value == "Unknown" else value


def _summed(files: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    outcomes = [outcome for each in files.values() for outcome in each]
    articles = [outcome for outcome in outcomes if outcome["kind"] == "read"]
    return {
        "number": len(files),
        **Counter(outcome["kind"] for outcome in outcomes),
        "with": {name: sum(article[name] for article in articles) for name in FIELDS},
    }


def _shown(outcome: dict[str, Any]) -> str:
    if outcome["kind"] == "read":
        missing = [name for name in FIELDS if not outcome[name]]
        lacks = f", no {', '.join(missing)}" if missing else ""
        return f"read {outcome['chars']:,} characters{lacks}"
    return f"{outcome['kind']} {outcome.get('why', '')}".strip()


if __name__ == "__main__":
    main()
