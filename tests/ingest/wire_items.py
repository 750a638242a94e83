"""Agency items as tests make them up: NewsML-G2 with NITF or XHTML inline, NITF, ninjs."""

G2 = "http://iptc.org/std/nar/2006-10-01/"
BODY = "<p>The gate at <em>Tarrowdale</em> failed at 03:10.</p><p>Nobody had been&#160;warned.</p>"
TEXT = "The gate at Tarrowdale failed at 03:10.\n\nNobody had been warned."


def inline_nitf(body=BODY, head=""):
    return (
        '<inlineXML contenttype="application/nitf+xml">'
        f'<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head>{head}</body.head>'
        f"<body.content>{body}</body.content></body></nitf></inlineXML>"
    )


def inline_xhtml(body=BODY):
    return (
        '<inlineXML contenttype="application/xhtml+xml">'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="de"><head><title>T</title></head>'
        f"<body>{body}</body></html></inlineXML>"
    )


def news_item(
    content=None,
    *,
    guid="urn:newsml:tidewire.example:20260212:dam",
    version="3",
    status="stat:usable",
    kind="ninat:text",
    embargoed=None,
    first="2026-02-12T04:00:00Z",
    created="2026-02-12T06:30:00Z",
):
    embargo = "" if embargoed is None else f"<embargoed>{embargoed}</embargoed>"
    return (
        f'<newsItem xmlns="{G2}" guid="{guid}" version="{version}" xml:lang="en">'
        "<rightsInfo><copyrightHolder><name>Tidewire Ltd</name></copyrightHolder>"
        "<copyrightNotice>Copyright 2026\n Tidewire</copyrightNotice></rightsInfo>"
        f'<itemMeta><itemClass qcode="{kind}"/><provider qcode="nprov:TW"><name>Tidewire</name>'
        f"</provider><versionCreated>{created}</versionCreated>"
        f'<firstCreated>{first}</firstCreated>{embargo}<pubStatus qcode="{status}"/>'
        "<edNote>Updates</edNote></itemMeta>"
        "<contentMeta><urgency>2</urgency><by>By Ada Byrne and Tom Oke</by>"
        '<language tag="en-GB"/><subject qcode="medtop:03000000"><name>disaster</name></subject>'
        "<slugline>HALMERE-DAM</slugline><headline> Dam\n breaks </headline>"
        "<dateline>BRACKWELL, Feb 12</dateline></contentMeta>"
        f"<contentSet>{inline_nitf() if content is None else content}</contentSet></newsItem>"
    )


def message(*items):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><newsMessage xmlns="{G2}"><header>'
        f"<sent>2026-02-12T07:00:00Z</sent></header><itemSet>{''.join(items)}</itemSet></newsMessage>"
    )


def ninjs_1(**changes):
    return {
        "uri": "urn:tidewire:dam",
        "type": "text",
        "version": "3",
        "versioncreated": "2026-02-12T06:30:00Z",
        "firstcreated": "2026-02-12T04:00:00Z",
        "pubstatus": "usable",
        "language": "en-GB",
        "copyrightholder": "Tidewire",
        "byline": "By Ada Byrne",
        "headline": "Dam breaks",
        "body_text": TEXT,
        "urgency": 2,
        **changes,
    }


def ninjs_3(**changes):
    return {
        "standard": {"name": "ninjs", "version": "3.0"},
        "uri": "urn:tidewire:dam",
        "type": "text",
        "version": 3,
        "versionCreated": "2026-02-12T06:30:00Z",
        "firstCreated": "2026-02-12T04:00:00Z",
        "pubStatus": "usable",
        "language": "en-GB",
        "infoSources": [{"name": "Tidewire"}],
        "by": "Ada Byrne",
        "headlines": [{"role": "short", "value": "Dam"}, {"role": "main", "value": "Dam breaks"}],
        "bodies": [
            {"role": "nitf", "contentType": "application/xml", "value": "<nitf/>"},
            {"role": "html", "contentType": "text/html", "value": BODY},
        ],
        **changes,
    }
