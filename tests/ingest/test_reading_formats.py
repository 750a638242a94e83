"""Every format yields the same articles; a bad record costs itself and is reported."""

import csv
import gzip
import hashlib
import io
import json
from datetime import date

import pytest

from search.errors import InputError
from search.types import Article, Reject

RAIN = "Rain fell on the hills all night, and the river rose by a metre before the morning came."
SNOW = (
    "Snow closed the mountain pass on Monday; the road will open again when the ploughs are done."
)
RECORDS = [
    {"id": "1", "title": "Rain", "text": RAIN, "source": "Valley", "published": "2026-02-03"},
    {"id": "2", "title": "Snow", "text": SNOW, "source": "Peak", "published": "2026-02-04"},
]
FLAGS = {"flags": ["language_guessed", "stub"]}
HEADER = " date 2022-10-06 The content originally appeared on: CNN\n\n"


def as_jsonl(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def as_csv(records, delimiter=","):
    out = io.StringIO()
    writer = csv.DictWriter(out, records[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def summary(items):
    return [
        (item.id, item.title, item.text, item.source, item.published)
        if isinstance(item, Article)
        else (item.line or item.member, item.code)
        for item in items
    ]


BOTH = [
    ("1", "Rain", RAIN, "Valley", date(2026, 2, 3)),
    ("2", "Snow", SNOW, "Peak", date(2026, 2, 4)),
]
CONTENTS = {
    "lines": as_jsonl(RECORDS),
    "array": json.dumps(RECORDS, indent=2),
    "array on a line": json.dumps(RECORDS),
    "array of lines": "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]",
    "articles": json.dumps({"status": "ok", "total": 2, "articles": RECORDS}),
    "any name": json.dumps({"meta": {"tags": ["a"]}, "response": {"docs": RECORDS}}, indent=1),
    "comma": as_csv(RECORDS),
    "semicolon": as_csv(RECORDS, ";"),
    "tab": as_csv(RECORDS, "\t"),
}
ENCODINGS = {
    "utf-8": str.encode,
    "utf-8 mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-32-be": lambda text: b"\0\0\xfe\xff" + text.encode("utf-32-be"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "gzip members": lambda text: (
        gzip.compress(text[:50].encode()) + gzip.compress(text[50:].encode())
    ),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("content", CONTENTS)
def test_formats_are_told_apart_by_content(read_as, content, encoding):
    assert summary(read_as(ENCODINGS[encoding](CONTENTS[content]), "misleading.txt")) == BOTH


def test_one_object_is_one_article(read_as):
    [article] = read_as(json.dumps(RECORDS[0], indent=1))
    assert article == Article(
        id="1",
        title="Rain",
        text=RAIN,
        source="Valley",
        published=date(2026, 2, 3),
        published_precision="day",
        published_from="field",
        language="en",
        extras={**FLAGS, "language_confidence": article.extras["language_confidence"]},
    )


def test_names_that_exports_use_are_recognised(read_as):
    exported = {
        "_id": {"$oid": "abc"},
        "headline": "Rain",
        "articleBody": RAIN,
        "source": {"id": "v", "name": "Valley"},
        "creator": ["Ada Byrne", "Tom Oke"],
        "pubDate": "Tue, 03 Feb 2026 06:00:00 GMT",
        "date_modified": "2026-02-04",
        "link": "https://example.org/rain",
        "category": ["Weather", "Local"],
        "lang": "EN-us",
        "abstract": "A wet night.",
        "date": "2026-02-01",
        "flags": ["theirs"],
        "title": None,
    }
    [article] = read_as(json.dumps([exported]), "export.json")
    assert (article.title, article.text, article.source) == ("Rain", RAIN, "Valley")
    assert article.authors == ("Ada Byrne", "Tom Oke")
    assert (article.published.isoformat(), article.published_precision) == (
        "2026-02-03T06:00:00+00:00",
        "second",
    )
    assert (article.updated, article.section) == (date(2026, 2, 4), "Weather")
    assert (article.url, article.language) == ("https://example.org/rain", "en-US")
    assert article.extras == {
        "abstract": "A wet night.",
        "date": "2026-02-01",
        "original_flags": ["theirs"],
        "original_id": {"$oid": "abc"},
        "raw_source": {"id": "v", "name": "Valley"},
        "raw_section": ["Weather", "Local"],
        "raw_date": "Tue, 03 Feb 2026 06:00:00 GMT",
        "flags": ["stub", "odd_id"],
    }


def test_a_mapping_overrules_the_names(read_as):
    record = {"title": "internal", "kop": "Rain", "tekst": RAIN, "who": "Ada Byrne"}
    mapping = {"title": "kop", "text": "tekst", "author": "who"}
    for content in (as_jsonl([record, record]), as_csv([record, record])):
        first, second = read_as(content, "a.csv" if "{" not in content else "a", mapping)
        assert first == second
        assert (first.title, first.text, first.authors) == ("Rain", RAIN, ("Ada Byrne",))
        assert first.extras["title"] == "internal"
    with pytest.raises(InputError, match=r"no field 'headline' .*known: id, title, text"):
        read_as(content, mapping={"headline": "title"})


def test_a_bad_line_costs_itself(read_as):
    good = json.dumps(RECORDS[0])
    bad = ['{"text": "a', '{"text": NaN}', "[1]", "7", '{"text": " "}', '{"a": 1}']
    deep = '{"text": "a", "b": ' + "[" * 40 + "]" * 40 + "}"
    items = read_as("\n".join([good, *bad, "", deep, '{"a":' * 9_999, good]), "a.jsonl")
    assert summary(items) == [
        BOTH[0],
        (2, "bad_json"),
        (3, "bad_json"),
        (4, "bad_json"),
        (5, "bad_json"),
        (6, "empty_body"),
        (7, "no_text"),
        (9, "too_deep"),
        (10, "too_deep"),
        BOTH[0],
    ]
    assert items[1].start == bad[0] + "\n"
    assert items[1].sha256 == hashlib.sha256(f"{bad[0]}\n".encode()).hexdigest()
    assert str(items[6]).endswith(
        "a.jsonl:7: no_text: no field 'text' with the article's text (fields: a); "
        'name it with a mapping such as {"text": "body"}'
    )


def test_a_bad_article_in_an_array_costs_itself(read_as):
    array = json.dumps([RECORDS[0], {"text": float("nan")}, 7, {"text": ""}, RECORDS[1]])
    assert summary(read_as(array)) == [
        BOTH[0],
        ("article 2", "bad_json"),
        ("article 3", "bad_json"),
        ("article 4", "empty_body"),
        BOTH[1],
    ]


@pytest.mark.parametrize("content", ["array", "articles", "any name"])
def test_a_broken_array_is_read_up_to_the_break(read_as, content):
    text = CONTENTS[content]
    items = read_as(text[: text.rindex("Snow closed")])
    assert summary(items) == [BOTH[0], (None, "bad_json")]
    assert "after 1 articles" in items[1].message


def test_large_arrays_are_streamed(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.json_document.MAX_BYTES_AT_ONCE", 10)
    nested = {"text": "a", "b": [[{"c": [1.5, None, "x"]}]]}
    deep = {"text": "a", "b": json.loads("[" * 40 + "]" * 40)}
    records = [RECORDS[0], nested, deep, RECORDS[1]]
    for value in (records, {"n": 1, "data": {"articles": records}}):
        items = read_as(json.dumps(value))
        assert summary(items)[::3] == BOTH
        assert items[1].extras["b"] == nested["b"]
        assert (items[2].member, items[2].code) == ("article 3", "too_deep")
    assert summary(read_as(json.dumps(RECORDS[0], indent=1))) == [(None, "no_text")]


def test_an_open_quote_swallows_no_rows(read_as):
    rows = [f'{i},"Title {i}","Paragraph.\n\n""{i}"", end."\n' for i in range(10)]
    rows[3] = '3,"Title 3,"Open.\n'
    rows[6] = "6,Title 6,plain,and more\n"
    items = read_as("id,title,text\n" + "".join(rows))
    assert [item.id if isinstance(item, Article) else (item.line, item.code) for item in items] == [
        *("0", "1", "2", (11, "bad_row"), "4", "5", (18, "bad_row"), "7", "8", "9"),
    ]
    assert items[0].text == 'Paragraph.\n\n"0", end.'


def test_a_quote_that_never_ends_costs_one_row(read_as):
    rows = [f"{i},Title {i},Words of article {i}\n" for i in range(300)]
    rows[1] = '1,Title,"Words\n'
    items = read_as("id,title,text\n" + "".join(rows))
    assert [item.line for item in items if isinstance(item, Reject)] == [3]
    assert [item.id for item in items if isinstance(item, Article)] == [
        str(i) for i in range(300) if i != 1
    ]


def test_a_row_over_many_lines_is_flagged(read_as):
    text = "line\n" * 300
    [article] = read_as(as_csv([{"title": "Long", "text": text}]))
    assert article.text == text.strip()
    assert "many_lines" in article.extras["flags"]


def test_a_table_without_text_is_rejected_once(read_as):
    [reject] = read_as("city,people\nA,1\nB,2\n", "cities.csv")
    assert (reject.code, "city, people" in reject.message) == ("no_text", True)


def test_damaged_gzip_yields_what_decodes_and_a_reject(read_as):
    lines = [json.dumps({"id": str(i), "text": f"{RAIN} {i}"}) + "\n" for i in range(2_000)]
    packed = gzip.compress("".join(lines).encode())
    items = read_as(packed[: len(packed) // 2], "a.jsonl.gz")
    ids = [item.id for item in items[:-1]]
    assert ids == [str(i) for i in range(len(ids))]
    assert 500 < len(ids) < 2_000
    assert items[-1].code == "truncated_archive"
    assert f"at byte {len(packed) // 2:,}" in items[-1].message

    wrong_sum = packed[:-8] + b"\0\0\0\0" + packed[-4:]
    items = read_as(wrong_sum, "a.jsonl.gz")
    assert [item.id for item in items[:-1]] == [str(i) for i in range(2_000)]
    assert items[-1].code == "truncated_archive"


@pytest.mark.parametrize("content", ["array", "articles", "lines", "comma"])
def test_damage_costs_no_article_before_it(read_as, content):
    packed = gzip.compress(CONTENTS[content].encode())
    items = read_as(packed[:-12], f"{content}.gz")
    assert summary(items[:-1]) == BOTH[: len(items) - 1] != []
    assert items[-1].code == "truncated_archive"


def test_a_gzip_bomb_is_refused(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.stream.FREE_OF_RATIO_BYTES", 1_000_000)
    [reject] = read_as(gzip.compress(b"a" * 5_000_000), "a.txt.gz")
    assert reject.code == "unsafe_archive"


def test_a_line_longer_than_memory_allows_is_rejected(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.stream.MAX_LINE_BYTES", 1_000)
    monkeypatch.setattr("search.ingest.json_lines.MAX_LINE_BYTES", 1_000)
    content = as_jsonl([RECORDS[0], {"text": "a" * 9_000}, RECORDS[1]])
    assert summary(read_as(content)) == [BOTH[0], (2, "bad_json"), BOTH[1]]


@pytest.mark.parametrize(
    ("header", "source", "published", "flags"),
    [
        (HEADER, "CNN", date(2022, 10, 6), ()),
        ("\ufeff\r\n" + HEADER.upper(), "CNN", date(2022, 10, 6), ()),
        (HEADER.replace("10-06", "13-45"), "CNN", None, ("bad_date",)),
        (HEADER.replace("2022-10-06 ", ""), "CNN", None, ("no_date",)),
        (HEADER.replace("CNN", ""), "Unknown", date(2022, 10, 6), ("no_source",)),
        ("", "Unknown", None, ("no_header", "no_source", "no_date")),
    ],
)
def test_the_header_of_a_text_file(read_as, header, source, published, flags):
    [article] = read_as(header + RAIN + "\n\n" + SNOW, "a.txt")
    assert (article.source, article.published) == (source, published)
    assert article.text == RAIN + "\n\n" + SNOW
    assert {*article.extras["flags"]} == {"language_guessed", "title_inferred", "stub", *flags}


def test_an_update_note_stays_and_says_updated(read_as):
    text = f"{RAIN}\n\nThis article has been updated to add a quote."
    assert read_as(HEADER + text)[0].updated is True
    assert read_as(HEADER + text)[0].text == text
    assert read_as(HEADER + text + "\n\nThe end.")[0].updated is None


def test_text_that_is_not_utf_8_is_guessed_and_flagged(read_as):
    french = "L’été dernier, les élèves de la région ont marché jusqu’à la forêt. " * 9
    for text in ("Café à 3 €", french):
        raw = text.encode("cp1252")
        [article] = read_as(raw, "a.txt")
        assert article.text == text.strip()
        assert "encoding_guessed" in article.extras["flags"]
        assert article.extras["raw_sha256"] == hashlib.sha256(raw).hexdigest()
    russian = "Река поднялась за ночь, и нижний город проснулся в воде. " * 9
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in (russian, "ok")]
    first, second = read_as("\n".join(lines).encode("cp1251"), "a.jsonl")
    assert (first.text, first.language) == (russian.strip(), "ru")
    assert "encoding_guessed" not in second.extras["flags"]
    [article] = read_as(json.dumps([{"text": french}], ensure_ascii=False).encode("cp1252"))
    assert article.text == french.strip()


def test_a_missing_outlet_is_taken_from_the_link(read_as):
    first, second = read_as(
        as_jsonl([{"text": RAIN, "url": "https://www.bbc.com/a"}, {"text": SNOW}])
    )
    assert (first.source, second.source) == ("BBC", "Unknown")
    assert {"source_from_url", "source_unified"} <= set(first.extras["flags"])
    assert first.extras["raw_source"] == "bbc.com"
    assert "no_source" in second.extras["flags"]


def test_large_extras_are_dropped_and_named(read_as):
    [article] = read_as(json.dumps({**RECORDS[0], "html": "x" * 20_000, "n": 1}))
    assert article.extras["dropped_fields"] == ["html"]
    assert article.extras["n"] == 1
    assert "extras_dropped" in article.extras["flags"]
