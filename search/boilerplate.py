"""Sentences that an outlet puts around its articles: credits, newsletters, links, notices.

Some are known by their form in any outlet. Others are known by how often an outlet repeats them:
in so many articles, over so many days, that no event explains it. Either way they are shown with
the article and not searched. Nothing is lost by it: the first articles with a repeated sentence
are searched with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import NamedTuple

from search.sentences import sentences
from search.types import Article, Span

ARTICLES = 10
"""Of an outlet, that held a sentence before, for it to be boilerplate;"""
SHARE = 1 / 200
"""at least this part of all its articles;"""
DAYS = 30
"""and the first of them more than so many days before the last: a running story is over sooner."""
MOST_REPEATED = 0.5
"""An article of which more is repeated is a repeated article, and is searched whole."""
MAX_CHARS = 400
FEW_WORDS = 2

_WORDS = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")

_NAME = r"(?:[A-Z][\w.'’-]*|de|del|der|den|van|von|al|bin|and|in|und|et|y|e)"
_CREDIT = re.compile(
    rf"""
    \(?(?:Additional\ |Further\ )?
    (?:[Rr]eporting|Writing|Editing|Compiled|Translated|Graphics?|Photographs?|Photography|Produced)
    (?:\ and\ (?:writing|editing|graphics?))?\ by\ (?::?\s?)
    (?:{_NAME}[,;.]?\s*|(?:[;,.]\s*)?(?:additional\ |Additional\ )?
       (?:reporting|writing|editing|Reporting|Writing|Editing)(?:\ and\ editing)?\ by\ )+ \)?\W*
    """,
    re.VERBOSE,
)
_NOTICE = re.compile(
    r"""
    .{2,200}\ contributed\ (?:to\ this\ (?:report|story|article)|reporting|from\ .{2,60})\W*
    |(?:©|\(c\)|copyright\b\ ?©?)\s*(?:\d{4}|by\b|the\b|[\w.]+\ \d{4}).{0,200}
    |.{0,120}\ball\ rights\ reserved\b.{0,120}
    |this\ material\ may\ not\ be\ (?:published|reproduced).{0,160}
    |our\ standards:.{0,80}
    |the\ (?:views|opinions)\ expressed\b.{0,60}\bare\b.{0,160}
    |(?:image|photo|picture|video)\ (?:copyright|credit|source|courtesy)\b(?!.*\bcaption\b).{0,80}
    |(?:enlarge\ this\ image|toggle\ caption)\b.{0,200}
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_FURNITURE = re.compile(
    r"""
    # newsletters and accounts
    (?:sign\ up|subscribe|register)\b.{0,120}\b(?:newsletters?|alerts?|inbox|podcasts?)\b.{0,120}
    |.{0,80}\bsubscribe\ to\ .{0,40}\bnewsletters?\W*
    |(?:get|have)\ .{2,80}\b(?:delivered|sent)\ (?:\w+\ ){0,3}to\ your\ inbox.{0,60}
    |you\ (?:can|may)\ (?:unsubscribe|opt\ out)\b.{0,60}
    |(?:email\ sign\ up\ )?by\ (?:signing\ up|subscribing|submitting|clicking)\b.{0,160}
      \b(?:agree|policy|terms|newsletters?)\b.{0,160}
    |this\ site\ is\ protected\ by\ recaptcha\b.*
    |thank\ you\ for\ subscribing\W*|invalid\ email\ address\W*
    |manage\ newsletters\W*
    # consent
    |(?:we(?:\ and\ our\ partners)?|(?:this|our)\ (?:web\s?)?site)
      \ (?:\w+\ ){0,2}(?:uses?|stores?|sets?|places?)\b.{0,120}\bcookies?\b.*
    |(?:by\ (?:continuing|using|clicking)
      |wir|diese\ (?:web)?seite|ce\ site|nous|en\ poursuivant|utilizamos|usamos|este\ sitio
      |questo\ sito|utilizziamo|este\ site)\b.{0,160}\bcookies?\b.*
    |(?:accept|reject|manage)\ (?:all\ )?cookies\W*
    # advertisements and links
    |(?:advertisement|anzeige|publicité|publicidad|pubblicità|advertorial)
      (?:\ continue\ reading\ the\ main\ story)?\W*
    |(?:the\ )?(?:story|article)\ continue[sd]\ (?:below|after)\b.{0,60}
    |continue\ reading\ (?:the\ main\ story|below)?\W*
    |click\ here\ (?:to|for)\b.{0,120}
    |read\ more\W*|more\ on\ this(?:\ story)?\W*
    |(?:read\ more|see\ also|also\ read|related|more\ on\ this(?:\ story)?|(?:à\ )?lire\ aussi
      |lesen\ sie\ auch|leggi\ anche|lea\ también|ver\ también|leia\ também)\s*[:：]\s.{0,200}
    |(?:share\ (?:this|on)|follow\ (?:us|@\w+|.{2,40})\ on\ (?:twitter|facebook|instagram|x)\b
      |like\ us\ on)\b.{0,80}
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


class Seen(NamedTuple):
    """In how many articles of an outlet a sentence was seen, and on which days first and last.

    Days are proleptic ordinals; None where none of the articles is dated.
    """

    articles: int = 0
    first: int | None = None
    last: int | None = None

    def and_in(self, day: int | None) -> Seen:
        """The same with one article more."""
        days = [one for one in (self.first, self.last, day) if one is not None]
        return Seen(self.articles + 1, min(days, default=None), max(days, default=None))


def is_stock(sentence: str) -> bool:
    """Whether a sentence has the form of boilerplate, in any outlet."""
    return len(sentence) <= MAX_CHARS and (
        is_furniture(sentence)
        or _NOTICE.fullmatch(sentence) is not None
        or _CREDIT.fullmatch(sentence) is not None
    )


def is_furniture(paragraph: str) -> bool:
    """Whether it belongs to the page around an article: consent, subscription, links elsewhere."""
    return len(paragraph) <= MAX_CHARS and _FURNITURE.fullmatch(paragraph) is not None


def keys_of(article: Article) -> dict[Span, int | None]:
    """For each sentence what it is counted under: an outlet and words, in 63 bits.

    Case, punctuation and the values of numbers do not count. A sentence of a word or two that
    stands among others, as "No." does, has None: anybody may say it again.
    """
    found: dict[Span, int | None] = {}
    for start, end in sentences(article.text, article.language):
        words = _WORDS.findall(_DIGITS.sub("0", article.text[start:end].casefold()))
        is_counted = words and (len(words) > FEW_WORDS or _is_paragraph(article.text, start, end))
        found[start, end] = _key(article.source, " ".join(words)) if is_counted else None
    return found


def counted(article: Article, keys: Mapping[Span, int | None]) -> frozenset[int]:
    """All that an article is counted under: its `keys_of`, and the key of its outlet."""
    return frozenset({outlet_key(article), *(key for key in keys.values() if key is not None)})


def _is_paragraph(text: str, start: int, end: int) -> bool:
    return text.endswith("\n\n", 0, start) and text.startswith("\n\n", end)


def outlet_key(article: Article) -> int:
    """What the articles of its outlet are counted under."""
    return _key(article.source, "")


def boilerplate_of(
    article: Article, keys: Mapping[Span, int | None], seen: Mapping[int, Seen]
) -> list[Span]:
    """The spans of the article's sentences that are not searched, in order.

    `keys` are its `keys_of`; `seen` says for these, and for its `outlet_key`, what was seen in
    other articles. Empty where nothing else would be left.
    """
    least = max(ARTICLES, SHARE * seen.get(outlet_key(article), Seen()).articles)
    repeated = [
        span
        for span, key in keys.items()
        if key is not None and _is_repeated(seen.get(key, Seen()), least)
    ]
    if _size(repeated) > MOST_REPEATED * _size(keys):
        repeated = []
    stock = [span for span in keys if is_stock(article.text[slice(*span)])]
    found = sorted({*repeated, *stock})
    return found if len(found) < len(keys) else []


def _is_repeated(seen: Seen, least: float) -> bool:
    if seen.first is None or seen.last is None:
        return False
    return seen.articles >= least and seen.last - seen.first > DAYS


def _size(spans: Collection[Span]) -> int:
    return sum(end - start for start, end in spans)


def _key(source: str, words: str) -> int:
    data = f"{source}\0{words}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest()) >> 1
