"""The sample newsroom: enough of it, marked as fiction, parseable, shaped as its README says."""

import csv
import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

SAMPLES = Path(__file__).parents[1] / "samples"
TEXTS = sorted((SAMPLES / "text").iterdir())
JSONL = [SAMPLES / "january-to-may.jsonl", SAMPLES / "june-to-september.jsonl"]
OWN_NAMES = "id title source author published url text section updated language fiction"
EXPORT_NAMES = "headline body byline publish_date outlet link category lang fiction"
CSV_NAMES = "title content author date source url section fiction"
HEADER = re.compile(r" date (\d{4}-\d\d-\d\d) The content originally appeared on: (\S.*)")
SECTIONS = {"world", "politics", "business", "science", "culture", "sport"}
UPDATED_TWICE = "mp-recount-explained"
WIRE_COPIES = {
    "tw-20260212-0007": ["fiction-001-dam-breach-post", "tarrowdale-collapse-freight"],
    "tw-20260507-0019": ["fiction-006-rate-cut-post", "2026-05-07-rate-cut"],
    "tw-20260608-0004": ["port-ansel-stops", "harbour-standstill-dockers-strike"],
    "tw-20260720-0003": ["fiction-011-ferry-reef-post", "2026-07-20-ferry-reef"],
    "tw-20260915-0031": ["fiction-004-dam-final-report-post", "2026-09-15-farrant-final-report"],
}


class Sample(NamedTuple):
    """A record under one set of names, whatever its format calls them; "" where it has none."""

    key: str
    source: str
    published: str
    text: str
    title: str = ""
    author: str = ""
    url: str = ""
    section: str = ""
    language: str = ""

    @property
    def slug(self) -> str:
        return self.url.rsplit("/", 1)[-1] or self.key


def records_of(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    text = path.read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()] if path in JSONL else json.loads(text)


def from_text(path: Path) -> Sample:
    header, _, body = path.read_text("utf-8").partition("\n\n")
    day, source = HEADER.fullmatch(header).groups()
    return Sample(path.stem, source, day, body)


def from_names(record: dict[str, object], names: str) -> Sample:
    return Sample(*(record.get(name) or "" for name in names.split()))


TABLES = {
    SAMPLES / "regional-and-abroad.json": (
        EXPORT_NAMES,
        "link outlet publish_date body headline byline link category lang",
    ),
    SAMPLES / "business.csv": (CSV_NAMES, "url source date content title author url section -"),
    **dict.fromkeys(
        JSONL, (OWN_NAMES, "id source published text title author url section language")
    ),
}
RECORDS = {path: records_of(path) for path in TABLES}
NEWSROOM = [
    *map(from_text, TEXTS),
    *(from_names(record, TABLES[path][1]) for path, table in RECORDS.items() for record in table),
]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def longest_shared_run(one: str, other: str) -> int:
    """The most words in a row that both texts have: the classic table, one row at a time."""
    first, second = words(one), words(other)
    above, best = [0] * (len(second) + 1), 0
    for word in first:
        row = [0]
        for column, twin in enumerate(second):
            row.append(above[column] + 1 if word == twin else 0)
        above, best = row, max(best, *row)
    return best


def test_the_newsroom_is_large_and_mixed():
    languages = Counter(sample.language for sample in NEWSROOM if sample.language)
    assert len(NEWSROOM) == 81
    assert len({sample.source for sample in NEWSROOM}) == 8
    assert languages.keys() == {"en", "de", "es", "ar"}
    assert min(languages["de"], languages["es"]) >= 6
    assert {sample.section for sample in NEWSROOM} - {""} == SECTIONS


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_every_record_has_all_its_fields_and_says_that_it_is_fiction(path):
    names = TABLES[path][0].split()
    mark = "true" if path.suffix == ".csv" else True
    assert [list(record) for record in RECORDS[path]] == [names] * len(RECORDS[path])
    assert {record["fiction"] for record in RECORDS[path]} == {mark}


def test_text_files_follow_the_seed_and_are_named_fiction():
    assert len(TEXTS) >= 12
    for path in TEXTS:
        text = path.read_text("utf-8")
        assert re.fullmatch(r"fiction-\d{3}-[a-z-]+\.txt", path.name)
        assert HEADER.fullmatch(text.split("\n\n")[0])
        assert not text.endswith("\n")
        assert "\r" not in text


