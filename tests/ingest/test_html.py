"""A web page becomes an article, whatever it is written in; what is no article is rejected."""

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from search.ingest import read
from search.ingest.html import MAX_PAGE_BYTES, record_of_page
from search.ingest.html.tree import MAX_TAGS
from search.ingest.record import Rejected
from search.types import Article, Reject
from tests.ingest.pages import FLOOD, TEXT, URL, flags, json_ld, meta, page, paragraphs, read_page

NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Flood in the valley",
    "description": "Forty people waited on their roofs.",
    "datePublished": "2026-02-03T07:30:00+01:00",
    "dateModified": "2026-02-03T09:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ada Berg"}, {"@type": "Person", "name": "Lev Roth"}],
    "publisher": {"@type": "Organization", "name": "Valley Daily"},
    "articleSection": "Weather",
    "keywords": "flood, river",
}


@pytest.fixture
def read_file(tmp_path):
    def read_bytes(content, name="page"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        [item] = read([path])
        return item

    return read_bytes


def test_a_page_becomes_an_article_with_all_its_fields(read_file):
    article = read_file(
        page(json_ld(NEWS) + f'<link rel="canonical" href="{URL}">', lang="en-GB"), "page.html"
    )
    assert article == Article(
        id=article.id,
        title="Flood in the valley",
        text=TEXT,
        source="Valley Daily",
        authors=("Ada Berg", "Lev Roth"),
        published=datetime.fromisoformat("2026-02-03T07:30:00+01:00"),
        published_precision="second",
        published_from="metadata",
        updated=datetime.fromisoformat("2026-02-03T09:00:00+01:00"),
        url=URL,
        section="Weather",
        language="en-GB",
        extras={
            "description": "Forty people waited on their roofs.",
            "keywords": ["flood", "river"],
            "fields_from": {
                "title": "json-ld",
                "source": "json-ld",
                "authors": "json-ld",
                "published": "json-ld",
                "updated": "json-ld",
                "url": "html",
                "section": "json-ld",
                "language": "html",
            },
        },
    )


# Which files are pages


@pytest.mark.parametrize(
    "beginning",
    [
        "<!DOCTYPE html><html>",
        "\n\n <!doctype HTML public '-//W3C//DTD HTML 4.01//EN'><HTML>",
        "<!-- saved from a server --><!-- twice -->\n<html lang=en>",
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C"><html>',
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">',
        "<head><title>Flood</title></head>",
        "<body>",
        "<div class=story>",
        "<article><h1>Flood</h1>",
        "\ufeff<!doctype html>",
    ],
)
@pytest.mark.parametrize("name", ["page", "page.html", "page.php", "page.csv"])
def test_a_page_is_known_by_its_content(read_file, beginning, name):
    assert read_file(beginning + paragraphs(), name).text == TEXT


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "feed.html"),
        ('<rss version="2.0"><channel><title>a</title></channel></rss>', "feed"),
        ("<nitf><head><title>a</title></head><body><p>b</p></body></nitf>", "story.htm"),
        ('<?xml version="1.0"?><article><p>JATS, not HTML</p></article>', "story.html"),
        ('<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"/>', "item"),
        ("<html-report><p>x</p></html-report>", "report"),
        ("Flood <p>in the valley", "story.html"),
        ("import os", "page.html"),
    ],
)
def test_other_content_is_no_page_whatever_its_name(tmp_path, content, name):
    path = tmp_path / name
    path.write_text(content)
    from search.ingest import html
    from search.ingest.fields import Names
    from search.ingest.files import Listing

    [found] = Listing.of([path]).files
    assert not html.claims(found.file(), Names())


def test_text_that_begins_with_a_tag_stays_text(read_file):
    content = "<b>Flood</b> &amp; more<p>"
    assert read_file(content, "story.txt").text == content


# Encodings


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<META http-equiv=Content-Type content='text/html; charset=windows-1252'>", "cp1252"),
        ("<meta charset=shift_jis>", "cp932"),
        ("<meta charset=windows-1251>", "cp1251"),
    ],
)
def test_a_declared_charset_is_believed(declared, codec):
    word = {"cp932": "洪水の町", "cp1251": "Наводнение"}.get(codec, "“Überflutet” – naïve")
    markup = page(declared, paragraphs([f"{word} {text}" for text in FLOOD]))
    article = read_page(markup.encode(codec))
    assert article.text == "\n\n".join(f"{word} {text}" for text in FLOOD)
    assert "encoding_guessed" not in flags(article)


def test_the_charset_it_was_sent_in_goes_before_the_declared_one():
    markup = page("<meta charset=iso-8859-1>", paragraphs(["Наводнение", *FLOOD]))
    article = read_page(markup.encode("cp1251"), charset="windows-1251")
    assert article.text.startswith("Наводнение\n\n")


