"""Running a recorded search again, and what is otherwise than it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.exporting.recording import (
    MOST_HITS,
    RecordedHit,
    SearchRecord,
    recorded,
    search_all,
)

if TYPE_CHECKING:
    from search.index import NewsIndex


@dataclass(frozen=True, slots=True)
class Replay:
    """A recorded search and the same one now; hits are in order of their rank.

    `moved` pairs hits whose rank differs: then and now. Of hits chosen by hand, `new` has none.
    """

    then: SearchRecord
    now: SearchRecord
    gone: tuple[RecordedHit, ...]
    new: tuple[RecordedHit, ...]
    moved: tuple[tuple[RecordedHit, RecordedHit], ...]

    @property
    def is_same(self) -> bool:
        """Whether the same passages came in the same order, and the query was read the same."""
        return not (self.gone or self.new or self.moved) and self.then.read == self.now.read


def replayed(index: NewsIndex, record: SearchRecord) -> Replay:
    """The search of the record, asked again as it was, with "last week" counted from that day.

    Raises:
        QueryError, IndexNotFound, ArticleNotFound, ModelError: as `NewsIndex.search`.
        StoreError: the index changes all the time.
    """
    most = max([hit.rank for hit in record.hits], default=1)
    if record.is_all:
        results, model, is_all = search_all(index, record.asked, max(most, MOST_HITS))
    else:
        results, is_all = record.asked.search(index, most), False
        model = index.stats().model
    now = recorded(record.asked, results, model, is_all=is_all)
    was = {hit.passage: hit for hit in record.hits}
    found = {hit.passage: hit for hit in now.hits}
    return Replay(
        then=record,
        now=now,
        gone=tuple(hit for hit in record.hits if hit.passage not in found),
        new=() if record.is_choice else tuple(h for h in now.hits if h.passage not in was),
        moved=tuple(
            (hit, found[hit.passage])
            for hit in record.hits
            if hit.passage in found and found[hit.passage].rank != hit.rank
        ),
    )
