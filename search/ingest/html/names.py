"""The names under which pages give a field in meta elements, in lower case, the best first.

Those without `_META` are OpenGraph's and its `article:` names, right and as pages misspell them.
"""

from __future__ import annotations

PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time"),
    *("article:published", "rnews:datepublished"),
)
PUBLISHED_META = (
    *("datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:publishtime"),
    *("cxenseparse:recs:publishtime", "publish-date", "publish_date", "publishdate"),
    *("publication_date", "published_at", "published_time", "pubdate", "originalpublicationdate"),
    *("citation_publication_date", "citation_online_date", "citation_date"),
    *("prism.publicationdate", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date"),
    *("dc.date.created", "dcterms.created", "date.available", "date.created", "date"),
    *("release_date", "displaydate", "article.published", "article_date_original"),
)
UPDATED = ("article:modified_time", "og:article:modified_time", "og:updated_time")
UPDATED_META = (
    *("datemodified", "dcterms.modified", "dc.date.modified", "date.modified", "last-modified"),
    *("lastmod", "lastupdate", "article.updated"),
)
TITLES = ("og:title", "twitter:title")
TITLES_META = (
    *("headline", "parsely-title", "sailthru.title", "dc.title", "dcterms.title"),
    *("citation_title", "title"),
)
SOURCES_META = (
    *("prism.publicationname", "citation_journal_title", "application-name", "dc.publisher"),
    *("sitename", "cre", "publisher"),
)
AUTHORS = ("article:author", "article:author_name", "og:article:author", "og:author")
AUTHORS_META = (
    *("author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator"),
    *("citation_author", "cxenseparse:author", "byl", "byline", "dc.contributor"),
)
SECTIONS = ("article:section", "og:article:section")
SECTIONS_META = (
    *("articlesection", "parsely-section", "prism.section", "cg", "section", "page.section"),
    *("category", "channel"),
)
DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
KEYWORDS = ("keywords", "news_keywords", "parsely-tags", "sailthru.tags", "article:tag")
LANGUAGES_META = ("content-language", "language", "dc.language")
