"""An `add` that is killed and run again ends where one that was left alone does."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from search import Article, NewsIndex, SearchError, ingest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[1]
EDITIONS = 4


@pytest.fixture
def corpus(tmp_path):
    """The beginnings of the samples in several editions: some commits' worth of articles."""
    samples = ingest.read([ROOT / "samples"])
    articles = {one.id: one for one in samples if isinstance(one, Article)}
    path = tmp_path / "corpus.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for edition in range(EDITIONS):
            for one in articles.values():
                text = f"Edition {edition}. {' '.join(one.text.split()[10 * edition :][:40])}"
                fields = {"id": f"{one.id}-{edition}", "title": one.title, "source": one.source}
                file.write(json.dumps({**fields, "text": text, "published": str(one.day)}) + "\n")
    return path


def add(corpus, index):
    command = [sys.executable, "-m", "search.cli", "add", corpus, "--index", index, "--json"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def report_of(adding):
    output, _ = adding.communicate(timeout=300)
    assert adding.returncode == 0
    return json.loads(output)


def committed(path):
    try:
        with NewsIndex.open(path) as index:
            return index.stats().articles
    except SearchError:  # not made yet
        return 0


def content(path):
    """Everything in an index, by article: its text, its passages, what a search gives."""
    with NewsIndex.open(path) as index:
        assert index.doctor() == []
        ids = sorted(
            {hit.article.id for hit in index.search("", k=10_000, group="none").hits},
        )
        held = {one: (index.article(one), index.passages(one)) for one in ids}
        found = [
            (hit.passage.id, hit.score, hit.why.cosine, len(hit.copies))
            for text in ("dam collapse", "who paid for the ferry", "election")
            for hit in index.search(text, k=20).hits
        ]
    return held, found


def test_an_add_that_was_killed_goes_on_where_it_stopped(corpus, tmp_path):
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    adding = add(corpus, killed)
    while committed(killed) == 0:
        assert adding.poll() is None
        time.sleep(0.02)
    adding.send_signal(signal.SIGKILL)
    adding.communicate()
    assert adding.returncode == -signal.SIGKILL
    kept = committed(killed)
    total = len(corpus.read_text(encoding="utf-8").splitlines())
    assert 0 < kept < total

    again = report_of(add(corpus, killed))
    once = report_of(add(corpus, whole))
    assert (again["unchanged"], again["added"]) == (kept, total - kept)
    assert (once["unchanged"], once["added"]) == (0, total)
    (held, found), (expected, in_one_go) = content(killed), content(whole)
    assert held == expected
    assert [one[0] for one in found] == [one[0] for one in in_one_go]
    for (_, *numbers), (_, *others) in zip(found, in_one_go, strict=True):
        assert numbers == pytest.approx(others, abs=2e-3)
