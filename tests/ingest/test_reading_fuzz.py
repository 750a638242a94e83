"""Whatever the bytes: no exception, and every article that comes out is in its final form."""

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.ingest import CODES, FLAGS, prepared, read
from search.ingest.text import normalised, one_line
from search.types import Article, Reject

SETTINGS = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PIECES = [b'{"text": "', b'"}\n', b"[", b"]", b"{", b"}", b",", b'"', b"\n", b"\r\n", b"\xff\xfe"]
PIECES += [b'"articles": [', b"title,text\n", b'"a', b"\xef\xbb\xbf", b"\x1f\x8b\x08\x00", b"\x00"]
PIECES += [b"NaN", b"1e999", b"\\ud800", b"\xc3\xa9", b"\xe9", b" date 2022-10-06 The content"]
PIECES += [b"originally appeared on: CNN", b"null", b"12", b'"id": 7, ', b'"date": "06/10/2022", ']

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
keys = st.sampled_from(
    "id title text body source authors byline published updated url section language flags".split()
)
messy = st.text(st.sampled_from("aé́Ã©â€™\x00\x85\x96\xa0\xad\u202e\u2028\ufeff\ud800 \n\r\t.,By"))


def is_final(item):
    if isinstance(item, Reject):
        return item.code in CODES
    assert prepared(item) == item
    assert set(item.extras.get("flags", ())) <= FLAGS.keys()
    json.dumps(dict(item.extras), allow_nan=False).encode()
    "".join([item.id, item.title or "", item.text, item.source, *item.authors]).encode()
    return item.id.isprintable() and item.text == item.text.strip() != ""


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.csv", "a.txt", "a.bin"])
@SETTINGS
@given(data=st.binary(max_size=300) | st.lists(st.sampled_from(PIECES)).map(b"".join))
@example(data=b"[" * 100_000)
@example(data=b'{"a":' * 100_000)
@example(data=b'{"text": "a", "n": ' + b"9" * 5_000 + b"}")
@example(data=b"title,text\n" + b'"a\n' * 300)
def test_any_bytes_in_a_file_are_read_or_rejected(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    assert all(map(is_final, read([path])))


@SETTINGS
@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 255))
def test_damaged_gzip_is_read_or_rejected(tmp_path, data, at, byte):
    packed = bytearray(gzip.compress(b'{"text": "some words"}\n' + data))
    packed[at % len(packed)] = byte
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(packed)
    assert all(map(is_final, read([path])))


@SETTINGS
@given(st.lists(st.dictionaries(keys, json_values | messy), min_size=1, max_size=4))
def test_any_json_values_are_read_or_rejected_one_by_one(tmp_path, records):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(records))
    items = list(read([path]))
    assert len(items) == len(records)
    assert all(map(is_final, items))


@SETTINGS
@given(messy | st.text())
def test_normalising_twice_changes_nothing(text):
    line = one_line(text)
    assert line is None or one_line(line) == line
    final = normalised("words " * 100 + text)[0]
    assert normalised(final)[0] == final


@SETTINGS
@given(
    st.builds(
        Article,
        id=st.text(max_size=5),
        text=messy | st.text(),
        title=st.none() | messy,
        source=messy,
        authors=st.lists(messy, max_size=3).map(tuple),
        published=st.none() | st.dates() | st.datetimes() | st.datetimes(timezones=st.timezones()),
        url=st.none() | st.text() | st.just("https://www.example.org/a"),
        language=st.none() | st.text(max_size=6),
        extras=st.dictionaries(st.text(max_size=5), json_values, max_size=3),
    )
)
def test_articles_made_in_code_come_out_final(article):
    final = prepared(replace(article, text="words " * 100 + article.text))
    assert is_final(final)
    assert prepared(replace(final, text=f"\r\n{final.text}\r\n")) == final