@pytest.mark.parametrize("declared", ["", "<meta charset=iso-8859-1>", "<meta charset=utf-16>"])
def test_what_is_utf_8_is_read_as_such_whatever_it_declares(declared):
    article = read_page(page(declared, paragraphs(["Café “Zur Mühle” – ", *FLOOD])))
    assert article.text.startswith("Café “Zur Mühle” –\n\n")
    assert flags(article) == {"title_inferred", "no_date", "no_source", "language_guessed"}


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "utf-32"])
def test_a_byte_order_mark_goes_before_everything(read_file, codec):
    article = read_file(
        page("<meta charset=iso-8859-1>", paragraphs(["Café", *FLOOD])).encode(codec)
    )
    assert article.text.startswith("Café\n\n")


def test_a_wrong_byte_does_not_spoil_the_page():
    content = page("<meta charset=utf-8>", paragraphs(["Café " * 300, *FLOOD])).encode()
    article = read_page(content.replace(b"under water", b"under \xff water"))
    assert article.text.startswith("Café Café")
    assert "encoding_guessed" in flags(article)


def test_an_undeclared_encoding_is_guessed_and_flagged():
    article = read_page(page(body=paragraphs(["Café à Nîmes, naïveté", *FLOOD])).encode("cp1252"))
    assert article.text.startswith("Café à Nîmes, naïveté\n\n")
    assert "encoding_guessed" in flags(article)


def test_mojibake_is_repaired():
    markup = page(body=paragraphs(["Itâ€™s the cafÃ© by the mill", *FLOOD]))
    article = read_page(markup)
    assert article.text.startswith("It’s the café by the mill")
    assert "fixed_encoding" in flags(article)


# Characters


def test_entities_are_unescaped_once():
    body = paragraphs(
        ["Rain &amp;amp; snow, &lt;b&gt; &amp;lt;script&amp;gt; &eacute;&#8217;s", *FLOOD]
    )
    article = read_page(page(meta(og__title="Rain &amp; &amp;quot;snow&amp;quot;"), body))
    assert article.text.startswith("Rain &amp; snow, <b> &lt;script&gt; é’s\n\n")
    assert article.title == "Rain & &quot;snow&quot;"


def test_json_ld_is_unescaped_once():
    told = {**NEWS, "headline": "Rain &amp;amp; &quot;snow&quot;"}
    assert read_page(page(json_ld(told))).title == 'Rain &amp; "snow"'


def test_direction_controls_are_taken_from_titles_and_names_alone():
    told = {**NEWS, "headline": "\u202eFlood\u202c in \u2067the\u2069 valley"}
    told["author"] = "\u202aAda\u202c Berg"
    body = paragraphs(["مرحبا \u2067بالعالم\u2069", *FLOOD])
    article = read_page(page(json_ld(told), body))
    assert (article.title, article.authors) == ("Flood in the valley", ("Ada Berg",))
    assert article.text.startswith("مرحبا \u2067بالعالم\u2069\n\n")


def test_emoji_and_combining_characters_are_kept():
    words = "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 e\u0301 𝔉lood \U0001f30a"
    article = read_page(page(json_ld({**NEWS, "headline": words}), paragraphs([words, *FLOOD])))
    assert article.title == words.replace("e\u0301", "é")
    assert article.text.startswith(words.replace("e\u0301", "é") + "\n\n")


def test_control_characters_are_dropped_and_many_of_them_reject_the_page():
    content = page(body=paragraphs(["Fl\x00ood \x07and mud", *FLOOD])).encode()
    assert read_page(content).text.startswith("Flood and mud\n\n")
    with pytest.raises(Rejected) as why:
        record_of_page(content + b"\x00\x01" * 100)
    assert why.value.code == "binary"


def test_line_ends_no_break_spaces_and_soft_hyphens_do_not_remain():
    texts = ["Flood\r\nin\u00a0the val\u00adley&shy;s&nbsp;all", *FLOOD]
    assert read_page(page(body=paragraphs(texts))).text.startswith("Flood in the valleys all\n\n")


@pytest.mark.parametrize(
    "text", ["[a](javascript:alert(1)) **bold**", "\\x1b[31mred\\x1b[0m ${1+1}"]
)
def test_markup_of_other_kinds_is_text(text):
    assert read_page(page(body=paragraphs([text, *FLOOD]))).text.startswith(text)


def test_scripts_and_styles_are_never_text():
    body = f"""
        <script>var a = "<p>{FLOOD[0]}</p>".repeat(99)</script><style>p {{ color: red }}</style>
        <article><h1>Flood<script>track()</script></h1><p>{FLOOD[0]}<script>track()</script></p>
        <style>.x {{}}</style>{paragraphs(FLOOD[1:])}<template><p>{FLOOD[0]} again</p></template>
        <noscript><img src="https://pixel.example/"></noscript></article>
        <script type="application/json">{{"text": "{FLOOD[0] * 9}"}}</script>"""
    article = read_page(page(body=body))
    assert (article.title, article.text) == ("Flood", TEXT)


# Links


