"""From files to articles: every format, one set of rules, nothing dropped without a word."""

from search.ingest.article import prepared
from search.ingest.flags import CODES, FLAGS
from search.ingest.reading import Reading, prepared_all, read

__all__ = ["CODES", "FLAGS", "Reading", "prepared", "prepared_all", "read"]
