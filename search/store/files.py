"""The files of one folder of an index, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search.errors import StoreError
from search.store import layout
from search.store.database import Database, check_format
from search.store.keywords import Keywords, folder_name
from search.store.rowfile import RowFile


@dataclass(frozen=True, slots=True)
class Files:
    """Database, rows and keywords; files of codes are found in `folder`.

    `identity` tells the folder from another one that is put in its place under its name.
    """

    folder: Path
    identity: layout.Identity
    database: Database
    vectors: RowFile
    owners: RowFile
    keywords: Keywords

    @classmethod
    def open(cls, folder: Path) -> Files:
        """Open what is there.

        Raises:
            IndexRefused, IndexDamaged: its format is not ours, or it cannot be read.
        """
        identity = layout.identity(folder)  # before it is read: what is read is no older
        database = Database(folder / "meta.db")
        try:
            with database.reading() as reading:
                check_format(reading.format(), folder)
                state = reading.state()
        except BaseException:
            database.close()
            raise
        return cls._of(folder, identity, database, state.dim)

    @classmethod
    def create(
        cls, folder: Path, *, model: str, fingerprint: str, dim: int, passage_tokens: int
    ) -> Files:
        """Make them, with nothing in them, in an empty folder."""
        database = Database.create(
            folder / "meta.db",
            model=model,
            fingerprint=fingerprint,
            dim=dim,
            passage_tokens=passage_tokens,
        )
        files = cls._of(folder, layout.identity(folder), database, dim)
        files.vectors.create()
        files.owners.create()
        files.keywords.create()
        return files

    @classmethod
    def of_live_folder(cls, root: Path) -> Files:
        """Open the live folder of the index at `root`; raises as `open` and `live_folder` do."""
        while True:
            folder = layout.live_folder(root)
            try:
                return cls.open(folder)
            except StoreError:
                if layout.live_folder(root) == folder:
                    raise  # else a compaction took the folder away just now

    @classmethod
    def _of(cls, folder: Path, identity: layout.Identity, database: Database, dim: int) -> Files:
        return cls(
            folder,
            identity,
            database,
            RowFile(folder / "vectors.f16", "<f2", dim),
            RowFile(folder / "owners.u32", "<u4", 1),
            Keywords(folder / folder_name()),
        )

    def are_live(self, root: Path) -> bool:
        """Whether they are what the index at `root` is now: no compaction, nobody else's copy.

        Raises:
            IndexNotFound, IndexDamaged: there is none now.
        """
        folder = layout.live_folder(root)
        return folder == self.folder and layout.identity(folder) == self.identity

    def close(self) -> None:
        """Close what is open; a connection in use when it is given back."""
        self.keywords.close()
        self.database.close()
