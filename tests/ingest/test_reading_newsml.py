"""NewsML-G2 and NITF: every field from its place, what is no article skipped, XML kept harmless."""

from datetime import UTC, datetime

import pytest

from search.types import Article, Reject, Withdrawal
from tests.ingest.wire_items import BODY, G2, TEXT, inline_nitf, inline_xhtml, message, news_item

GUID = "urn:newsml:tidewire.example:20260212:dam"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("search.ingest.wire.now", lambda: NOW)


def nitf(body=BODY, docdata="", head="", doctype=""):
    return (
        f'<?xml version="1.0"?>{doctype}<nitf><head><title>In the head</title><docdata>{docdata}'
        f"</docdata></head><body><body.head>{head}</body.head><body.content>{body}</body.content>"
        "<body.end><tagline>Edited by Li Wu</tagline></body.end></body></nitf>"
    )


def test_a_news_item_is_read_from_its_places(read_as):
    assert read_as(news_item()) == [
        Article(
            id=GUID,
            text=TEXT,
            title="Dam breaks",
            source="Tidewire",
            authors=("Ada Byrne", "Tom Oke"),
            published=datetime(2026, 2, 12, 4, tzinfo=UTC),
            published_precision="second",
            published_from="field",
            updated=datetime(2026, 2, 12, 6, 30, tzinfo=UTC),
            section="disaster",
            language="en-GB",
            extras={
                "captions": [],
                "guid": GUID,
                "version": 3,
                "status": "usable",
                "class": "text",
                "provider": "Tidewire",
                "slugline": "HALMERE-DAM",
                "urgency": "2",
                "copyright": "Copyright 2026 Tidewire",
                "copyright_holder": "Tidewire Ltd",
                "ed_note": "Updates",
                "dateline": "BRACKWELL, Feb 12",
                "subjects": ["disaster"],
                "subtitle": None,
                "abstract": None,
                "credit": None,
                "distributor": None,
                "flags": ["stub"],
            },
        )
    ]


@pytest.mark.parametrize(
    "content",
    [
        inline_xhtml(),
        f'<inlineData contenttype="text/html">{BODY.replace("<", "&lt;")}</inlineData>',
        f'<inlineData contenttype="text/plain">{TEXT}</inlineData>',
        '<remoteContent href="http://a.example/x.jpg"/>' + inline_nitf(),
        inline_nitf("") + inline_xhtml(),
    ],
)
def test_content_is_read_in_every_shape(read_as, content):
    [article] = read_as(news_item(content))
    assert (article.text, article.language) == (TEXT, "en-GB")


def test_pictures_stay_out_of_the_text_and_captions_are_kept(read_as):
    media = (
        '<p>One.</p><media media-type="image"><media-reference source="x.jpg"/>'
        "<media-caption>A gate, broken.</media-caption></media><hl2>Two</hl2><p>Three<br/>four.</p>"
        "<ul><li>Five</li><li>Six</li></ul><table><tr><td>7</td><td>8</td></tr></table>"
    )
    [article] = read_as(news_item(inline_nitf(media)))
    assert article.text == "One.\n\nTwo\n\nThree\nfour.\n\nFive\n\nSix\n\n7 8"
    assert article.extras["captions"] == ["A gate, broken."]


def test_an_abstract_stands_for_a_missing_text_and_is_a_stub(read_as):
    item = inline_nitf("", "<abstract><p>The dam is gone.</p></abstract>")
    [article] = read_as(news_item(item))
    assert article.text == "The dam is gone."
    assert "stub" in article.extras["flags"]


@pytest.mark.parametrize(
    ("provider", "source"),
    [
        ('<provider qcode="nprov:REUTERS"/>', "Reuters"),
        ('<provider literal="Tidewire"/>', "Tidewire"),
        ('<provider uri="http://www.acme.example/about"/>', "acme.example"),
        ("", "Tidewire Ltd"),
    ],
)
def test_the_outlet_is_the_provider_by_name_code_or_address(read_as, provider, source):
    written = '<provider qcode="nprov:TW"><name>Tidewire</name></provider>'
    [article] = read_as(news_item().replace(written, provider))
    assert article.source == source


