"""Taking hits away: files of citations, quotes and rows, each with a record of its search."""

from search.exporting.files import write_file, zipped
from search.exporting.formats import FORMATS, Format, exported
from search.exporting.reading import read_record
from search.exporting.recording import Asked, RecordedHit, SearchRecord, recorded, search_all
from search.exporting.replaying import Replay, replayed

__all__ = [
    "FORMATS",
    "Asked",
    "Format",
    "RecordedHit",
    "Replay",
    "SearchRecord",
    "exported",
    "read_record",
    "recorded",
    "replayed",
    "search_all",
    "write_file",
    "zipped",
]
