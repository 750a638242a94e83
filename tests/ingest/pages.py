"""Crafted web pages for the tests."""

import json

from search.ingest.article import article_of
from search.ingest.html import record_of_page

FLOOD = [
    "The river rose by a metre before the morning came, and the lower town was under water.",
    "Boats brought bread to the houses by the mill, where forty people had waited on the roofs.",
    "The mayor said on Tuesday that the old dam had held, though nobody had believed it would.",
    "Schools stay closed until the end of the week; the bridge will be looked at by engineers.",
]
TEXT = "\n\n".join(FLOOD)
URL = "https://www.valley.example/news/2026/02/03/flood"


def paragraphs(texts=FLOOD):
    return "".join(f"<p>{text}</p>" for text in texts)


def page(head="", body=None, lang=""):
    """A page around an article's paragraphs."""
    body = f"<article>{paragraphs()}</article>" if body is None else body
    lang = f' lang="{lang}"' if lang else ""
    return f"<!doctype html><html{lang}><head>{head}</head><body>{body}</body></html>"


def json_ld(*values):
    """A script element for each value; a text is taken as it is."""
    texts = (value if isinstance(value, str) else json.dumps(value) for value in values)
    return "".join(f'<script type="application/ld+json">{text}</script>' for text in texts)


def meta(**values):
    """A meta element for each; `__` stands for a colon."""
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">'
        for name, value in values.items()
    )


def read_page(markup, url=None, **rest):
    """The article of a page, given as text or bytes."""
    content = markup.encode() if isinstance(markup, str) else markup
    return article_of(record_of_page(content, url, **rest))


def flags(article):
    return set(article.extras.get("flags", ()))