def test_every_item_of_a_message_is_read_skipped_or_rejected(reading_of):
    reading = reading_of(
        message(
            news_item(guid="a"),
            f'<packageItem xmlns="{G2}" guid="p"/>',
            news_item("", guid="b"),
            news_item("", guid="c", kind="ninat:picture"),
            f'<conceptItem xmlns="{G2}" guid="k"/>',
            f'<planningItem xmlns="{G2}" guid="l"/>',
            news_item("", guid="d", kind="ninat:picture"),
            news_item(guid="e", version="four"),
        )
    )
    items = list(reading)
    assert [
        item.id if isinstance(item, Article) else (item.member, item.code) for item in items
    ] == [
        "a",
        ("b", "no_text"),
        "e",
    ]
    assert items[2].version is None
    assert [line.rpartition("articles: ")[2] for line in reading.skipped] == [
        "a packageItem, which holds no article",
        "2 times a picture item without text",
        "a conceptItem, which holds no article",
        "a planningItem, which holds no article",
    ]


def test_an_empty_message_is_skipped(reading_of):
    reading = reading_of(message())
    assert list(reading) == []
    assert reading.skipped[0].endswith("a message without items")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("stat:canceled", "canceled"),
        ("stat:cancelled", "canceled"),
        ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", "withheld"),
    ],
)
def test_a_kill_is_a_withdrawal_with_or_without_text(read_as, status, reason):
    for content in (None, ""):
        [notice] = read_as(news_item(content, status=status), "a.xml")
        assert isinstance(notice, Withdrawal)
        assert (notice.article_id, notice.reason, notice.version) == (GUID, reason, 3)
        assert (notice.path.rpartition("/")[2], notice.member) == ("a.xml", GUID)


@pytest.mark.parametrize(
    ("embargo", "message"),
    [
        ("2026-03-01T12:00:01Z", "until 2026-03-01T12:00:01+00:00; add it again after that"),
        ("20260302T090000+0100", "until 2026-03-02T09:00:00+01:00"),
        ("", "without an end"),
        ("noon", "until 'noon', which is no time"),
    ],
)
def test_an_embargoed_item_is_held(read_as, embargo, message):
    [reject] = read_as(news_item(embargoed=embargo))
    assert (reject.code, message in reject.message) == ("embargoed", True)


def test_an_embargo_that_is_over_holds_nothing(read_as):
    [article] = read_as(news_item(embargoed="2026-03-01T12:00:00Z"))
    assert article.extras["embargoed"] == "2026-03-01T12:00:00Z"


def test_a_withdrawal_counts_in_spite_of_an_embargo(read_as):
    [notice] = read_as(news_item(status="stat:canceled", embargoed="2027-01-01T00:00:00Z"))
    assert isinstance(notice, Withdrawal)


def test_nitf_alone_is_read(read_as):
    docdata = (
        '<doc-id id-string="tw-1" regsrc="TW"/><date.issue norm="20260211T230000Z"/>'
        '<date.release norm="20260212T040000Z"/><doc.copyright year="2026" holder="Tidewire Ltd"/>'
        '<du-key version="2" key="dam"/><urgency ed-urg="4"/>'
        '<key-list><keyword key="dams"/></key-list>'
    )
    head = (
        "<hedline><hl1>Dam breaks</hl1><hl2>Forty dead</hl2></hedline>"
        "<byline>By <person>Ada Byrne</person>, <byttl>Staff</byttl></byline>"
        "<distributor><org>Tidewire</org></distributor><dateline>BRACKWELL</dateline>"
    )
    [article] = read_as(nitf(docdata=docdata, head=head))
    assert (article.id, article.title, article.source) == ("tw-1", "Dam breaks", "Tidewire")
    assert (article.text, article.authors) == (TEXT, ("Ada Byrne",))
    assert article.published == datetime(2026, 2, 12, 4, tzinfo=UTC)
    kept = {key: article.extras[key] for key in ("version", "status", "urgency", "copyright")}
    assert kept == {
        "version": 2,
        "status": "usable",
        "urgency": "4",
        "copyright": "2026 Tidewire Ltd",
    }
    assert article.extras["credit"] == "Edited by Li Wu"