def test_tracking_and_amp_forms_have_one_id_and_keep_their_link():
    links = [URL, f"{URL}?utm_source=feed", f"{URL}/amp", URL.replace("www.", "amp.")]
    articles = [
        read_page(page(json_ld(NEWS) + f'<link rel="canonical" href="{link}">')) for link in links
    ]
    assert [article.url for article in articles] == links
    assert len({article.id for article in articles}) == 1


# What is no article


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>",
        "<p>Rain",
        "<h1>404</h1><p>Not found.</p>",
        "<nav><ul><li><a href=/a>Home</a><li><a href=/b>News</a></ul></nav>",
        f"<script>{TEXT}</script>",
    ],
)
def test_a_page_without_an_article_is_rejected(read_file, body):
    item = read_file(page("<title>Home</title>", body), "page.html")
    assert isinstance(item, Reject)
    assert item.code == "no_text"


def test_a_short_text_is_an_article_where_the_page_says_so():
    body = "<article><p>The bridge is open again.</p></article>"
    article = read_page(page(meta(og__type="article"), body))
    assert article.text == "The bridge is open again."
    assert "stub" in flags(article)


def test_a_page_of_nothing_but_its_beginning_is_rejected():
    for content in (b"<html>", b"<!doctype html>", b"<html><body>", b"<!doctype html><!--"):
        with pytest.raises(Rejected) as why:
            record_of_page(content)
        assert why.value.code == "no_text"


# Large pages


@pytest.mark.parametrize(
    "body",
    [
        "<article>" + "".join(f"<p>{i}: {FLOOD[0]}</p>" for i in range(40_000)),
        "<article>" + f"<p>{FLOOD[0]}</p>" * 40_000,
        f"<article><p>{FLOOD[0] * 100_000}</p>",
    ],
    ids=["paragraphs", "the same paragraph", "one paragraph"],
)
def test_a_page_of_many_megabytes_is_cut(body):
    article = read_page(page(json_ld(NEWS), body))
    assert article.title == "Flood in the valley"
    assert 1_900_000 < len(article.text) <= 2_000_000
    assert "truncated" in flags(article)


@pytest.mark.parametrize(
    "body",
    [
        "<p>a" * MAX_TAGS * 2,
        "<div>" * 100_000,
        "<b><p>" * 20_000,
        "<div " + " ".join(f"a{i}=1" for i in range(200_000)) + ">",
        "<" * 500_000,
        "&" * 500_000,
        "<!--" * 200_000,
        '<p a="' + "x" * 500_000,
        "w" * 1_000_000,
        "<table>" + "<tr><td>a<td>b" * 20_000,
        "<ul><li>" * 20_000,
        "<h1>A | B</h1>" * 20_000,
    ],
    ids=lambda body: body[:12],
)
def test_odd_markup_takes_a_bounded_time(body):
    started = datetime.now(UTC)
    for markup in (
        page(json_ld(NEWS), body + paragraphs()),
        page(json_ld(NEWS), paragraphs() + body),
    ):
        assert outcome(markup) in ("read", "no_text")
    assert (datetime.now(UTC) - started).total_seconds() < 20


def test_what_lies_behind_the_limit_is_not_read():
    article = read_page(page(body=paragraphs()).encode() + b" " * MAX_PAGE_BYTES + b"<p>More")
    assert article.text == TEXT
    assert "truncated" in flags(article)


# Safety


def test_nothing_is_fetched_and_no_entity_is_expanded(socket_disabled, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    markup = (
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        f'"http://dtd.example/xhtml.dtd" [<!ENTITY x SYSTEM "file://{secret}">'
        '<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;">]><html><head>'
        '<link rel=stylesheet href="http://style.example/"></head><body><article>'
        f'<img src="http://image.example/">{paragraphs(["Seen: &x; &b;", *FLOOD])}</article>'
    )
    article = read_page(markup, "http://page.example/story")
    assert article.text == f"Seen: &x; &b;\n\n{TEXT}"


def test_reading_a_page_says_nothing():
    code = (
        "from search.ingest.html import record_of_page as r\n"
        "from search.ingest.record import Rejected\n"
        "for b in (b'<html>', b'<html><p>', b'<html><body><p>a<p>b'):\n"
        "  try: r(b)\n"
        "  except Rejected: pass"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_pages_are_read_one_like_the_other(tmp_path, monkeypatch):
    from search.ingest.html import text as html_text

    monkeypatch.setattr(html_text, "RESET_AFTER", 2)
    for i in range(5):
        (tmp_path / f"{i}.html").write_text(page(json_ld({**NEWS, "headline": f"Flood {i}"})))
    articles = list(read([tmp_path]))
    assert [article.title for article in articles] == [f"Flood {i}" for i in range(5)]
    assert {article.text for article in articles} == {TEXT}
    assert {article.published.date() for article in articles} == {date(2026, 2, 3)}


def outcome(markup: str) -> str:
    """`read`, or the code of its refusal."""
    try:
        record_of_page(markup.encode())
    except Rejected as why:
        return why.code
    return "read"
