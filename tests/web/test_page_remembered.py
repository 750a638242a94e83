"""What the page remembers of its searches, and for how long."""

import gc
import shutil
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from search import Article, NewsIndex
from search.web import archive, asking
from search.web.remembered import Remembered
from search.web.view import View


def test_the_latest_are_remembered_and_the_one_not_asked_for_longest_goes_first():
    remembered, found = Remembered(2), []

    def ask(asked):
        return remembered.get(asked, lambda: found.append(asked) or asked.upper())

    assert [ask(asked) for asked in "abacab"] == ["A", "B", "A", "C", "A", "B"]
    assert found == ["a", "b", "c", "b"]


def test_what_fails_is_not_remembered():
    remembered = Remembered(2)
    with pytest.raises(ZeroDivisionError):
        remembered.get("a", lambda: 1 / 0)
    assert remembered.get("a", lambda: 1) == 1


def test_no_thread_waits_while_another_searches():
    remembered, all_search = Remembered(2), Barrier(4, timeout=20)

    def ask(asked):
        return remembered.get(asked, lambda: (asked, all_search.wait())[0])

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, "abca")) == ["a", "b", "c", "a"]


@pytest.fixture
def opened(index_path, monkeypatch):
    """Opens the archive of the page, or that of another path."""

    def open_at(path=index_path):
        monkeypatch.setenv(archive.PATH_VARIABLE, str(path))
        return archive.open_archive()

    yield open_at
    archive.close()


@pytest.fixture
def at(monkeypatch):
    """Sets the page's clock to a day."""

    def set_day(day):
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime(day.year, day.month, day.day, 12, tzinfo=tz or UTC)

        monkeypatch.setattr(asking, "datetime", Clock)

    return set_day


@pytest.mark.model
def test_an_archive_that_is_dropped_takes_its_answers_with_it(opened):
    shown = opened()
    answer = asking.ask(shown, View(text="harbour", section=("Local",)))
    asking.facets(shown, answer)
    asking.good_hits(shown, View(text="harbour"), answer)
    dropped = weakref.ref(shown)
    archive.close()
    del shown
    gc.collect()
    assert dropped() is None


@pytest.mark.model
def test_after_midnight_answer_and_counts_are_of_the_new_day(opened, at):
    view = View(text="harbour today", section=("Local",), mode="keyword")
    shown, days = opened(), (date(2022, 1, 10), date(2022, 1, 11))
    counts = []
    for day in days:
        at(day)
        answer = asking.ask(shown, view)
        assert answer.results.query.today == day
        counts.append(
            (
                answer.results.matched.articles,
                sum(value.articles for value in asking.facets(shown, answer)["section"]),
                asking.matched(shown, View(text="harbour today"), answer),
            )
        )
    assert counts == [(1, 1, 1), (0, 0, 0)]


@pytest.mark.model
def test_an_index_put_in_the_place_of_another_is_what_is_asked(opened, index_path, tmp_path):
    new, old = tmp_path / "index", tmp_path / "old"
    commits = []
    for path in (new, old):
        shutil.copytree(index_path, path)
        with NewsIndex.open(path) as index:
            index.add([Article(id=path.name, text="A zeppelin came by.", source="Gull")])
            commits.append(index.stats().generation)
    assert commits[0] == commits[1]
    shown, asked = opened(new), View(text="zeppelin")
    assert ids(asking.ask(shown, asked)) & {"index", "old"} == {"index"}
    shutil.rmtree(new)
    old.rename(new)
    assert ids(asking.ask(shown, asked)) & {"index", "old"} == {"old"}


def ids(answer):
    return {hit.article.id for hit in answer.results.hits}