def test_nitf_says_that_it_is_withdrawn_or_embargoed(read_as):
    def written(status, norm):
        data = f'<doc-id id-string="tw-1"/><date.release norm="{norm}"/>'
        return nitf(docdata=data).replace("<docdata>", f'<docdata management-status="{status}">')

    [notice] = read_as(written("canceled", "20260212T040000Z"))
    assert notice.article_id == "tw-1"
    [reject] = read_as(written("embargoed", "20260401T040000Z"))
    assert reject.code == "embargoed"
    [article] = read_as(written("embargoed", "20260212T040000Z"))
    assert article.id == "tw-1"


def test_other_encodings_are_read(read_as):
    item = news_item(inline_nitf("<p>Über den Dämmen, sagte André.</p>"))
    for encoding in ("utf-8", "iso-8859-1", "utf-16"):
        content = f'<?xml version="1.0" encoding="{encoding}"?>{item}'.encode(encoding)
        [article] = read_as(content)
        assert article.text == "Über den Dämmen, sagte André."


# Hostile XML

BOMB = "".join(
    ['<!DOCTYPE nitf [<!ENTITY a "ha">']
    + [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    + ["]>"]
)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://site.invalid/x.dtd"> %x;]>',
        '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF" "nitf.dtd" [ <!-- > --> <!ENTITY x "y"> ]>',
        BOMB,
    ],
)
def test_entities_are_refused_unread(read_as, doctype):
    [reject] = read_as(nitf("<p>&x; &i; words</p>", doctype=doctype))
    assert reject.code == "unsafe_xml"


def test_entities_are_refused_in_messages_and_feeds_too(read_as):
    declared = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    [reject] = read_as(declared + message(news_item()).partition("?>")[2])
    assert reject.code == "unsafe_xml"
    feed = f"{declared}<rss><channel><item><description>&x;</description></item></channel></rss>"
    [reject] = read_as(feed)
    assert reject.code == "unsafe_xml"


def test_a_document_type_without_entities_is_fine_and_not_fetched(read_as):
    doctype = '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.6//EN" "http://site.invalid/nitf.dtd">'
    [article] = read_as(nitf("<p>Ein Dorf f&#252;r sich</p>", doctype=doctype))
    assert article.text == "Ein Dorf für sich"
    [article] = read_as(nitf("<p>Ein Dorf f&uuml;r sich</p>", doctype=doctype))
    assert article.text == "Ein Dorf für sich"


def test_nothing_else_is_included(read_as, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    include = (
        '<p>A<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
        f'href="{secret.as_uri()}" parse="text"/>B</p>'
    )
    [article] = read_as(nitf(include))
    assert article.text == "AB"


def test_a_message_is_read_up_to_where_it_breaks(read_as):
    whole = message(news_item(guid="a"), news_item(guid="b"), news_item(guid="c"))
    first, reject = read_as(whole[: whole.index('guid="b"') + 400])
    assert (first.id, reject.code) == ("a", "bad_xml")
    assert "what follows was not read" in reject.message


def test_deep_nesting_is_rejected(read_as):
    [reject] = read_as(nitf("<p>" * 100_000))
    assert isinstance(reject, Reject)
    assert reject.code == "bad_xml"


def test_an_item_without_end_is_refused(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.xml_items.MAX_ITEM_BYTES", 1_000_000)
    item = message(news_item(guid="a"), *["<other>word</other>"] * 100_000)
    article, reject = read_as(item)
    assert (article.id, reject.code) == ("a", "too_large")


def test_many_items_take_little_memory(read_as):
    import tracemalloc

    item = news_item(inline_nitf("<p>A word and another.</p>" * 500))
    content = message(*[item] * 50)
    tracemalloc.start()
    assert len(read_as(content)) == 50
    # lxml's own memory is not traced; what Python holds is the articles
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()
