"""From files to articles: every format, one set of rules, nothing dropped without a word."""

from search.ingest.article import prepared
from search.ingest.files import File, shown
from search.ingest.flags import CODES, FLAGS
from search.ingest.reading import Reading, prepared_all, read
from search.ingest.record import Rejected

__all__ = [
    "CODES",
    "FLAGS",
    "File",
    "Reading",
    "Rejected",
    "prepared",
    "prepared_all",
    "read",
    "shown",
]
