"""A file of equal rows that only grows: row number = slot. The database says how many count."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from search.errors import IndexDamaged, StoreError

if TYPE_CHECKING:
    import numpy.typing as npt


class RowFile:
    """Rows of `width` numbers of one dtype."""

    def __init__(self, path: Path, dtype: str, width: int) -> None:
        self.path, self.dtype, self.width = path, np.dtype(dtype), width
        self.row_bytes = self.dtype.itemsize * width

    def create(self) -> None:
        """Make the file, empty, and make its name durable."""
        self.path.touch(exist_ok=False)
        sync_folder(self.path.parent)

    def write(self, first_row: int, rows: npt.NDArray[Any]) -> None:
        """Put `rows` at `first_row`, drop whatever stood beyond, and wait for the disk.

        Rows beyond the committed count are leftovers of a write that never committed.

        Raises:
            StoreError: the disk does not take them.
        """
        try:
            with self.path.open("r+b") as file:
                file.truncate(first_row * self.row_bytes)
                file.seek(first_row * self.row_bytes)
                file.write(np.ascontiguousarray(rows, dtype=self.dtype).tobytes())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            msg = f"{self.path} cannot be written: {error.strerror}; the last commit is intact"
            raise StoreError(msg) from error

    def replace(self, rows: npt.NDArray[Any]) -> None:
        """Put a file of these rows in place; whoever has the old one mapped keeps it.

        Raises:
            StoreError: the disk does not take them.
        """
        path = self.path.with_name(self.path.name + ".unfinished")
        path.touch()
        RowFile(path, self.dtype.str, self.width).write(0, rows)
        path.replace(self.path)
        sync_folder(self.path.parent)

    def view(self, rows: int) -> npt.NDArray[Any]:
        """The first `rows` rows, mapped; shape (rows, width).

        Raises:
            IndexDamaged: the file is shorter than that.
        """
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            size = 0
        if size < rows * self.row_bytes:
            msg = (
                f"{self.path} is damaged: {size} bytes where {rows * self.row_bytes} were "
                "committed; restore it from a backup or add the articles to a new index"
            )
            raise IndexDamaged(msg)
        if rows == 0:
            return np.empty((0, self.width), self.dtype)
        try:
            return np.memmap(self.path, self.dtype, "r", shape=(rows, self.width))
        except OSError as error:
            msg = f"{self.path} cannot be read: {error.strerror}"
            raise IndexDamaged(msg) from error


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
