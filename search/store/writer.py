"""The one writer: recovers, commits batches, keeps the derived files up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from search.errors import StoreError
from search.store.contract import Change, EncodedArticle
from search.store.database import Database, State, Writing
from search.store.keywords import Keywords, remove_folder
from search.store.neighbours import (
    FLAT_ROWS,
    covered_rows,
    remove_unusable_snapshots,
    snapshots,
    write_snapshot,
)
from search.store.rowfile import RowFile, sync_folder
from search.types import Article, Count

_TAIL_ROWS = 2_000
"""The end of a run leaves so few rows beside a snapshot, or a twentieth of it, to Flat."""
_GROWTH = 1.1
"""During a run a snapshot is made again when the index is this many times its size, and by more
than `FLAT_ROWS`: readers hold no more than that, or a tenth of the vectors, in full."""


class LocalWriter:
    """Holds the lock while it lives. Not for several threads."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        vectors: RowFile,
        owners: RowFile,
        keywords: Keywords,
    ) -> None:
        self._folder, self._database = folder, database
        self._vectors, self._owners = vectors, owners
        self._keywords = keywords
        self._is_clean = True

    # Recovery

    def recover(self) -> None:
        """Remove what a killed writer left, and rebuild keywords that do not agree."""
        with self._database.reading() as reading:
            state, tombs = reading.state(), reading.tombs(unpurged_only=True)
        self._vectors.view(state.slots)  # raises when rows that were committed are missing
        self._remove_unfinished()
        remove_unusable_snapshots(self._folder, state.slots)
        if self._owners_are_short(state.slots):
            self._rebuild_owners(state.slots)
        if not self._keywords_agree(state, tombs):
            self._rebuild_keywords()
        self._is_clean = True

    def _remove_unfinished(self) -> None:
        for leftover in self._folder.glob("*.unfinished"):
            remove_folder(leftover) if leftover.is_dir() else leftover.unlink()

    def _owners_are_short(self, slots: int) -> bool:
        path = self._owners.path
        return not path.exists() or path.stat().st_size < slots * self._owners.row_bytes

    def _rebuild_owners(self, slots: int) -> None:
        owners = np.zeros((slots, 1), np.uint32)
        with self._database.reading() as reading:
            for first, passages, number in reading.slots_with_owner():
                owners[first : first + passages] = number
        self._owners.replace(owners)

    def _keywords_agree(self, state: State, tombs: list[int]) -> bool:
        """Whether they hold what is live, once leftovers and the dead are deleted."""
        try:
            self._keywords.delete_from(state.slots)
            self._keywords.delete(tombs)
            self._keywords.commit()
            return self._keywords.reader().passages == state.passages
        except StoreError:  # whatever is wrong with them, they can be made anew
            return False

    def rebuild(self) -> None:
        """Make every derived file anew, whether or not it looks right."""
        for path in snapshots(self._folder):
            path.unlink()
        with self._database.reading() as reading:
            slots = reading.state().slots
        self._rebuild_owners(slots)
        self._rebuild_keywords()
        self._make_snapshot(slots, allowed_tail=FLAT_ROWS)

    def _rebuild_keywords(self) -> None:
        """Make the keywords anew from the database; the old ones serve until they are replaced."""
        folder = self._keywords.folder
        fresh = Keywords(folder.with_name(folder.name + ".unfinished"))
        fresh.create()
        with self._database.reading() as reading:
            for slot, article, passage in reading.every_passage():
                fresh.add(article, [(slot, passage)])
        fresh.commit()
        fresh.close_writer()
        self._keywords.close_writer()
        remove_folder(folder)
        fresh.folder.rename(folder)
        sync_folder(self._folder)
        self._keywords = Keywords(folder)

    # Commits

    def changes(self, articles: Sequence[Article]) -> list[Change]:
        """What storing each article would do; a version seen before counts as unchanged."""
        with self._database.reading() as reading:
            return [_change(stored) for stored in reading.stored_hashes(articles)]

    def upsert(self, batch: Sequence[EncodedArticle]) -> list[Change]:
        """Store the batch in one commit; articles with the same id or URL are replaced.

        Raises:
            ValueError: vectors that are not one row of the index's dimension a passage.
        """
        self._check_shapes(batch)
        self._recover_if_needed()
        with self._committing() as (writing, slots):
            changes: list[Change] = []
            vectors, owners, end, change = [], [], slots, Count()
            for encoded in batch:
                buried = self._bury_replaced(writing, encoded.article)
                number = writing.insert(encoded, end)
                self._keywords.add(encoded.article, enumerate(encoded.passages, end))
                vectors.append(encoded.vectors)
                owners.append(np.full((len(encoded.passages), 1), number, np.uint32))
                end += len(encoded.passages)
                change = Count(
                    change.passages - buried.passages + len(encoded.passages),
                    change.articles - buried.articles + 1,
                )
                changes.append("updated" if buried.articles else "added")
            if batch:
                self._vectors.write(slots, np.concatenate(vectors))
                self._owners.write(slots, np.concatenate(owners))
            writing.advance(slots=end, change=change)
        self._grow_snapshot(end)
        return changes

    def remove(self, article_ids: Sequence[str]) -> Count:
        """Remove articles in one commit; ids that are not there are ignored."""
        self._recover_if_needed()
        with self._committing() as (writing, slots):
            removed = Count()
            for article_id in dict.fromkeys(article_ids):
                number = writing.number_of(article_id)
                if number is None:
                    continue
                buried = writing.bury(number)
                writing.forget_versions(article_id)
                removed = Count(
                    removed.passages + buried.passages, removed.articles + buried.articles
                )
            writing.advance(slots=slots, change=Count(-removed.passages, -removed.articles))
        return removed

    def _check_shapes(self, batch: Sequence[EncodedArticle]) -> None:
        for encoded in batch:
            expected = (len(encoded.passages), self._vectors.width)
            if encoded.vectors.shape != expected:
                msg = (
                    f"article {encoded.article.id!r} has vectors of shape "
                    f"{encoded.vectors.shape}, this index takes {expected}"
                )
                raise ValueError(msg)

    @contextmanager
    def _committing(self) -> Iterator[tuple[Writing, int]]:
        """A transaction and its first free slot; keywords are durable before SQLite commits.

        Passages buried by earlier commits leave the keywords here: no reader of the newest
        generation, which a later COMMIT makes, needs them.
        """
        self._is_clean = False
        with self._database.writing() as writing:
            buried_before = writing.tombs(unpurged_only=True)
            self._keywords.delete(buried_before)
            writing.mark_purged(buried_before)
            yield writing, writing.state().slots
            self._keywords.commit()
        self._is_clean = True

    def _recover_if_needed(self) -> None:
        """After a commit that failed (disk full, say) what it left must go first."""
        if not self._is_clean:
            self._keywords.close_writer()
            self.recover()

    def _bury_replaced(self, writing: Writing, article: Article) -> Count:
        buried = Count()
        for number, article_id in writing.stored(article.id, article.url):
            count = writing.bury(number)
            buried = Count(buried.passages + count.passages, buried.articles + count.articles)
            if article_id != article.id:
                writing.inherit_versions(article.id, article_id)
        return buried

    # Derived files

    def finish(self) -> None:
        """Purge what was buried and bring the FAISS snapshot up; readers follow."""
        self._recover_if_needed()
        with self._database.reading() as reading:
            state, buried = reading.state(), reading.tombs(unpurged_only=True)
        tail = max(_TAIL_ROWS, self._covered() // 20) if self._covered() else FLAT_ROWS
        has_grown = self._make_snapshot(state.slots, allowed_tail=min(tail, FLAT_ROWS))
        if buried or has_grown:
            with self._committing() as (writing, slots):
                writing.advance(slots=slots, change=Count())

    def _grow_snapshot(self, slots: int) -> None:
        self._make_snapshot(
            slots, allowed_tail=max(FLAT_ROWS, int(self._covered() * (_GROWTH - 1)))
        )

    def _make_snapshot(self, slots: int, *, allowed_tail: int) -> bool:
        if slots - self._covered() <= allowed_tail:
            return False
        write_snapshot(self._folder, self._vectors.view(slots))
        return True

    def _covered(self) -> int:
        return max((covered_rows(path) for path in snapshots(self._folder)), default=0)

    def close(self) -> None:
        """Give tantivy's own lock back."""
        self._keywords.close_writer()


def _change(stored: tuple[bytes | None, bool]) -> Change:
    current, is_known = stored
    if current is None:
        return "added"
    return "unchanged" if is_known else "updated"
