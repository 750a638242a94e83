"""How well web pages are read: the tables "Web pages" of benchmarks/README.md.

    python benchmarks/pages.py ../shared/formats

One function a table; a table whose files are not there is left out. publishers.jsonl names for each
page of html-publishers what a reader of the page finds: its headline, its outlet (in every form in
which the page prints it) and the day of publication where it was published.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from search.ingest.article import article_of
from search.ingest.html import record_of_page
from search.ingest.record import Rejected
from search.types import Article

HERE = Path(__file__).parent
SHINGLE_WORDS = 4


class Overlap(NamedTuple):
    """How much of a text is right, and how much of what is right is there, in [0, 1]."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main(folder: Path) -> None:
    """Print every table, keep the figures."""
    figures = {
        "bodies": print_bodies(folder / "html-newsarticle"),
        "publishers": print_publishers(folder / "html-publishers"),
    }
    results = HERE / "results" / "pages.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


# The text of web pages


def print_bodies(folder: Path) -> dict[str, Any]:
    """The article's text against what people marked as such."""
    pages = list(bodies(folder))
    if not pages:
        return {}
    print("| text of web pages | precision | recall | F1 | lowest F1 |")
    print("|---|---|---|---|---|")
    figures: dict[str, Any] = {"pages": len(pages)}
    for name, words in ((f"{SHINGLE_WORDS}-word shingles", SHINGLE_WORDS), ("words", 1)):
        found = [overlap(text, truth, words) for _, text, truth, _ in pages]
        row = [
            statistics.mean(one.precision for one in found),
            statistics.mean(one.recall for one in found),
            statistics.mean(one.f1 for one in found),
            min(one.f1 for one in found),
        ]
        print(f"| {name}, {len(pages)} pages | {' | '.join(f'{value:.3f}' for value in row)} |")
        figures[name] = {
            page: round(one.f1, 4) for (page, *_), one in zip(pages, found, strict=True)
        }
        figures[f"mean {name}"] = round(row[2], 4)
    figures["ms a page, median"] = round(statistics.median(ms for *_, ms in pages), 1)
    print(f"\nMedian {figures['ms a page, median']} ms a page.\n")
    return figures


def bodies(folder: Path) -> Iterator[tuple[str, str, str, float]]:
    """Name, text as read, true text, and milliseconds, of every page."""
    truths = json.loads((folder / "ground-truth.json").read_text()) if folder.exists() else {}
    for name, truth in truths.items():
        content = (folder / f"{name}.html").read_bytes()
        started = time.perf_counter()
        article = read_page(content)
        ms = (time.perf_counter() - started) * 1000
        yield name, article.text if article else "", truth["articleBody"], ms


def overlap(text: str, truth: str, words: int) -> Overlap:
    """Of runs of so many words, each as often as it stands there.

    Runs of four words are what scrapinghub's article-extraction-benchmark compares.
    """
    found, right = shingles(text, words), shingles(truth, words)
    shared = (found & right).total()
    return Overlap(shared / max(1, found.total()), shared / max(1, right.total()))


def shingles(text: str, words: int) -> Counter[tuple[str, ...]]:
    """Runs of words; a text that is shorter is one run."""
    tokens = re.findall(r"\w+", text)
    return Counter(
        tuple(tokens[i : i + words])
        for i in range(min(len(tokens), max(1, len(tokens) - words + 1)))
    )


# What web pages say of themselves


def print_publishers(folder: Path) -> dict[str, Any]:
    """Title, outlet and date against what a reader of the page finds."""
    pages = list(publishers(folder))
    if not pages:
        return {}
    fields = ("title", "source", "published")
    right = {field: sum(field not in wrong for _, wrong in pages) for field in fields}
    whole = sum(not wrong for _, wrong in pages)
    print(f"| of {len(pages)} pages of publishers | title | outlet | date | all three |")
    print("|---|---|---|---|---|")
    print(f"| right | {' | '.join(str(count) for count in right.values())} | {whole} |\n")
    for name, wrong in pages:
        for field, (found, truth) in wrong.items():
            print(f"{name}: {field} {found!r}, not {truth!r}")
    return {**right, "all three": whole, "pages": len(pages)}


def publishers(folder: Path) -> Iterator[tuple[str, dict[str, tuple[Any, Any]]]]:
    """The name of every page, and its fields that are wrong with what is right."""
    for line in (HERE / "publishers.jsonl").read_text().splitlines():
        truth = json.loads(line)
        path = folder / truth["file"]
        if path.exists():
            yield truth["file"], wrong_fields(read_page(path.read_bytes()), truth)


def wrong_fields(article: Article | None, truth: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → what was read, what is right; spacing, case and full-width forms are not compared."""
    if article is None:
        return {field: (None, truth[field]) for field in ("title", "source", "published")}
    day = article.published
    day = day.date() if isinstance(day, datetime) else day  # where it was published
    pairs = {
        "title": (article.title, [truth["title"]]),
        "source": (article.source, truth["source"]),
        "published": (day and day.isoformat(), [truth["published"]]),
    }
    return {
        field: (found, right)
        for field, (found, right) in pairs.items()
        if folded(found) not in map(folded, right)
    }


def folded(text: str | None) -> str:
    """A text in the form in which it is compared."""
    return " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())


def read_page(content: bytes) -> Article | None:
    """The article of a page as the archive would hold it."""
    try:
        return article_of(record_of_page(content))
    except Rejected:
        return None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
