"""The fields of an article, chosen among what its page says of it; where each was found is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from search.ingest.date_conflicts import told_apart
from search.ingest.dates import read_date
from search.ingest.html.page import Found, Page
from search.ingest.html.titles import letters, made_whole, tails, without_outlet
from search.ingest.language import language_tag
from search.ingest.record import RecordField
from search.ingest.text import is_missing, one_line

MAX_SECTION_CHARS = 60
MAX_KEYWORDS = 100


def fields_of(page: Page) -> dict[RecordField, Found]:
    """The fields that the page has, but for the text."""
    source = _source(page)
    title = _title(page, source)
    language = _first(page.languages(), lambda tag: language_tag(tag) is not None)
    published = _published(page, language)
    found: dict[RecordField, Found | None] = {
        "title": title,
        "source": source,
        "authors": _authors(page, source),
        "published": published,
        "updated": _updated(page, published, language),
        "url": _first(page.urls()),
        "section": _section(page, title),
        "language": language,
    }
    return {field: one for field, one in found.items() if one}


def extras_of(page: Page) -> dict[str, Any]:
    """What the page has besides: a description, keywords, and dates that disagree."""
    description = _first(page.descriptions())
    extras = {
        "description": description and one_line(description.value),
        "keywords": page.keywords()[:MAX_KEYWORDS],
        "conflicting_dates": told_apart(page.dates_published(), _tag(page)),
    }
    return {key: value for key, value in extras.items() if value}


def _title(page: Page, source: Found | None) -> Found | None:
    """The headline, whole, without the outlet's name behind it."""
    candidates = [*page.titles()]
    best = _first(candidates)
    if best is None:
        return None
    outlet = [*page.own_names(), *([source.value] if source else [])]
    title = made_whole(best.value, (one.value for one in candidates))
    return Found(without_outlet(title, outlet, page.headings), best.origin)


def _source(page: Page) -> Found | None:
    """The outlet rather than its publishing house or agency: the name that the title ends in."""
    titles = [page.head.title(), *page.head.values("og:title")]
    signed = {name for title in titles if title for name in tails(title)}
    candidates = [*page.sources()]
    best = _first(one for one in candidates if letters(one.value) in signed) or _first(candidates)
    site = _first(one for one in candidates if one.origin == "opengraph")
    return site if best and site and _is_part(best.value, site.value) else best


def _is_part(name: str, whole: str) -> bool:
    """Whether a name is the beginning or the end of a longer one: `magazin` of `Valley Magazin`."""
    words, all_words = name.casefold().split(), whole.casefold().split()
    ends = (all_words[: len(words)], all_words[len(all_words) - len(words) :])
    return len(words) < len(all_words) and words in ends


def _authors(page: Page, source: Found | None) -> Found | None:
    """Who wrote it; the outlet itself and addresses of profiles are no names."""
    outlet = [*page.own_names(), *([source.value] if source else [])]
    no_names = {name.casefold() for name in outlet}
    for origin, values in page.bylines():
        names = [name for name in values if name.casefold() not in no_names and "://" not in name]
        if names:
            names = list(dict.fromkeys(names))
            return Found(names[0] if len(names) == 1 else names, origin)
    return None


def _published(page: Page, language: Found | None) -> Found | None:
    """The first date that can be read; failing that the first that is given."""
    return _first(page.dates(), _reader(language)) or _first(page.dates_given())


def _updated(page: Page, published: Found | None, language: Found | None) -> Found | None:
    """When it was changed; None where that is when it was published."""
    read = _reader(language)
    found = _first(page.updates(), read)
    return None if found and published and read(found.value) == read(published.value) else found


def _section(page: Page, title: Found | None) -> Found | None:
    headline = title and title.value
    return _first(page.sections(), lambda name: len(name) <= MAX_SECTION_CHARS and name != headline)


def _tag(page: Page) -> str | None:
    found = _first(page.languages(), lambda tag: language_tag(tag) is not None)
    return language_tag(found.value) if found else None


def _reader(language: Found | None) -> Callable[[str], object]:
    """What reads a date, or gives None where that cannot be done."""
    tag = language_tag(language.value) if language else None
    return lambda value: read_date(value, tag).value


def _first(found: Iterable[Found], accepts: Callable[[str], object] = bool) -> Found | None:
    return next((one for one in found if not is_missing(one.value) and accepts(one.value)), None)
