"""Whatever is done to a file of any format: no exception, no wait, every article in final form."""

import bz2
import gzip
import io
import json
import lzma
import time

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from search.ingest import CODES, FLAGS, prepared, read
from search.types import Reject, Withdrawal
from tests.ingest.test_reading_archives import FILES, tarred, zipped
from tests.ingest.test_reading_feeds import ATOM, ITEM, rss
from tests.ingest.test_reading_markdown import POST
from tests.ingest.test_reading_newsml import nitf
from tests.ingest.test_reading_warc import GOOD, INFO, PAGE, http, record
from tests.ingest.wire_items import message, news_item, ninjs_1, ninjs_3

SETTINGS = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
LONGEST_SECONDS = 1.0


def table():
    out = io.BytesIO()
    columns = {"id": ["1", "2"], "text": ["Rain fell.", "Snow fell."], "n": [1, None]}
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def files():
    return {
        "newsml": message(news_item(guid="a"), news_item(status="stat:canceled")).encode(),
        "nitf": nitf(head="<hedline><hl1>Rain</hl1></hedline>").encode(),
        "ninjs": json.dumps([ninjs_1(), ninjs_3(pubStatus="withheld")]).encode(),
        "rss": rss(ITEM, ITEM).encode(),
        "atom": ATOM.encode(),
        "warc": INFO
        + GOOD
        + record(http(gzip.compress(PAGE.encode()), headers="Content-Encoding: gzip\r\n")),
        "warc.gz": gzip.compress(INFO) + gzip.compress(GOOD),
        "parquet": table(),
        "zip": zipped(FILES),
        "tar": tarred(FILES),
        "tar.gz": tarred(FILES, "w:gz"),
        "bz2": bz2.compress(b'{"text": "Rain fell."}\n' * 20),
        "xz": lzma.compress(b'{"text": "Rain fell."}\n' * 20),
        "markdown": POST.encode(),
    }


SAMPLES = files()
PIECES = [b"\x00", b"\xff", b"<", b">", b"&", b"]]>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"&a;"]
PIECES += [b"{", b"}", b"[", b'"', b"null", b"---\n", b"PK\x03\x04", b"PK\x05\x06", b"\n\n", b"NaN"]
PIECES += [b"WARC/1.0\r\n", b"Content-Length: 99999999999\r\n", b"\r\n", b"\x7f\xff\xff\xff", b"-1"]
PIECES += [
    b"<newsItem>",
    b"<item>",
    b"<entry>",
    b"<p>" * 300,
    b"\xef\xbb\xbf",
    b"9" * 30,
    b"canceled",
]

edits = st.lists(
    st.tuples(
        st.sampled_from(["cut", "put", "drop", "double", "flip"]),
        st.floats(0, 1),
        st.integers(1, 400),
        st.sampled_from(PIECES) | st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def edited(data, changes):
    for kind, where, length, piece in changes:
        at = int(where * len(data))
        if kind == "cut":
            data = data[:at]
        elif kind == "put":
            data = data[:at] + piece + data[at:]
        elif kind == "drop":
            data = data[:at] + data[at + length :]
        elif kind == "double":
            data = data[:at] + data[at : at + length] * 2 + data[at + length :]
        else:
            data = data[:at] + bytes(byte ^ piece[0] for byte in data[at : at + 1]) + data[at + 1 :]
    return data


def is_final(item):
    if isinstance(item, Reject):
        return item.code in CODES
    if isinstance(item, Withdrawal):
        return item.article_id.isprintable() and item.reason in ("canceled", "withheld")
    assert prepared(item) == item
    assert set(item.extras.get("flags", ())) <= FLAGS.keys()
    json.dumps(dict(item.extras), allow_nan=False).encode()
    return item.id.isprintable() and item.text == item.text.strip() != ""


def read_in_time(path):
    started = time.perf_counter()
    items = list(read([path]))
    assert time.perf_counter() - started < LONGEST_SECONDS
    return items


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_samples_themselves_are_read(tmp_path, kind):
    path = tmp_path / "sample"
    path.write_bytes(SAMPLES[kind])
    list(read([path]))  # loads the library
    items = read_in_time(path)
    assert any(not isinstance(item, Reject) for item in items)
    assert all(map(is_final, items))


@pytest.mark.parametrize("kind", SAMPLES)
@SETTINGS
@given(edits)
def test_whatever_is_done_to_a_sample_it_is_read_or_rejected(tmp_path, kind, changes):
    path = tmp_path / "sample"
    path.write_bytes(edited(SAMPLES[kind], changes))
    assert all(map(is_final, read_in_time(path)))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@SETTINGS
@given(st.dictionaries(st.sampled_from([*ninjs_1(), *ninjs_3(), "associations"]), VALUES))
def test_any_values_in_ninjs_are_read_or_rejected(tmp_path, values):
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(ninjs_1(**{**values, "uri": "urn:a"})))
    assert all(map(is_final, read_in_time(path)))


BEGINNINGS = {
    "newsml": b"<newsMessage>",
    "nitf": b"<nitf>",
    "rss": b"<rss>",
    "atom": b"<feed>",
    "warc": b"WARC/1.0\r\n",
    "parquet": b"PAR1",
    "zip": b"PK\x03\x04",
    "bz2": b"BZh9",
    "xz": b"\xfd7zXZ\0",
    "yaml": b"---\na: b\n---\n",
    "toml": b"+++\na=1\n+++\n",
    "tar": tarred({"a": "b"})[:512],
}


@pytest.mark.parametrize("kind", BEGINNINGS)
@SETTINGS
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=20)).map(b"".join))
def test_any_beginning_of_a_format_is_survived(tmp_path, kind, rest):
    path = tmp_path / "sample"
    path.write_bytes(BEGINNINGS[kind] + rest)
    assert all(map(is_final, read_in_time(path)))
