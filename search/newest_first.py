"""Everything read, before any of it is stored, and given back in the order of its dates.

What is read waits in a file without a name, a line an article, gone with the process. In memory
stay 32 bytes an article until all is read, some 80 for a moment while they are put in order, and
16 after that.
"""

from __future__ import annotations

import json
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from search.errors import StoreError
from search.pipeline import batches
from search.store.contract import Names
from search.store.records import dumped, loaded, moment_of
from search.types import Article, Reject, Withdrawal

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store import StoreWriter

    Ints = npt.NDArray[np.int64]

Item = Article | Withdrawal | Reject

_READ_AT_ONCE = 128
_NO_URL = 0


class NewestFirst:
    """Items of a reading, the newest first and the undated last.

    Items that name one article, by id or URL, keep their order among themselves, and stand where
    the newest of them does: a version replaces the one before it, a withdrawal removes what was
    read before it, whatever their dates. So the same is stored in the end as in the order of
    reading, but for what depends on the articles before one: which sentences are boilerplate.
    """

    def __init__(self, items: Iterable[Item], writer: StoreWriter, folder: Path) -> None:
        """What is read waits in `folder`; `writer` is asked what is stored under the same names."""
        self._items, self._writer, self._folder = items, writer, folder
        self._offsets, self._moments = array("q"), array("d")
        self._ids, self._urls = array("Q"), array("Q")
        self._links: list[tuple[int, int]] = []
        """Items that other names lead to: their place, and the name's key."""
        self.is_read = False
        """Whether all was read: until then rejects are all that is given."""
        self.share_given = 0.0
        """The part of what was read that was given back so far, in [0, 1]."""

    def batches(self, size: int) -> Iterator[list[Item]]:
        """Rejects as they are met, with empty lists between, then lists of `size` items, in order.

        Raises:
            StoreError: the disk does not take what is read.
        """
        with self._on_disk():
            file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  closed below
        with file:
            yield from self._put(file)
            with self._on_disk():
                file.flush()
            offsets = self._offsets_in_order()
            self.is_read, self.share_given = True, 0.0 if len(offsets) else 1.0
            for start in range(0, len(offsets), size):
                places = offsets[start : start + size].tolist()
                with self._on_disk():
                    items: list[Item] = [self._at(file, offset) for offset in places]
                self.share_given = (start + len(items)) / len(offsets)
                yield items

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            msg = f"what is read cannot be kept in {self._folder}: {error.strerror}"
            raise StoreError(msg) from error

    def _put(self, file: IO[bytes]) -> Iterator[list[Item]]:
        """Write what is read to `file`, noting what it is put in order by; gives the rejects.

        Raises:
            StoreError: the disk does not take it.
        """
        for items in batches(self._items, _READ_AT_ONCE):
            kept = [item for item in items if not isinstance(item, Reject)]
            names = list(map(_names, kept))
            for item, own, stored in zip(kept, names, self._writer.namesakes(names), strict=True):
                place = len(self._offsets)
                with self._on_disk():
                    self._offsets.append(file.tell())
                    file.write(_line(item))
                self._moments.append(moment_of(item) if isinstance(item, Article) else -1.0)
                self._ids.append(_key("id", own.id))
                self._urls.append(_NO_URL if own.url is None else _key("url", own.url))
                for name, url in stored:
                    self._links += [(place, _key("id", name))] if name != own.id else []
                    self._links += [(place, _key("url", url))] if url not in (None, own.url) else []
            yield [item for item in items if isinstance(item, Reject)]

    def _at(self, file: IO[bytes], offset: int) -> Article | Withdrawal:
        """What was written there.

        Raises:
            OSError: the disk does not give it.
        """
        file.seek(offset)
        fields = json.loads(file.readline().decode("utf-8", "surrogatepass"))
        return loaded(*fields) if isinstance(fields, list) else Withdrawal(**fields)

    def _offsets_in_order(self) -> Ints:
        """Where the items stand in the file, in the order in which they are given back.

        What this is known by is let go of.
        """
        columns = [np.asarray(one) for one in (self._ids, self._urls)]
        self._ids, self._urls = array("Q"), array("Q")
        group = groups(columns, self._links, none=_NO_URL)
        columns.clear()
        self._links.clear()
        newest, moments = np.full(len(group), -1.0), np.asarray(self._moments)
        self._moments = array("d")
        np.maximum.at(newest, group, moments)
        del moments
        dates = -newest[group]
        del newest
        order = np.lexsort((group, dates))  # which keeps the order of what is equal
        del group, dates
        offsets: Ints = np.asarray(self._offsets)[order]
        self._offsets = array("q")
        return offsets


def groups(
    columns: Sequence[npt.NDArray[np.uint64]], links: Sequence[tuple[int, int]], none: int
) -> Ints:
    """For each row the first of those that it shares a key with, directly or through others.

    `columns` hold keys, `none` where there is none; `links` are further keys of some rows. Most
    rows share none: only those that do are joined.
    """
    linked = np.array([key for _, key in links], np.uint64)
    keys = np.concatenate([*columns, linked])
    keys.sort()
    shared = np.unique(keys[1:][keys[1:] == keys[:-1]])
    shared = shared[shared != none]
    del keys
    group = np.arange(len(columns[0]))
    rows = [np.flatnonzero(np.isin(column, shared)) for column in columns]
    is_shared = np.isin(linked, shared)
    at = np.concatenate([*rows, np.array([row for row, _ in links], np.int64)[is_shared]])
    of = [column[own] for column, own in zip(columns, rows, strict=True)]
    number = np.searchsorted(shared, np.concatenate([*of, linked[is_shared]]))
    while len(at):
        first = np.full(len(shared), len(group))
        np.minimum.at(first, number, group[at])
        joined = group.copy()
        np.minimum.at(joined, at, first[number])
        joined = joined[joined]
        if (joined == group).all():
            break
        group = joined
    return group


def _names(item: Article | Withdrawal) -> Names:
    """The id and the URL by which a store knows what is to be replaced or removed."""
    return Names(item.id, item.url) if isinstance(item, Article) else Names(item.article_id, None)


def _key(kind: str, name: str) -> int:
    """Two names with one key would only keep their order."""
    digest = blake2b(f"{kind} {name}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) or 1


def _line(item: Article | Withdrawal) -> bytes:
    fields = [dumped(item), item.text] if isinstance(item, Article) else asdict(item)
    return f"{json.dumps(fields, ensure_ascii=False)}\n".encode("utf-8", "surrogatepass")
