"""Parquet: columns mean what JSON fields mean; a bad row costs itself."""

import gzip
import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from search.types import Reject

RAIN = "Rain fell on the hills all night, and the river rose by a metre before the morning came."


def written(columns, **options):
    out = io.BytesIO()
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    parquet.write_table(table, out, **options)
    return out.getvalue()


COLUMNS = {
    "id": ["1", "2"],
    "headline": ["Rain", None],
    "body": [RAIN, RAIN + " Again."],
    "outlet": ["Valley", "Peak"],
    "authors": [["Ada Byrne", "Tom Oke"], []],
    "published": [date(2026, 2, 3), date(2026, 2, 4)],
    "score": [0.5, float("nan")],
    "__index_level_0__": [7, 8],
}


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip"])
def test_rows_are_read_as_json_objects_are(read_as, compression):
    first, second = read_as(written(COLUMNS, compression=compression), "a.bin")
    assert (first.id, first.title, first.text) == ("1", "Rain", RAIN)
    assert (first.source, first.authors) == ("Valley", ("Ada Byrne", "Tom Oke"))
    assert first.published == date(2026, 2, 3)
    assert {key: value for key, value in first.extras.items() if key != "flags"} == {
        "language_confidence": first.extras["language_confidence"],
        "score": 0.5,
    }
    assert (second.title, second.published) == (None, date(2026, 2, 4))


def test_a_mapping_names_columns(read_as):
    content = written({"kicker": ["Rain"], "words": [RAIN]})
    [article] = read_as(content, mapping={"text": "words", "title": "kicker"})
    assert (article.title, article.text) == ("Rain", RAIN)


def test_columns_of_other_types(read_as):
    columns = {
        "text": pa.array([RAIN.encode()] * 2, pa.binary()),
        "title": pa.array(["Rain", "Rain"]).dictionary_encode(),
        "published": pa.array([datetime(2026, 2, 3, 4, 5)] * 2, pa.timestamp("us", tz="UTC")),
        "author": pa.array([{"name": "Ada Byrne"}] * 2),
        "id": pa.array([1, 2], pa.int64()),
        "length": pa.array([1, None], pa.duration("s")),
        "price": pa.array(["1.50", None]).cast(pa.decimal128(5, 2)),
    }
    first, second = read_as(written(columns))
    assert (first.id, second.id) == ("1", "2")
    assert (first.text, first.title, first.authors) == (RAIN, "Rain", ("Ada Byrne",))
    assert first.published == datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    assert (first.extras["price"], first.extras["length"]) == ("1.50", "0:00:01")


def test_a_row_that_cannot_be_read_costs_itself(read_as):
    latin = pa.array([b"caf\xe9"] + [RAIN.encode()] * 2, pa.binary())
    values = {"id": ["1", "2", "3"], "text": latin}
    reject, *others = read_as(written(values))
    assert (reject.member, reject.code) == ("row 1", "bad_row")
    assert [other.id for other in others] == ["2", "3"]

    not_utf_8 = pa.StringArray.from_buffers(
        2, pa.py_buffer(b"\0\0\0\0\4\0\0\0\6\0\0\0"), pa.py_buffer(b"caf\xe9ok")
    )
    reject, other = read_as(written({"id": ["1", "2"], "text": not_utf_8}))
    assert (reject.member, reject.code, other.text) == ("row 1", "bad_row", "ok")

    far = pa.array([2**62, 0, 1], pa.timestamp("us"))
    reject, *others = read_as(written({"id": ["1", "2", "3"], "text": [RAIN] * 3, "date": far}))
    assert (reject.member, reject.code) == ("row 1", "bad_row")
    assert [other.id for other in others] == ["2", "3"]


def test_a_table_without_text_is_rejected_once(read_as):
    [reject] = read_as(written({"city": ["A", "B"], "people": [1, 2]}))
    assert (reject.code, "city, people" in reject.message) == ("no_text", True)


def test_damage_is_reported(read_as):
    content = written({"id": [str(i) for i in range(2_000)], "text": [RAIN] * 2_000})
    for broken in (content[:-1], content[:100], b"PAR1", content[:50] + b"x" * 50 + content[100:]):
        *_, reject = read_as(broken)
        assert isinstance(reject, Reject)
        assert reject.code == "truncated_archive"


def test_packed_parquet_is_read(read_as):
    assert len(read_as(gzip.compress(written(COLUMNS)), "a.parquet.gz")) == 2


def test_a_column_that_repeats_without_end_is_refused(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.stream.FREE_OF_RATIO_BYTES", 1_000_000)
    text = pa.array([RAIN * 100]).dictionary_encode()
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), text.dictionary)
    *_, reject = read_as(written(pa.table({"text": column})))
    assert isinstance(reject, Reject)
    assert reject.code == "unsafe_archive"
