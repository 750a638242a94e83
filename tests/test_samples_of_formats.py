"""One small sample of every format: fiction, read as meant, as small as it can be."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from search.ingest import read
from search.ingest.fields import Names
from search.ingest.files import Listing
from search.ingest.formats import FORMATS, format_of
from search.types import Article
from tests.make_packed_samples import packed
from tests.test_samples import NEWSROOM, SAMPLES, SECTIONS, words

FOLDER = SAMPLES / "formats"
FILES = sorted(path.name for path in FOLDER.iterdir())
EXPECTED = {
    "Gleis 4 gesperrt: Bienen ziehen in die Bahnhofsuhr von Lindenau": (
        *("Aulenländischer Rundfunk", date(2026, 6, 3), "culture", "de"),
    ),
    "Rope maker Hallin finds a second life in footbridges": (
        *("Ledger & Exchange", date(2026, 3, 12), "business", "en"),
    ),
    "Salt pans change hands for the price of a flat": (
        *("Ledger & Exchange", date(2026, 8, 4), "business", "en"),
    ),
    "La farola que se enciende cuando quiere": (
        *("Diario de Almadía", date(2026, 5, 27), "culture", "es"),
    ),
    "Hymn books dry out in a bakery": (
        *("The Ambry Valley Herald", date(2026, 8, 29), "culture", "en"),
    ),
    "Sir, Your correspondent": ("The Meridian Post", date(2026, 3, 8), None, "en"),
    "Sir, May I correct": ("The Meridian Post", date(2026, 7, 15), None, "en"),
    "The 1.40 to Fennick runs again, with a thermos": (
        *("The Meridian Post", date(2026, 5, 19), "culture", "en"),
    ),
    "Halmere will sound its new flood sirens on the first Monday of every month": (
        *("Tidewire", date(2026, 9, 22), "world", "en"),
    ),
    "Fourteen hundred swifts and one pair of binoculars": (
        *("The Ambry Valley Herald", date(2026, 5, 30), "science", "en"),
    ),
    "The pipe that whistles & the dog that listens": (
        *("Transect", date(2026, 8, 19), "science", "en"),
    ),
    "A moss that remembers the rain": ("Transect", date(2026, 9, 8), "science", "en"),
}


@pytest.fixture(scope="module")
def reading():
    reading = read([FOLDER])
    return list(reading), reading.skipped


@pytest.fixture(scope="module")
def articles(reading):
    return [item for item in reading[0] if isinstance(item, Article)]


def test_every_article_is_read_with_its_fields(reading, articles):
    assert len(reading[0]) == len(articles)
    found = {
        article.title or " ".join(article.text.split()[:3]): (
            *(article.source, article.day, article.section, article.language),
        )
        for article in articles
    }
    shown = {key if key in EXPECTED else _beginning(key): value for key, value in found.items()}
    assert shown == EXPECTED
    assert {article.section for article in articles} <= {*SECTIONS, None}


def _beginning(text):
    return next((key for key in EXPECTED if key.startswith(text)), text)


def test_the_page_is_the_same_article_alone_and_in_the_web_archive(articles):
    page, archived = [one for one in articles if one.title and one.title.startswith("The 1.40")]
    assert (page.id, page.text, page.published) == (archived.id, archived.text, archived.published)
    assert archived.extras["crawled"] == "2026-05-20T04:00:00Z"
    assert len({article.id for article in articles}) == len(articles) - 1 == len(EXPECTED)


def test_a_summary_is_a_stub_and_a_picture_is_skipped(reading, articles):
    stubs = [one.title for one in articles if "stub" in one.extras.get("flags", ())]
    assert stubs == ["A moss that remembers the rain"]
    assert [Path(line).name for line in reading[1]] == [
        "fiction-sirens.newsml.xml: a picture item without text"
    ]


def test_the_samples_have_a_file_of_every_format():
    found, packages = set(), {"gzip, bzip2, xz", "tar", "WARC"}
    for one in Listing.of([SAMPLES]).files:
        found.add(format_of(one.file(), Names()).name)
    assert {known.name for known in FORMATS} - found - packages == set()
    assert "gzip, bzip2, xz" in found  # of a tar, and of a web archive


def test_every_file_is_small_named_fiction_and_says_so():
    for name in FILES:
        assert name.startswith("fiction-")
        content = (FOLDER / name).read_bytes()
        assert len(content) < 8_000
        if name not in packed():
            assert re.search(rb"[Ff]iction|Erfunden", content)


def test_the_packed_files_are_what_the_script_makes():
    for name, content in packed().items():
        if name.endswith(".parquet"):  # it names the version of its library
            continue
        assert (FOLDER / name).read_bytes() == content


def test_they_share_no_long_run_of_words_with_each_other_or_the_newsroom(articles):
    owner = {}
    for sample in NEWSROOM:
        tokens = words(sample.text)
        owner |= {tuple(tokens[i : i + 12]): sample.key for i in range(len(tokens) - 11)}
    for article in articles:
        tokens = words(article.text)
        for i in range(len(tokens) - 11):
            assert owner.setdefault(tuple(tokens[i : i + 12]), article.id) == article.id


def test_links_use_only_the_outlets_hosts(articles):
    known = {urlsplit(sample.url).netloc for sample in NEWSROOM if sample.url}
    assert {urlsplit(article.url).netloc for article in articles if article.url} <= known
    assert {article.source for article in articles} <= {sample.source for sample in NEWSROOM}


def test_every_command_of_the_guide_reads_a_sample():
    guide = (SAMPLES.parent / "docs" / "ingest.md").read_text("utf-8")
    named = re.findall(r"^    news-search add (\S+)$", guide, re.M)
    assert [path for path in named if not (SAMPLES.parent / path).exists()] == []
    pages = {"samples/formats/fiction-night-bus.html"}
    assert {f"samples/formats/{name}" for name in FILES} - set(named) <= pages


def test_the_readme_names_every_file():
    readme = (SAMPLES / "README.md").read_text("utf-8")
    assert [name for name in FILES if f"`{name}`" not in readme] == []
