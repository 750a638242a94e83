"""The hostile inputs that no other file tests, by their number in `test_hostile_rows.py`."""

import csv
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from search import InputError, NewsIndex, QueryError
from search.exporting import exported
from search.ingest import Rules, read
from search.passages import split
from search.types import Reject
from tests.ingest.pages import FLOOD, TEXT, page, paragraphs, read_page
from tests.ingest.wire_items import ninjs_1
from tests.words import WordEncoder

ROOT = Path(__file__).parents[2]


def as_json(*records):
    return json.dumps(records)


def flags(article):
    return set(article.extras.get("flags", ()))


def test_row_02_entities_of_plain_text_and_json_stay(read_as):
    escaped = f"AT&amp;T said &quot;no&quot; &lt;twice&gt;. {TEXT}"
    [told] = read_as(as_json({"text": escaped}), "a.json")
    [plain] = read_as(escaped, "a.txt")
    assert told.text == plain.text == escaped


def test_row_05_a_text_cut_by_a_paywall_is_a_stub(read_as):
    cut = f"{TEXT}\n\nSubscribe now to continue reading."
    one, whole = read_as(as_json({"text": cut}, {"text": TEXT}), "a.json")
    assert ("stub" in flags(one), "stub" in flags(whole)) == (True, False)


def test_row_06_a_cookie_banner_is_no_part_of_the_article():
    banner = "We use cookies to improve your visit. By clicking you accept them."
    about = "The court said that cookies were set before anybody had agreed to any of them."
    article = read_page(page(body=paragraphs([banner, *FLOOD, about])))
    assert article.text == f"{TEXT}\n\n{about}"


def test_row_07_a_live_blog_is_parted_at_its_times():
    times = [f"{hour:02}:30" for hour in range(6, 18)]
    body = "".join(f"<h2>{time}</h2>{paragraphs()}" for time in times)
    article = read_page(page(body=f"<article>{body}</article>"))
    assert article.text == "\n\n".join(f"{time}\n\n{TEXT}" for time in times)
    passages = split(article, WordEncoder().token_spans)
    begun = [passage.text for passage in passages if passage.text[2:5] == ":30"]
    assert len(begun) >= len(times) // 2


def test_row_07_paragraphs_that_repeat_are_all_kept():
    texts = [FLOOD[0]] * 300
    assert read_page(page(body=paragraphs(texts))).text.count(FLOOD[0]) == 300


def test_rows_08_and_09_impossible_and_implausible_dates_are_kept_aside(read_as):
    written = ["0000-00-00", "2022-13-45", "2999-01-01", "1523-04-05", "1970-01-01T00:00:00Z", 0]
    articles = read_as(as_json(*({"text": TEXT, "date": one} for one in written)), "a.json")
    assert [article.published for article in articles] == [None] * len(written)
    assert [article.extras["raw_date"] for article in articles] == written
    assert all("bad_date" in flags(article) for article in articles)


def test_row_10_the_order_of_a_date_is_the_outlets(tmp_path):
    outlets = ("Evening Post", "Daily", "Coast FM")
    path = tmp_path / "a.jsonl"
    lines = [{"text": TEXT, "source": one, "date": "06/10/2022 18:23"} for one in outlets]
    lines.append({"text": TEXT, "source": "Daily", "date": "25/10/2022"})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def days(orders):
        return [
            one.published and f"{one.published:%d %b}"
            for one in read([path], Rules.of(None, orders))
        ]

    assert days(None) == [None, None, None, "25 Oct"]
    orders = {"evening post": "day-first", "Daily": "month-first"}
    assert days(orders) == ["06 Oct", "10 Jun", None, "25 Oct"]
    assert days({**orders, "*": "day-first"}) == ["06 Oct", "10 Jun", "06 Oct", "25 Oct"]


def test_row_10_an_order_that_is_none_is_refused():
    with pytest.raises(InputError, match="Daily=european: an order of dates is one of day-first"):
        Rules.of(date_orders={"Daily": "european"})


