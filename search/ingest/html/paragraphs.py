"""The paragraphs of a page in the part of it that holds most: a plain second opinion."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from search.ingest.html.tree import Element, text_in

MIN_BYTES = 40
"""Of a paragraph in UTF-8, so that fourteen Chinese characters are enough."""
MAX_LINKED = 0.5
MOST = 0.5

_BESIDE = frozenset(
    "nav aside footer form figure figcaption button noscript template script style select "
    "textarea iframe svg dialog menu".split()
)
_BESIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|aside|sidebar|footer|related|recommend\w*|promo\w*|newsletter|share"
    r"|social|comments?|cookies?|consent|gdpr|banner|advert\w*|caption|breadcrumbs?|teaser|tags"
    r"|signup|subscribe|login|modal|popup|most-read|trending)(?=$|[\s_-])",
    re.IGNORECASE,
)
_HEADINGS = ("h2", "h3", "h4")
_TEXT = frozenset(("p", "blockquote", "li", "pre", *_HEADINGS))
_Block = tuple[Element, str]


def paragraphs(tree: Element) -> list[str]:
    """The paragraphs, headings and list items of that part, in the order of the page."""
    blocks = list(_blocks(tree))
    held: dict[Element, int] = defaultdict(int)
    for element, text in blocks:
        if element.tag not in _HEADINGS:
            for above in element.iterancestors():
                held[above] += len(text)
    part = _part(held, _scores(blocks))
    return [text for element, text in blocks if part in element.iterancestors()]


def _part(held: dict[Element, int], scores: dict[Element, float]) -> Element | None:
    """What is marked as the article, if it holds most of the text; else where paragraphs crowd."""
    total = max(held.values(), default=0)
    marked = [e for e in held if e.get("itemprop") == "articleBody"]
    for elements in (marked, [e for e in held if e.tag == "article"]):
        best = max(elements, key=held.__getitem__, default=None)
        if best is not None and held[best] > MOST * total:
            return best
    return max(scores, key=scores.__getitem__, default=None)


def _scores(blocks: list[_Block]) -> dict[Element, float]:
    """The text of an element's own paragraphs, and half of that of its children's."""
    scores: dict[Element, float] = defaultdict(float)
    for element, text in blocks:
        if element.tag == "p":
            for above, share in zip(element.iterancestors(), (1, 0.5), strict=False):
                scores[above] += share * len(text)
    return scores


def _blocks(tree: Element) -> Iterator[_Block]:
    """Every block of text that is not beside the article, with its text."""
    waiting = [tree]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or _is_beside(element):
            continue
        if element.tag not in _TEXT:
            waiting.extend(reversed(element))
        elif _is_prose(element, text := text_in(element)):
            yield element, text


def _is_beside(element: Element) -> bool:
    if element.tag in _BESIDE:
        return True
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(name) > 1 and element.tag not in ("html", "body") and bool(_BESIDE_NAME.search(name))


def _is_prose(element: Element, text: str) -> bool:
    if element.tag in _HEADINGS:
        return bool(text)
    linked = sum(len(text_in(link)) for link in element.iter("a"))
    return len(text.encode("utf-8", "replace")) >= MIN_BYTES and linked <= MAX_LINKED * len(text)