def test_only_the_updated_article_has_an_id_twice():
    keys = Counter(sample.key for sample in NEWSROOM)
    assert {key: count for key, count in keys.items() if count > 1} == {UPDATED_TWICE: 2}


def test_the_later_version_comes_from_the_later_file_and_keeps_its_address():
    earlier, later = (
        next(record for record in RECORDS[path] if record["id"] == UPDATED_TWICE) for path in JSONL
    )
    assert earlier["url"] == later["url"]
    assert earlier["published"] == later["published"]
    assert (earlier["updated"], later["updated"]) == (None, "2026-06-12T17:20:00Z")
    assert later["text"].split("\n\n")[-1].startswith("This story has been updated with ")


def test_links_use_only_the_reserved_domain():
    hosts = {urlsplit(sample.url).netloc for sample in NEWSROOM if sample.url}
    assert len(hosts) == 8
    assert [host for host in hosts if not re.fullmatch(r"[a-z.-]+\.example", host)] == []
    mentioned = {host for s in NEWSROOM for host in re.findall(r"https?://\S+|www\.\S+", s.text)}
    assert mentioned == set()


def test_dates_are_in_the_first_nine_months_of_2026_or_absent():
    dated = [sample.published for sample in NEWSROOM if sample.published]
    days = [datetime.fromisoformat(value).date() for value in dated]
    assert len(NEWSROOM) - len(dated) == 2
    assert min(days) >= date(2026, 1, 1)
    assert max(days) <= date(2026, 9, 30)
    assert {day.month for day in days} == set(range(1, 10))


def test_some_articles_lack_an_author_and_one_of_those_with_a_link_lacks_a_title():
    linked = [sample for sample in NEWSROOM if sample.url]
    assert [sample.key for sample in linked if not sample.title] == ["mp-20260204-heat"]
    assert sum(not sample.author for sample in linked) >= 4
    assert len({sample.author for sample in linked}) >= 12


def test_lengths_are_those_of_news():
    sizes = sorted(len(words(sample.text)) for sample in NEWSROOM)
    assert [size for size in sizes if size < 60] == []
    assert sum(size <= 110 for size in sizes) >= 4
    assert sum(1_000 <= size <= 1_400 for size in sizes) == 2
    assert 250 <= sizes[len(sizes) // 2] <= 600
    assert sum(250 <= size <= 600 for size in sizes) > len(sizes) * 0.75


def test_paragraphs_are_separated_by_exactly_one_empty_line():
    for sample in NEWSROOM:
        paragraphs = sample.text.split("\n\n")
        assert [p for p in paragraphs if p != p.strip() or not p or "\n" in p] == [], sample.key


@pytest.mark.parametrize("original", WIRE_COPIES)
def test_wire_copies_share_long_runs_of_words_and_credit_the_agency(original):
    wire = next(sample for sample in NEWSROOM if sample.key == original)
    copies = [sample for sample in NEWSROOM if sample.slug in WIRE_COPIES[original]]
    assert len(copies) == 2
    for copy in copies:
        assert copy.source != wire.source
        assert copy.text != wire.text
        assert longest_shared_run(wire.text, copy.text) >= 40
        assert re.search(r"\bTidewire\b|Reporting by", copy.text.split("\n\n")[-1])


def test_other_articles_share_no_long_run_of_words():
    wires = set(WIRE_COPIES) | {slug for slugs in WIRE_COPIES.values() for slug in slugs}
    alone = [s for s in NEWSROOM if not {s.key, s.slug} & wires and s.key != UPDATED_TWICE]
    owner: dict[tuple[str, ...], str] = {}
    for sample in alone:
        tokens = words(sample.text)
        for start in range(len(tokens) - 11):
            run = tuple(tokens[start : start + 12])
            assert owner.setdefault(run, sample.key) == sample.key, " ".join(run)


def test_the_readme_says_at_once_that_all_is_fiction_and_names_every_outlet_and_file():
    readme = (SAMPLES / "README.md").read_text("utf-8")
    assert "fiction" in readme.splitlines()[0]
    assert "invented" in readme[:400]
    assert [s.source for s in NEWSROOM if s.source not in readme] == []
    assert [path.name for path in TABLES if f"`{path.name}`" not in readme] == []