def test_row_12_direction_controls_stay_in_texts_alone(read_as):
    odd = "evil\u202egpj\u2066.exe\u2069\u202c"
    record = {
        "text": f"{odd} {TEXT}",
        **dict.fromkeys(("title", "source", "section"), odd),
        "author": f"An {odd}",
    }
    [article] = read_as(as_json(record), "a.json")
    assert article.text.startswith(odd)
    clean = "evilgpj.exe"
    assert (article.title, article.source, article.section) == (clean, clean, clean)
    assert article.authors == (f"An {clean}",)


@pytest.mark.parametrize(
    "character", ["x\u0323\u0304", "\U0001f469\u200d\U0001f52c", "\U0001f44d\U0001f3fd"]
)
def test_row_13_a_long_title_is_cut_between_characters(read_as, character):
    for before in range(3):
        title = "a" * before + character * 1_000
        [article] = read_as(as_json({"text": TEXT, "title": title}), "a.json")
        assert set(article.title[before:].split(character)) == {""}
        assert "truncated" in flags(article)


def test_row_16_a_zip_whose_directory_points_before_the_file(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.txt", TEXT)
    path = tmp_path / "a.zip"
    path.write_bytes(out.getvalue()[10:])
    rejects = [item for item in read([path]) if isinstance(item, Reject)]
    assert {reject.code for reject in rejects} <= {"truncated_archive", "unknown_format"} != set()


def test_row_20_formulas_are_text_and_no_formula_in_a_spreadsheet(read_as, index):
    formula = '=HYPERLINK("https://a.example")'
    [article] = read_as(as_json({"text": f"{formula} {TEXT}", "title": formula}), "a.json")
    assert (article.title, article.text[: len(formula)]) == (formula, formula)
    index.add([article])
    [(_, *cells)] = csv.reader(exported("csv", index.search("").hits[:1]).decode().splitlines()[1:])
    assert cells[0] == f"'{formula}"
    assert not [cell for cell in cells if cell.startswith("=")]
    code = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "search").rglob("*.py")}
    assert [name for name, text in code.items() if "csv.writer" in text] == ["table.py"]


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        yield opened


