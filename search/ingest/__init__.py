"""From files to articles: every format, one set of rules, nothing dropped without a word."""

from search.ingest.article import prepared
from search.ingest.files import File, FileMark, FoundFile, Listing, require_all, shown
from search.ingest.flags import CODES, FLAGS
from search.ingest.identity import is_another, renamed
from search.ingest.reading import Reading, prepared_all, read
from search.ingest.record import Rejected
from search.ingest.rules import Rules

__all__ = [
    "CODES",
    "FLAGS",
    "File",
    "FileMark",
    "FoundFile",
    "Listing",
    "Reading",
    "Rejected",
    "Rules",
    "is_another",
    "prepared",
    "prepared_all",
    "read",
    "renamed",
    "require_all",
    "shown",
]
