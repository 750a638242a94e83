"""Files of hits, read back by strict readers of their formats, whatever the articles say."""

import csv
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from search import Article, NewsIndex
from search.cli import main
from search.exporting import FORMATS, Asked, exported, search_all
from search.exporting.plain import one_line
from search.exporting.quotes import plain_text
from search.exporting.table import COLUMNS, harmless
from search.types import Evidence, Hit, Passage
from tests.test_paging import newsroom
from tests.words import WordEncoder

NASTY = (
    '=HYPERLINK("http://evil.example","x")', "+1", "-2", "@SUM(A1)", "\t=1", "＝1",
    "a\n=cmd|' /C calc'!A0", "}, evil = {", "\\end{document}", "{{", "100% & $5 #1 ~a^b_c",
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "![](http://evil.example)",
    "1. list", "# head", "> quote", "*b* _i_ `c`", "&amp; &lt;", "ER  - \nTY  - BOOK", "***", "---",
    "| a | b |\n|---|---|", "www.evil.example http://evil.example", "a|b", "渡辺 ß \u202e x",
)  # fmt: skip
printable = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")
texts = st.sampled_from(NASTY) | st.text(printable, max_size=40).filter(str.strip)
"""As articles have them: normalised, without control characters."""


def hit(text="The dam held.", rank=1, **fields):
    given = {"id": "a", "source": "CNN", "title": "Dam", "text": text} | fields
    article = Article(**given)
    passage = Passage(f"p{rank}", article.id, 0, 0, len(text), text, ())
    return Hit(rank, 0.5, passage, article, Evidence())


def text_of(name, *hits):
    return exported(name, hits).decode()


# CSV