def test_row_21_a_query_of_100_kb_is_refused_with_a_sentence(index, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    index.add(tmp_path / "a.txt")
    with pytest.raises(QueryError, match="a query of 102000 characters; write at most 4000"):
        index.search("flood " * 17_000)


def test_row_22_a_pattern_and_an_odd_quote_are_searched_as_words(index, tmp_path):
    (tmp_path / "a.txt").write_text(f"The foo was seen. {TEXT}")
    index.add(tmp_path / "a.txt")
    results = index.search('(a+)+$ "foo')
    assert [hit.article.text[:7] for hit in results.hits] == ["The foo"]
    assert "foo" in results.query.words
    assert results.query.notes == ("the quote at character 8 is not closed; it was ignored",)


def write_lines(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_row_24_two_outlets_may_use_the_same_id(index, tmp_path):
    daily = {"id": "7", "source": "Daily", "title": "Flood", "text": TEXT}
    post = {"id": "7", "source": "Evening Post", "title": "Fire", "text": FLOOD[0]}
    both = write_lines(tmp_path / "both.jsonl", daily, post)
    report = index.add(both)
    assert (report.added, report.updated, report.flags["id_collision"]) == (2, 0, 1)
    by_title = {hit.article.title: hit.article for hit in index.search("", k=10).hits}
    assert by_title["Flood"].id == "7"
    assert by_title["Fire"].extras["original_id"] == "7"
    assert index.add(both).unchanged == 2
    changed = write_lines(tmp_path / "post.jsonl", {**post, "text": f"{post['text']} It is out."})
    report = index.add(changed)
    assert (report.added, report.updated) == (0, 1)
    assert index.article("7").title == "Flood"


def test_row_24_the_second_stays_one_when_the_first_is_removed(index, tmp_path):
    daily = {"id": "7", "source": "Daily", "title": "Flood", "text": TEXT}
    post = {"id": "7", "source": "Evening Post", "title": "Fire", "text": FLOOD[0]}
    index.add(write_lines(tmp_path / "both.jsonl", daily, post))
    index.remove("7")
    report = index.add(write_lines(tmp_path / "post.jsonl", post))
    assert (report.added, report.unchanged, index.stats().articles) == (0, 1, 1)


def test_row_24_an_outlet_that_changes_its_name_updates_its_articles(index, tmp_path):
    daily = {"id": "7", "source": "Daily", "title": "Flood", "text": TEXT}
    renamed = {**daily, "source": "The Daily", "text": f"{TEXT} It fell again."}
    index.add(write_lines(tmp_path / "a.jsonl", daily))
    report = index.add(write_lines(tmp_path / "b.jsonl", renamed))
    assert (report.updated, index.article("7").source) == (1, "The Daily")


def test_row_25_half_characters_cost_nothing_else(index, tmp_path):
    half = "\ud83d"
    fields = ("title", "source", "author", "section", "url", "language", "date", "id", "x", half)
    path = tmp_path / "a.jsonl"
    lines = [{"text": f"{TEXT} {half}"}, {"text": TEXT}]
    lines += [{"text": f"{TEXT} {name!r}", name: f"a{half}"} for name in fields]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    report = index.add(path)
    assert (report.added, report.rejected) == (len(lines), 0)
    [replaced, whole, *_] = read([path])
    assert replaced.text == f"{TEXT} \ufffd"
    assert ("fixed_encoding" in flags(replaced), "fixed_encoding" in flags(whole)) == (True, False)


def test_row_25_half_characters_do_not_spoil_a_report(read_as):
    odd = {"bo\ud800y": "Rain"}, ninjs_1(uri="urn:\ud800", embargoed="\udc00", type="text\ud800")
    items = read_as(as_json(*odd), "a.json", mapping={"text": "body"})
    assert all(isinstance(item, Reject) for item in items)
    "".join(f"{item} {item.member} {item.start}" for item in items).encode()


def test_row_25_html_in_a_text_becomes_paragraphs(read_as):
    markup = (
        f'<p class="lead">{FLOOD[0]}</p>\n<p>Fish &amp; <b>chips</b>.</p><script>alert(1)</script>'
        "<figure><img src='https://a.example/a.jpg'><figcaption>The mill</figcaption></figure>"
        f"<div>{FLOOD[1]}</div>"
    )
    [article] = read_as(as_json({"text": markup}), "a.json")
    assert article.text == f"{FLOOD[0]}\n\nFish & chips.\n\n{FLOOD[1]}"
    assert article.extras["captions"] == ["The mill"]
    assert "markup_removed" in flags(article)
    quoted = markup.replace('"', '""')
    [row] = read_as(f'title,text\nFlood,"{quoted}"\n', "a.csv")
    assert row.text == article.text


def test_row_25_text_about_html_stays(read_as):
    texts = [f"<p> begins a paragraph. {TEXT}", f"{TEXT} It ends with </p>", f"2 <b> 3 {TEXT}"]
    articles = read_as(as_json(*({"text": text} for text in texts)), "a.json")
    assert [article.text for article in articles] == texts


def test_row_25_values_over_several_lines_are_read_one_after_another(read_as):
    one = json.dumps({"id": "1", "text": TEXT}, indent=2)
    several = json.dumps([{"id": "2", "text": TEXT}, {"id": "3", "text": TEXT}], indent=2)
    *articles, reject = read_as(f"{one}\n{several}\n}}", "a.json")
    assert [article.id for article in articles] == ["1", "2", "3"]
    assert reject.code == "bad_json"
    assert reject.message.startswith("not JSON after 3 articles: Expecting value: line 15 column 1")


def test_row_28_a_language_that_the_text_contradicts_is_doubted(read_as):
    said = [{"text": TEXT, "language": tag} for tag in ("de", "en-GB", "no")]
    articles = read_as(as_json(*said), "a.json")
    assert [article.language for article in articles] == ["de", "en-GB", "no"]
    assert ["language_doubtful" in flags(article) for article in articles] == [True, False, True]


def test_row_30_a_pipe_is_rejected_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "b.txt").write_text(TEXT)
    reject, article = read([tmp_path])
    assert (reject.code, reject.message, article.text) == ("unreadable", "not a regular file", TEXT)
