"""The one writer: recovers, commits batches, keeps the derived files up."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.boilerplate import Seen
from search.errors import IndexDamaged, StoreError, not_encoded
from search.store import checksums, codes, layout
from search.store.compaction import put_compacted, rebuild_keywords, rebuild_owners
from search.store.contract import Change, EncodedArticle, Names, SplitArticle
from search.store.files import Files
from search.store.growing import Growing
from search.store.keywords import remove_folder
from search.store.reading import Reading, State
from search.store.writing import Writing
from search.types import Article, Count, Passage

if TYPE_CHECKING:
    from search.store.contract import Mask
    from search.types import Vectors

_LENGTH_TOLERANCE = 0.01

log = logging.getLogger(__name__)

_TAIL_ROWS = 2_000
_TAIL_PART = 50
"""The end of a run leaves so few rows, or a fiftieth of those with codes, to Flat. During a run
codes are made anew when `codes.FLAT_ROWS` are exceeded: every reader holds these rows in full."""


class LocalWriter:
    """Holds the lock while it lives. What commits, and what recovers, is for one thread.

    What only asks may be called from another meanwhile, as `add` does while it reads: `changes`,
    `sightings`, `stored_under`, `namesakes`. It sees what was committed last.
    """

    def __init__(self, root: Path) -> None:
        """Open the live folder of the index at `root` for writing."""
        self._files = Files.of_live_folder(root)
        self._growing: Growing | None = None
        self._is_clean = True

    # Recovery

    def recover(self) -> None:
        """Remove what a killed writer left, and rebuild keywords that do not agree."""
        try:
            layout.remove_dead_folders(self._files.folder)
        except StoreError as error:  # a leftover is in nobody's way
            log.warning("%s", error)
        self._files.database.bring_up_to_date()
        with self._files.database.reading() as reading:
            state, tombs = reading.state(), reading.tombs(unpurged_only=True)
            self._check_vectors(reading, state.encoded)
        self._remove_unfinished()
        codes.remove_unusable(self._files.folder, state.encoded)
        if self._owners_are_short(state.slots):
            rebuild_owners(self._files)
        if not self._keywords_agree(state, tombs):
            rebuild_keywords(self._files)
        self._is_clean = True

    def _check_vectors(self, reading: Reading, encoded: int) -> None:
        if encoded <= checksums.CHECKED_AT_OPEN:
            checksums.check(self._files.vectors, encoded, reading.checksums())
        else:
            self._files.vectors.view(encoded)  # raises when committed rows are missing

    def _remove_unfinished(self) -> None:
        for leftover in self._files.folder.glob("*.unfinished"):
            remove_folder(leftover) if leftover.is_dir() else leftover.unlink()

    def _owners_are_short(self, slots: int) -> bool:
        path = self._files.owners.path
        return not path.exists() or path.stat().st_size < slots * self._files.owners.row_bytes

    def _keywords_agree(self, state: State, tombs: list[int]) -> bool:
        """Whether they hold what is live, once leftovers and the dead are deleted."""
        try:
            self._files.keywords.delete_from(state.slots)
            self._files.keywords.delete(tombs)
            self._files.keywords.commit()
            return self._files.keywords.reader().passages == state.passages
        except StoreError:  # whatever is wrong with them, they can be made anew
            return False

    def rebuild(self) -> None:
        """Make every derived file anew, whether or not it looks right; drop what is of nothing."""
        for path in codes.code_files(self._files.folder):
            path.unlink()
        with self._files.database.reading() as reading:
            encoded = reading.state().encoded
        rebuild_owners(self._files)
        rebuild_keywords(self._files)
        self._bring_codes_up(encoded)
        with self._files.database.writing() as writing:
            if writing.compare_for_copies() + writing.forget_lost_versions():
                writing.advance()

    # Commits

    def changes(self, articles: Sequence[Article]) -> list[Change]:
        """What storing each article would do; a version seen before counts as unchanged.

        Where versions are numbered, one may be older than what is stored: see `keep_older`.
        """
        with self._files.database.reading() as reading:
            changes = [_change(one) for one in reading.stored_hashes(articles)]
            return [
                "older" if change == "updated" and _is_old(article, reading) else change
                for article, change in zip(articles, changes, strict=True)
            ]

    def sightings(self, keys: Collection[int]) -> tuple[int, dict[int, Seen]]:
        """How many articles were ever stored, and how often those now there hold these sentences.

        The keys are those of `search.boilerplate`.
        """
        with self._files.database.reading() as reading:
            return reading.articles_ever(), reading.sightings(keys)

    def stored_under(self, article_id: str) -> Article | None:
        """The article that is there under an id."""
        with self._files.database.reading() as reading:
            number = reading.number_of(article_id)
            return None if number is None else reading.article(number)

    def namesakes(self, names: Sequence[Names]) -> list[list[Names]]:
        """For each id and URL those of the articles stored under the one or the other."""
        with self._files.database.reading() as reading:
            return [reading.namesakes(*one) for one in names]

    def upsert(self, batch: Sequence[SplitArticle]) -> list[Change]:
        """Store the batch in one commit; articles with the same id or URL are replaced.

        Their passages await their vectors, those of an `EncodedArticle` bring them.

        Raises:
            ValueError: vectors that are not one row of the index's dimension a passage, or not of
                length 1, or that would come before those that others await.
        """
        vectors = self._brought(batch)
        self._recover_if_needed()
        with self._committing() as (writing, slots):
            changes: list[Change] = []
            owners, end, change = [], slots, Count()
            encoded = writing.state().encoded
            if vectors is not None and encoded < slots:
                msg = f"{slots - encoded} passages await their vectors, and these would come first"
                raise ValueError(msg)
            for one in batch:
                buried = self._bury_replaced(writing, one.article)
                number = writing.insert(one, end)
                self._files.keywords.add(one.article, enumerate(one.passages, end))
                owners.append(np.full((len(one.passages), 1), number, np.uint32))
                end += len(one.passages)
                change = Count(
                    change.passages - buried.passages + len(one.passages),
                    change.articles - buried.articles + 1,
                )
                changes.append("updated" if buried.articles else "added")
            if batch:
                self._files.owners.write(slots, np.concatenate(owners))
            if vectors is not None:
                encoded = self._write_vectors(writing, slots, vectors)
            writing.advance(slots=end, encoded=encoded, change=change)
        self._grow_codes(encoded)
        return changes

    def passages_awaiting(self) -> int:
        """How many passages await their vectors, those counted that were removed meanwhile."""
        with self._files.database.reading() as reading:
            state = reading.state()
        return state.slots - state.encoded

    def next_awaiting(self, skip: int, most: int) -> list[tuple[Article, Passage] | None]:
        """The next passages that await their vectors, after `skip`; None for one that is gone."""
        with self._files.database.reading() as reading:
            state = reading.state()
            first = state.encoded + skip
            end = min(first + most, state.slots)
            live = reading.passages_from(first, end)
        return [live.get(slot) for slot in range(first, end)]

    def append_vectors(self, vectors: Vectors, sentence_codes: Sequence[bytes]) -> None:
        """Store the vectors of the next passages that await theirs, in one commit.

        float32, a row a passage in the order of `next_awaiting`; `sentence_codes` are parallel, or
        empty where the encoder gives no parts. Nothing of a passage that was removed is kept: its
        row is filled with zeros.

        Raises:
            ValueError: more rows than passages await theirs, rows that are not of the index's
                dimension, or codes that are neither one a row nor none at all.
            StoreError: the vector of a passage that is there is not of length 1; the first such.
        """
        self._recover_if_needed()
        self._is_clean = False
        with self._files.database.writing() as writing:
            state = writing.state()
            first, end = state.encoded, state.encoded + len(vectors)
            if end > state.slots:
                msg = f"{len(vectors)} vectors where {state.slots - first} passages await theirs"
                raise ValueError(msg)
            self._check_shape("passages", vectors, len(vectors))
            if len(sentence_codes) not in (0, len(vectors)):
                msg = f"codes of {len(sentence_codes)} passages with {len(vectors)} vectors"
                raise ValueError(msg)
            live = writing.slots_within(first, end)
            places = [slot - first for slot in live]
            wrong = np.flatnonzero(~_are_of_length_1(vectors[places]))
            if len(wrong):
                ((article, passage),) = writing.passages_at([live[wrong[0]]])
                why = "the encoder gave it a vector that is not of length 1"
                raise not_encoded(article.id, passage.number, why)
            rows = np.zeros_like(vectors)
            rows[places] = vectors[places]
            if sentence_codes:
                writing.keep_codes({slot: sentence_codes[slot - first] for slot in live})
            writing.advance(encoded=self._write_vectors(writing, first, rows))
        self._is_clean = True
        self._grow_codes(end)

    def _brought(self, batch: Sequence[SplitArticle]) -> Vectors | None:
        """The vectors that a batch brings; None where its passages await them."""
        bringing = [one for one in batch if isinstance(one, EncodedArticle)]
        if not bringing:
            return None
        if len(bringing) < len(batch):
            msg = "articles with and without vectors cannot be stored in one batch"
            raise ValueError(msg)
        for one in bringing:
            self._check_rows(f"article {one.article.id!r}", one.vectors, len(one.passages))
        return np.concatenate([one.vectors for one in bringing])

    def _check_rows(self, whose: str, vectors: Vectors, passages: int) -> None:
        self._check_shape(whose, vectors, passages)
        if not _are_of_length_1(vectors).all():
            msg = f"{whose} has vectors that are not of length 1"
            raise ValueError(msg)

    def _check_shape(self, whose: str, vectors: Vectors, passages: int) -> None:
        expected = (passages, self._files.vectors.width)
        if vectors.shape != expected:
            msg = f"{whose} has vectors of shape {vectors.shape}, this index takes {expected}"
            raise ValueError(msg)

    def _write_vectors(self, writing: Writing, first: int, vectors: Vectors) -> int:
        """Put these rows from slot `first` on; returns the slot behind them."""
        rows = vectors.astype(self._files.vectors.dtype)
        writing.set_checksums(checksums.appended(writing.checksums(), first, rows))
        self._files.vectors.write(first, rows)
        return first + len(rows)

    def keep_older(self, articles: Sequence[Article]) -> None:
        """Put these into the history of what is stored under their ids, in one commit.

        Only where that is a newer version, by its number.
        """
        self._recover_if_needed()
        with self._committing() as (writing, _):
            for article in articles:
                if _is_old(article, writing):
                    writing.keep_older(article)
            writing.advance()

    def stored(self, article_ids: Sequence[str]) -> tuple[list[Article], list[bytes]]:
        """These articles, where they are there, and the vectors of their passages as on disk.

        After each article what it was before, in its earlier versions.
        """
        articles, vectors = list[Article](), list[bytes]()
        with self._files.database.reading() as reading:
            rows = self._files.vectors.view(reading.state().encoded)
            for article_id in dict.fromkeys(article_ids):
                number = reading.number_of(article_id)
                if number is not None:
                    versions = reading.versions(reading.article(number))
                    articles += [one.article for one in versions]
                    slots = reading.slots_of(article_id) or []
                    vectors += [rows[slot].tobytes() for slot in slots if slot < len(rows)]
        return articles, vectors

    def remove(self, article_ids: Sequence[str]) -> Count:
        """Remove articles in one commit; ids that are not there are ignored."""
        self._recover_if_needed()
        with self._committing() as (writing, _):
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
            writing.advance(change=Count(-removed.passages, -removed.articles))
        return removed

    @contextmanager
    def _committing(self) -> Iterator[tuple[Writing, int]]:
        """A transaction and its first free slot; keywords are durable before SQLite commits.

        Passages buried by earlier commits leave the keywords here: no reader of the newest
        generation, which a later COMMIT makes, needs them.
        """
        self._is_clean = False
        with self._files.database.writing() as writing:
            buried_before = writing.tombs(unpurged_only=True)
            self._files.keywords.delete(buried_before)
            writing.mark_purged(buried_before)
            yield writing, writing.state().slots
            self._files.keywords.commit()
        self._is_clean = True

    def _recover_if_needed(self) -> None:
        """After a commit that failed (disk full, say) what it left must go first."""
        if not self._is_clean:
            self._stop_growing()
            self._go_on_with(Files.of_live_folder(self._files.folder.parent))
            self.recover()

    def _bury_replaced(self, writing: Writing, article: Article) -> Count:
        buried = Count()
        for number in writing.stored(article.id, article.url):
            count = writing.replace(number, article)
            buried = Count(buried.passages + count.passages, buried.articles + count.articles)
        return buried

    # Derived files

    def finish(self) -> None:
        """Compact when a quarter is dead; else purge what was buried and bring FAISS up.

        Readers follow by themselves.
        """
        self._recover_if_needed()
        if self._is_quarter_dead():
            try:
                self.compact()
            except IndexDamaged:
                raise
            except StoreError as error:  # all that was asked for is committed
                log.warning("not compacted: %s", error)
            else:
                return
        with self._files.database.reading() as reading:
            state, buried = reading.state(), reading.tombs(unpurged_only=True)
        has_grown = self._bring_codes_up(state.encoded)
        if buried or has_grown:
            with self._committing() as (writing, _):
                writing.advance()

    def _is_quarter_dead(self) -> bool:
        with self._files.database.reading() as reading:
            state = reading.state()
        return 4 * (state.slots - state.passages) >= state.slots > 0

    def has_dead(self) -> bool:
        """Whether anything removed still takes its place."""
        with self._files.database.reading() as reading:
            state = reading.state()
        return state.slots > state.passages

    def compact(self) -> None:
        """Put a new folder in the place of the live one, with nothing of the dead in it.

        What was deleted is then in no file of the index. Readers go on with the old folder, which
        is removed from the disk, until they let go of it.

        Raises:
            StoreError: the disk does not take it, and the live folder stays; or the old folder
                cannot be removed.
            IndexDamaged: the vectors are not what was committed.
        """
        self._recover_if_needed()
        self._stop_growing()
        self._is_clean = False
        self._go_on_with(put_compacted(self._files))
        self._is_clean = True
        layout.remove_dead_folders(self._files.folder)

    def _go_on_with(self, files: Files) -> None:
        self._files.close()
        self._files = files

    def _grow_codes(self, encoded: int) -> None:
        """Start making codes anew, in a thread of its own, when too many rows are without."""
        if self._growing is not None and self._growing.is_alive():
            return
        if encoded - self._covered() > codes.FLAT_ROWS:
            self._growing = Growing(self._files.folder, self._files.vectors.view(encoded))

    def _bring_codes_up(self, encoded: int) -> bool:
        """At the end of a run; whether there are new ones."""
        if self._growing is not None:
            self._growing.finish()
            self._growing = None
        covered = self._covered()
        tail = max(_TAIL_ROWS, covered // _TAIL_PART) if covered else codes.FLAT_ROWS
        if encoded - covered <= min(tail, codes.FLAT_ROWS):
            return False
        codes.write_codes(self._files.folder, self._files.vectors.view(encoded))
        return True

    def _covered(self) -> int:
        return max(map(codes.rows_of, codes.code_files(self._files.folder)), default=0)

    def close(self) -> None:
        """Close every file, which gives tantivy's own lock back."""
        self._stop_growing()
        self._files.close()

    def _stop_growing(self) -> None:
        if self._growing is not None:
            self._growing.stop()
            self._growing = None


def _are_of_length_1(vectors: Vectors) -> Mask:
    """Which rows are; NaN is not."""
    lengths = np.linalg.norm(vectors, axis=1)
    is_near: Mask = np.abs(lengths - 1) < _LENGTH_TOLERANCE
    return is_near


def _is_old(article: Article, reading: Reading) -> bool:
    """Whether a newer version of it is stored."""
    if article.version is None or (number := reading.number_of(article.id)) is None:
        return False
    newest = reading.article(number).version
    return newest is not None and article.version < newest


def _change(stored: tuple[bytes | None, bool]) -> Change:
    current, is_known = stored
    if current is None:
        return "added"
    return "unchanged" if is_known else "updated"
