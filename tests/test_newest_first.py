"""Adding the newest first ends as adding in the order of reading does."""

import json
import tracemalloc
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from search import Article, NewsIndex
from search.newest_first import NewestFirst, groups
from search.types import Reject, Withdrawal
from tests.words import WordEncoder


class Nothing:
    """A store in which nothing is."""

    def namesakes(self, names):
        return [[] for _ in names]


def one(name, published=None, text="Rates fell.", **fields):
    return Article(id=name, text=text, published=published, **fields)


def given(items, folder, size=4, writer=None):
    lists = list(NewestFirst(items, writer or Nothing(), folder).batches(size))
    return [item for items in lists for item in items]


def test_the_newest_come_first_and_the_undated_last(tmp_path):
    items = [
        one("undated"),
        one("old", date(2020, 1, 1)),
        one("noon", datetime(2024, 5, 1, 12, tzinfo=UTC)),
        one("day", date(2024, 5, 1)),
        one("new", date(2024, 5, 2), url="https://a.example/1", authors=("Ana", "Bo")),
        one("same day, read later", date(2024, 5, 1)),
        one("undated too", text="Half \ud800 a character\u2028and lines\n\nof them."),
    ]
    found = given(items, tmp_path)
    assert [item.id for item in found] == [
        *("new", "noon", "day", "same day, read later", "old", "undated", "undated too"),
    ]
    assert sorted(found, key=lambda item: item.id) == sorted(items, key=lambda item: item.id)


def test_what_names_one_article_keeps_its_order_and_stands_at_its_newest_date(tmp_path):
    items = [
        one("a", date(2024, 3, 3), url="https://n.example/a"),
        one("b", date(2024, 2, 2)),
        one("c", date(2020, 1, 1), url="https://n.example/a"),
        Withdrawal("b", "canceled"),
        one("a", date(2023, 1, 1)),
        one("d", date(2024, 2, 1)),
        one("c", date(2024, 2, 20), text="Later."),
    ]
    found = given(items, tmp_path)
    assert found == [items[0], items[2], items[4], items[6], items[1], items[3], items[5]]


def test_rejects_come_when_they_are_met(tmp_path):
    reject = Reject("a.json", "bad_json", "no JSON")
    items = [one("a", date(2020, 1, 1)), reject, one("b", date(2021, 1, 1))]
    assert [getattr(item, "id", item) for item in given(items, tmp_path)] == [reject, "b", "a"]


def test_where_nothing_but_rejects_was_read_all_is_given(tmp_path):
    order = NewestFirst([Reject("a.json", "bad_json", "no JSON")], Nothing(), tmp_path)
    assert not order.is_read
    list(order.batches(4))
    assert (order.is_read, order.share_given) == (True, 1.0)


def test_memory_an_article_is_what_is_promised(tmp_path):
    many = 40_000
    order = NewestFirst((one(str(n), date(2024, 1, 1)) for n in range(many)), Nothing(), tmp_path)
    lists = order.batches(100)
    tracemalloc.start()
    try:
        for items in lists:
            if items:
                break
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak / many < 90
    assert now / many < 20


def test_nothing_gives_nothing_and_leaves_nothing(tmp_path):
    assert given([], tmp_path) == []
    assert given([one(str(number)) for number in range(9)], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_reading_comes_through(tmp_path):
    def items():
        yield one("a")
        raise OSError("the network is gone")

    with pytest.raises(OSError, match="the network is gone"):
        given(items(), tmp_path)


@pytest.mark.parametrize("seed", range(20))
def test_groups_are_what_a_search_along_shared_keys_finds(seed):
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 40))
    columns = [rng.integers(0, 60, rows).astype(np.uint64) for _ in range(2)]
    links = [(int(rng.integers(rows)), int(rng.integers(1, 60))) for _ in range(5)]
    holders = defaultdict(set)
    for column in columns:
        for row, key in enumerate(column.tolist()):
            holders[key].add(row)
    for row, key in links:
        holders[key].add(row)
    holders.pop(0, None)
    first = list(range(rows))
    for _ in range(rows):
        for held in holders.values():
            least = min(first[row] for row in held)
            for row in held:
                first[row] = least
    assert groups(columns, links, none=0).tolist() == first


def random_items(rng, many, urls):
    """Articles that share ids and URLs, versions of agencies, withdrawals, other outlets' ids."""
    items = []
    for _ in range(many):
        name = f"a{rng.integers(12)}"
        if rng.random() < 0.1:
            items.append(Withdrawal(str(rng.choice([name, f"v{name}"])), "canceled"))
            continue
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=int(rng.integers(9000)))
        extras = {}
        if rng.random() < 0.3:  # an agency counts all versions of an article, or none
            name = f"v{name}"
            extras = {"guid": name, "version": int(rng.integers(1, 5))}
        items.append(
            Article(
                id=name,
                text=f"Story {rng.integers(6)} of {name} in {rng.integers(4)} parts.",
                title=f"Title {rng.integers(3)}",
                source=str(rng.choice(["CNN", "BBC"])),
                published=None if rng.random() < 0.2 else moment,
                url=f"https://n.example/{rng.integers(urls)}"
                if urls and rng.random() < 0.5 and not extras
                else None,
                extras=extras,
            )
        )
    return items


def content(index):
    """Articles with their versions and passages, and what would be found anew."""
    with index._resources.store().snapshot() as snapshot:
        articles = sorted(snapshot.articles(), key=lambda article: article.id)
        return [
            (
                article,
                [version.article for version in snapshot.versions(article.id)],
                snapshot.passages(article.id),
                snapshot.vectors(np.array(snapshot.refs_of(article.id), np.int64)).tolist(),
            )
            for article in articles
        ]


@pytest.mark.parametrize(("at_once", "urls"), [(1_000, 20), (9, 0)])
@pytest.mark.parametrize("seed", range(5))
def test_the_same_is_stored_in_the_end_as_in_the_order_of_reading(
    tmp_path, seed, at_once, urls, monkeypatch
):
    """Articles that take a URL over are read in one batch: else how far reading is ahead counts."""
    rng = np.random.default_rng(seed)
    before, items = random_items(rng, 20, urls), random_items(rng, 80, urls)
    monkeypatch.setattr("search.arriving.BATCH_ARTICLES", at_once)
    contents, reports = [], []
    for newest_first in (False, True):
        with NewsIndex.open(tmp_path / str(newest_first), encoder=WordEncoder()) as index:
            monkeypatch.setattr("search.index.reading_of", lambda items, *_: iter(items))
            index.add(before)
            report = index.add(items, newest_first=newest_first)
            assert index.doctor() == []
            contents.append(content(index))
            reports.append((report.added, report.updated, report.unchanged, report.withdrawn))
    assert contents[0] == contents[1]
    assert reports[0] == reports[1]


def test_files_are_read_whole_and_told_in_the_order_of_their_storing(tmp_path):
    path = tmp_path / "news.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(300):
            day = date(2024, 1, 1) + timedelta(days=number % 100)
            record = {"id": f"n{number}", "text": f"Story {number}.", "published": str(day)}
            file.write(json.dumps(record) + "\n")
        file.write("{broken\n")
    seen = []
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        report = index.add(path, newest_first=True, progress=seen.append)
        assert (report.added, report.rejected, index.stats().passages) == (300, 1, 300)
        with index._resources.store().snapshot() as snapshot:
            stored = [one.id for one in snapshot.articles()]
        assert stored[:4] == ["n99", "n199", "n299", "n98"]
        again = index.add(path, newest_first=True)
        assert (again.unchanged, again.added) == (300, 0)
    shares = [one.bytes_read for one in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == path.stat().st_size
