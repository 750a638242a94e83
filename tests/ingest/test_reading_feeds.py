"""RSS and Atom files: full texts and summaries, links and dates, however the feed is written."""

import socket
from datetime import UTC, datetime

import pytest

from search.types import Article

LONG = " ".join(["word"] * 70)
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Tidewire &amp;amp; Sons</title><link>https://tidewire.example/</link>
<language>en-gb</language><copyright>Tidewire 2026</copyright>{}</channel></rss>"""
ITEM = """<item><title>Dam &amp;amp; gate</title><link>https://tidewire.example/dam?utm_source=x</link>
<guid isPermaLink="false">tw-1</guid><pubDate>Thu, 12 Feb 2026 04:00:00 GMT</pubDate>
<dc:creator>Ada Byrne</dc:creator><dc:creator>Tom Oke</dc:creator>
<category>World</category><category>Dams</category>
<description>A short one.</description>
<content:encoded><![CDATA[<p>The gate <b>failed</b>.</p><script>x()</script>
<figure><img src="x.jpg"><figcaption>The gate</figcaption></figure><p>Then the dam.</p>]]>
</content:encoded></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Rundfunk</title>
<entry><title type="html">Damm &lt;i>bricht&lt;/i></title><id>tag:rundfunk.example,2026:1</id>
<link rel="alternate" href="https://rundfunk.example/1"/>
<published>2026-02-12T05:00:00+01:00</published><updated>2026-02-12T07:00:00+01:00</updated>
<author><name>Ina Vogt</name></author><category term="welt" label="Welt"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Das Tor.</p><p>Der Damm.</p>
</div></content></entry></feed>"""


def rss(*items):
    return RSS.format("".join(items))


def test_an_rss_item_is_read_from_its_places(read_as):
    [article] = read_as(rss(ITEM))
    assert article == Article(
        id=article.id,
        text="The gate failed.\n\nThen the dam.",
        title="Dam & gate",
        source="Tidewire & Sons",
        authors=("Ada Byrne", "Tom Oke"),
        published=datetime(2026, 2, 12, 4, tzinfo=UTC),
        published_precision="second",
        published_from="field",
        url="https://tidewire.example/dam?utm_source=x",
        section="World",
        language="en-GB",
        extras={
            "guid": "tw-1",
            "categories": ["World", "Dams"],
            "feed": "Tidewire & Sons",
            "feed_url": "https://tidewire.example/",
            "copyright": "Tidewire 2026",
            "captions": ["The gate"],
            "raw_date": "Thu, 12 Feb 2026 04:00:00 GMT",
            "flags": ["stub"],
        },
    )


def test_an_atom_entry_is_read_from_its_places(read_as):
    [article] = read_as(ATOM)
    assert (article.title, article.text) == ("Damm bricht", "Das Tor.\n\nDer Damm.")
    assert (article.source, article.authors) == ("Rundfunk", ("Ina Vogt",))
    assert article.published == datetime.fromisoformat("2026-02-12T05:00:00+01:00")
    assert article.updated == datetime.fromisoformat("2026-02-12T07:00:00+01:00")
    assert (article.section, article.language) == ("Welt", "de")
    assert article.extras["guid"] == "tag:rundfunk.example,2026:1"


def test_a_summary_alone_is_a_stub_however_long(read_as):
    [article] = read_as(rss(f"<item><description>{LONG}</description></item>"))
    assert (article.text, "stub" in article.extras["flags"]) == (LONG, True)
    [article] = read_as(rss(f"<item><content:encoded>{LONG}</content:encoded></item>"))
    assert "stub" not in article.extras["flags"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Ham &amp; eggs", "Ham & eggs"),
        ("Ham &amp;amp; eggs", "Ham & eggs"),
        ("Ham &amp;amp;amp; eggs", "Ham & eggs"),
        ("Caf&amp;eacute; &#8220;x&#8221;", "Café “x”"),
        ("&lt;p&gt;Caf&amp;amp;eacute;&lt;/p&gt;", "Café"),
        ("Q&amp;A: 3 &lt; 4", "Q&A: 3 < 4"),
        ("<![CDATA[One.<br><br>Two.]]>", "One.\n\nTwo."),
    ],
)
def test_entities_are_unescaped_and_no_more(read_as, written, text):
    [article] = read_as(rss(f"<item><description>{written}</description></item>"))
    assert article.text == text


@pytest.mark.parametrize(
    ("dates", "published", "updated"),
    [
        ("<updated>2026-02-12T07:00:00Z</updated>", datetime(2026, 2, 12, 7, tzinfo=UTC), None),
        ("<published>Thu, 12 Feb 26 04:00:00 +0000</published>",) * 1
        + (datetime(2026, 2, 12, 4, tzinfo=UTC), None),
        ("<published>06/10/2022</published>", None, None),
        ("", None, None),
    ],
)
def test_dates_of_a_feed(read_as, dates, published, updated):
    entry = f"<entry>{dates}<content>Words</content></entry>"
    [article] = read_as(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>')
    assert (article.published, article.updated) == (published, updated)


def test_an_entry_may_come_from_another_outlet(read_as):
    source = '<source url="https://post.example/feed">The Meridian Post</source>'
    [article] = read_as(rss(f"<item><description>Words</description>{source}</item>"))
    assert (article.source, article.extras["feed"]) == ("The Meridian Post", "Tidewire & Sons")


def test_ids_come_from_the_link_else_from_the_guid_within_the_outlet(read_as):
    def id_of(parts, title="Tidewire"):
        item = f"<item>{parts}<description>{LONG}</description></item>"
        return read_as(rss(item).replace("Tidewire &amp;amp; Sons", title))[0].id

    link = "<link>https://tidewire.example/dam</link>"
    assert id_of(link) == id_of(link.replace("</", "?utm_source=x</") + "<guid>1</guid>")
    assert id_of("<guid>1</guid>") == id_of("<title>Other</title><guid>1</guid>")
    assert id_of("<guid>1</guid>") != id_of("<guid>2</guid>")
    assert id_of("<guid>1</guid>") != id_of("<guid>1</guid>", "The Post")


def test_entries_without_text_cost_themselves(read_as):
    items = read_as(rss(ITEM, "<item><title>Only a title</title></item>", ITEM))
    assert [type(item) is Article or (item.member, item.code) for item in items] == [
        True,
        ("entry 2", "empty_body"),
        True,
    ]


def test_a_feed_without_entries_is_skipped(reading_of):
    reading = reading_of(rss())
    assert list(reading) == []
    assert reading.skipped[0].endswith("a feed without entries")


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: text.replace("</channel></rss>", ""),
        lambda text: text.replace("<category>Dams</category>", "<category>A & B</b></category>"),
        lambda text: text.replace("<rss", "<!DOCTYPE html PUBLIC 'x' 'http://a.invalid/'><rss"),
        lambda text: text.replace('encoding="UTF-8"', 'encoding="nonsense"'),
    ],
    ids=["no end", "tags cross", "another doctype", "no such encoding"],
)
def test_ill_formed_feeds_are_read_leniently(read_as, break_it):
    [article] = read_as(break_it(rss(ITEM)))
    assert article.text == "The gate failed.\n\nThen the dam."


def test_ill_formed_is_flagged(read_as):
    [article] = read_as(rss(ITEM).replace("</channel></rss>", ""))
    assert "ill_formed" in article.extras["flags"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings_of_feeds(read_as, encoding):
    text = rss("<item><description>Über den Dämmen</description></item>")
    declared = "UTF-16" if encoding == "utf-16" else encoding.removesuffix("-sig")
    content = text.replace("UTF-8", declared).encode(encoding)
    assert read_as(content)[0].text == "Über den Dämmen"


def test_a_feed_is_told_by_content_whatever_its_name(read_as):
    for name in ("a", "a.xml", "a.html", "a.json"):
        assert len(read_as(rss(ITEM), name)) == 1


def test_a_large_feed_is_refused(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.feed.MAX_FEED_BYTES", 500)
    [reject] = read_as(rss(ITEM))
    assert reject.code == "too_large"


def test_nothing_is_fetched(read_as, monkeypatch):
    def connect(*_):
        raise AssertionError("a feed was fetched")

    monkeypatch.setattr(socket.socket, "connect", connect)
    link = '<link rel="next" href="http://site.invalid/2"/><content src="http://site.invalid/3"/>'
    items = read_as(ATOM.replace("<author>", f"{link}<author>") + "http://site.invalid/feed")
    assert [item.title for item in items] == ["Damm bricht"]
