"""Many threads search one index while it changes or rests: each gets its own right answer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from threading import Event

import pytest

from search import NewsIndex
from tests.words import WordEncoder

SAMPLES = Path(__file__).parents[1] / "samples"
THREADS = 16
QUESTIONS = [
    {"text": "who was blamed for the dam collapse"},
    {"text": "ferry", "mode": "keyword"},
    {"text": "strike talks", "mode": "semantic", "k": 30},
    {"text": "inquiry -ferry", "after": "2026-03", "include_undated": True},
    {"text": '"the dam"', "sort": "newest"},
    {"text": "", "language": "de"},
    {"text": "water", "offset": 7, "k": 20},
    {"text": "nothing of the kind anywhere"},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("threads") / "index"
    with NewsIndex.open(path, encoder=WordEncoder()) as opened:
        opened.add(SAMPLES)
        opened.compact()  # BM25 counts the dead until then
        yield opened


def answer(index, question):
    """Everything but how long it took, and in which generation."""
    found = index.search(**question)
    return replace(found, plan=replace(found.plan, seconds={}), generation=0)


def test_threads_get_what_one_thread_gets(index):
    expected = [answer(index, question) for question in QUESTIONS]
    asked = list(range(len(QUESTIONS))) * THREADS * 4
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda number: answer(index, QUESTIONS[number]), asked))
    assert found == [expected[number] for number in asked]


def test_threads_search_on_while_the_index_is_compacted(index):
    expected = [answer(index, question) for question in QUESTIONS]
    generations, is_done = set(), Event()

    def search(first):
        for number in cycle([*range(first, len(QUESTIONS)), *range(first)]):
            assert answer(index, QUESTIONS[number]) == expected[number]
            generations.add(index.stats().generation)
            if is_done.is_set():
                return

    with ThreadPoolExecutor(THREADS) as pool:
        searching = [pool.submit(search, number % len(QUESTIONS)) for number in range(THREADS)]
        try:
            for _ in range(3):
                index.compact()
        finally:
            is_done.set()
        for one in searching:
            one.result()
    assert len(generations) > 1, "no search came between two compactions"
    assert len(list(index.path.glob("g*"))) == 1
