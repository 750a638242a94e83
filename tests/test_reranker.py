"""Cross-encoders as they are loaded, against sentence-transformers' own answer."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from search.encoder import load_reranker
from search.errors import ModelError
from tests.cross_encoder_side import QUERY, TEXTS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    work = tmp_path_factory.mktemp("cross-encoders")
    command = [sys.executable, "-m", "tests.cross_encoder_side", str(work)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads((work / "answers.json").read_text())


@pytest.mark.model
def test_scores_are_those_of_sentence_transformers(answers):
    assert (answers["name"], answers["dtype"]) == ("scores", "float32")
    assert answers["found"] == answers["expected"]
    assert len(answers["found"]) == len(TEXTS)
    assert np.ptp(answers["found"]) > 0.1  # so that a wrong order would be seen
    assert answers["none"] == [0]


@pytest.mark.model
def test_threads_get_the_scores_of_one(answers):
    assert answers["together"] == [answers["found"]] * 8


@pytest.mark.model
def test_neither_pickles_nor_code_of_the_model_are_read(answers):
    assert answers["pickled beside"] == answers["found"]


@pytest.mark.model
def test_a_model_that_does_not_score_pairs_is_refused(answers):
    assert answers["no head"].startswith("no-head is no cross-encoder: it was not trained to")
    assert answers["three labels"] == (
        "three-labels gives a pair of texts 3 scores; reranking needs one"
    )
    assert "broken: this model cannot be loaded: " in answers["broken"]


@pytest.mark.model
def test_the_command_reranks(answers):
    found = answers["command"]
    assert (found["query"]["words"], found["plan"]["reranker"]) == (QUERY, "scores")
    scores = [hit["why"]["reranked"] for hit in found["hits"]]
    assert len(scores) > 30
    assert scores == sorted(scores, reverse=True)
    by_text = dict(zip(TEXTS, answers["expected"], strict=True))
    texts = [hit["text"] for hit in found["hits"]]
    np.testing.assert_allclose(scores, [by_text[text] for text in texts], atol=1e-6)


def test_a_folder_with_pickled_weights_alone_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_text("never read")
    with pytest.raises(ModelError, match="Pickled weights are never opened"):
        load_reranker(str(tmp_path))


def test_an_unknown_name_is_refused_offline(monkeypatch):
    monkeypatch.delenv("NEWS_SEARCH_ALLOW_DOWNLOAD", raising=False)
    with pytest.raises(ModelError, match=r"no model 'cross-encoder/none' on this machine\. Give"):
        load_reranker("cross-encoder/none")