def rows(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


@given(texts, texts, texts)
def test_csv_is_read_back_and_no_line_of_a_cell_is_a_formula(text, title, author):
    (row,) = rows(text_of("csv", hit(text, title=title, authors=(author,))))
    assert tuple(row) == COLUMNS
    assert (row["passage"], row["headline"]) == (harmless(text), harmless(title))
    for cell in row.values():
        for line in re.split(r"[\r\n]", cell):
            assert not re.match(r"\s*[=+\-@\t＝＋－＠]", line), cell


def test_csv_shows_what_there_is_and_leaves_out_what_is_not_known():
    (row,) = rows(
        text_of(
            "csv", hit(published=date(2022, 1, 1), published_precision="year", source="Unknown")
        )
    )
    assert (row["published"], row["outlet"], row["authors"]) == ("2022", "", "")


# RIS


def ris_items(text):
    items, fields = [], None
    for line in text.removesuffix("\r\n").split("\r\n"):
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        if not line:
            assert fields is None
            continue
        assert match, line
        if match[1] == "TY":
            assert fields is None
            fields = [("TY", match[2])]
        elif match[1] == "ER":
            items.append(fields)
            fields = None
        else:
            fields.append((match[1], match[2]))
    assert fields is None
    return items


@given(texts, texts, texts)
def test_ris_is_read_back(text, title, author):
    (item,) = ris_items(text_of("ris", hit(text, title=title, authors=(author, "Jane Doe"))))
    assert item[0] == ("TY", "NEWS")
    assert [value for tag, value in item if tag == "AU"] == [one_line(author), "Jane Doe"]
    assert dict(item)["TI"] == one_line(title)
    assert dict(item)["N1"] == one_line(text)


@pytest.mark.parametrize(
    ("precision", "ris", "bib", "parts"),
    [
        ("day", "2022/10/06", {"year", "month", "day"}, [2022, 10, 6]),
        ("month", "2022/10/", {"year", "month"}, [2022, 10]),
        ("year", "2022//", {"year"}, [2022]),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(precision, ris, bib, parts):
    when = {"day": date(2022, 10, 6), "month": date(2022, 10, 1), "year": date(2022, 1, 1)}
    one = hit(published=when[precision], published_precision=precision)
    (item,) = ris_items(text_of("ris", one))
    assert dict(item)["DA"] == ris
    assert {"year", "month", "day"} & set(bib_entries(text_of("bibtex", one))[0][1]) == bib
    assert json.loads(text_of("csl", one))[0]["issued"] == {"date-parts": [parts]}


# BibTeX


def bib_entries(text):
    """Keys and fields as BibTeX finds them: by braces, whether a backslash stands before or not."""
    entries = []
    for entry in re.split(r"\n\}\n\n", text)[:-1]:
        head, *fields = re.split(r",\n  (?=[a-z]+ = )", entry)
        key = re.fullmatch(r"@article\{([a-z0-9-]+)", head)[1]
        found = {}
        for field in fields:
            name, value = field.split(" = ", 1)
            depth = 0
            for place, sign in enumerate(value):
                depth += {"{": 1, "}": -1}.get(sign, 0)
                assert depth > 0 or place == len(value) - 1 or name == "month", value
            assert depth == 0
            found[name] = value
        entries.append((key, found))
    return entries


def untex(text):
    for command, sign in (
        ("\\textbraceleft{}", "{"), ("\\textbraceright{}", "}"), ("\\textasciitilde{}", "~"),
        ("\\textasciicircum{}", "^"), *((f"\\{sign}", sign) for sign in "&%$#_"),
    ):  # fmt: skip
        text = text.replace(command, sign)
    return text.replace("\\textbackslash{}", "\\")


@given(st.sampled_from(NASTY) | st.text(alphabet="ab {}\\&%$#_~^\n", min_size=1), texts)
def test_bibtex_is_read_back(title, author):
    ((_, found),) = bib_entries(text_of("bibtex", hit(title=title, authors=(author,))))
    if "\\" not in title:
        assert untex(found["title"][2:-2]) == one_line(title)
    assert not re.search(r"(?<!\\)[&%$#_~^]", found["title"].replace("textasci", ""))


def test_bibtex_keys_are_each_used_once():
    hits = [hit(rank=n, id=f"a{n}", source=("CNN", "C.N.N")[n % 2]) for n in range(5)]
    keys = [key for key, _ in bib_entries(text_of("bibtex", *hits))]
    assert len(set(keys)) == 5


# CSL-JSON and Markdown


def test_an_article_is_cited_once_with_all_its_passages():
    hits = [hit("One.", 1), hit("Other.", 2, id="b"), hit("Two.", 3)]
    items = json.loads(text_of("csl", *hits))
    assert [(item["id"], item["note"]) for item in items] == [
        ("a", "One.\n\nTwo."),
        ("b", "Other."),
    ]
    assert len(ris_items(text_of("ris", *hits))) == len(bib_entries(text_of("bibtex", *hits))) == 2


@pytest.mark.parametrize("name", ["ris", "bibtex", "csl", "markdown"])
def test_no_file_has_an_address_that_no_browser_may_follow(name):
    assert "javascript" not in text_of(name, hit(url="javascript:alert(1)"))


@given(texts)
def test_news_text_is_plain_text_in_markdown(text):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(plain_text(text))
    kinds = [token.type for token in tokens]
    assert kinds in ([], ["paragraph_open", "inline", "paragraph_close"])
    if kinds:
        inner = tokens[1].children
        assert {token.type for token in inner} <= {"text", "text_special"}
        assert "".join(token.content for token in inner) == one_line(text)


def test_a_quote_ends_where_the_passage_ends_and_names_its_origin():
    one = hit(
        "One.\n\nTwo.",
        authors=("Jane Doe",),
        published=date(2022, 10, 6),
        url="https://a.example/<x>",
    )
    html = MarkdownIt("commonmark").render(text_of("markdown", one))
    assert html == (
        "<blockquote>\n<p>One.</p>\n<p>Two.</p>\n</blockquote>\n"
        '<p>— Jane Doe, “Dam”, CNN, 6 Oct 2022. <a href="https://a.example/%3Cx%3E">'
        "https://a.example/&lt;x&gt;</a></p>\n"
    )


# All hits


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("exporting") / "index"
    with NewsIndex.open(path, encoder=WordEncoder()) as opened:
        opened.add(newsroom())
        yield opened


@pytest.mark.parametrize("group", ["none", "copies", "story"])
@pytest.mark.parametrize(
    ("text", "mode"), [("flood", "keyword"), ("", "hybrid"), ("bank", "hybrid")]
)
def test_all_hits_are_those_of_all_pages(index, text, mode, group):
    results, _, is_all = search_all(index, Asked(text, date(2026, 1, 1), mode, group=group))
    every = index.search(text, mode=mode, group=group, k=10_000, with_facets=False).hits
    assert is_all
    assert [one.passage.id for one in results.hits] == [one.passage.id for one in every]


def test_where_there_are_more_it_is_said(index):
    results, _, is_all = search_all(index, Asked("flood", date(2026, 1, 1)), most=3)
    assert (len(results.hits), is_all) == (3, False)


def test_the_command_knows_every_format(tmp_path, capsysbinary):
    for name in FORMATS:
        with pytest.raises(SystemExit):
            main(["export", "--help"])
        assert name in capsysbinary.readouterr().out.decode()
