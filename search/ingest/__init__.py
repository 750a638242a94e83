"""From files to articles: every format, one set of rules, nothing dropped without a word."""

from search.ingest.article import prepared
from search.ingest.fields import Names
from search.ingest.files import File, FileMark, FoundFile, Listing, require_all, shown
from search.ingest.flags import CODES, FLAGS
from search.ingest.reading import Noted, Reading, prepared_all, read
from search.ingest.record import Rejected

__all__ = [
    "CODES",
    "FLAGS",
    "File",
    "FileMark",
    "FoundFile",
    "Listing",
    "Names",
    "Noted",
    "Reading",
    "Rejected",
    "prepared",
    "prepared_all",
    "read",
    "require_all",
    "shown",
]
