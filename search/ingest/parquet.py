"""Parquet: one article a row, in batches."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.record import Record, Rejected
from search.ingest.spool import seekable
from search.ingest.stream import refuse_bomb
from search.types import Reject

BATCH_ROWS = 64

_MAGIC = b"PAR1"
_BUFFER_BYTES = 1024 * 1024
_PANDAS_INDEX = "__index_level_"


def claims(file: File, names: Names) -> bool:
    """Whether the content begins as Parquet does."""
    return file.head.startswith(_MAGIC)


def read(file: File, names: Names) -> Iterator[Record | Reject]:
    """The articles in order; a row that cannot be read is a reject."""
    import pyarrow as pa
    from pyarrow import parquet

    with seekable(file) as stream:
        size_bytes = stream.seek(0, io.SEEK_END)
        try:
            # without these two, a column of a whole row group is held in memory
            table = parquet.ParquetFile(stream, pre_buffer=False, buffer_size=_BUFFER_BYTES)
            names.require_text(table.schema_arrow.names)
            batches = table.iter_batches(batch_size=BATCH_ROWS, use_threads=False)
            number = bytes_out = 0
            for batch in batches:
                bytes_out += batch.nbytes
                refuse_bomb(size_bytes, bytes_out)
                for row in _rows(batch):
                    number += 1
                    member = f"row {number:,}"
                    try:
                        yield _record(row, names, member)
                    except Rejected as why:
                        yield file.reject(why, member=member)
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            message = f"damaged, or not Parquet: {' '.join(str(error).split())[:150]}"
            raise Rejected("truncated_archive", message) from error


def _rows(batch: Any) -> Iterator[dict[str, Any] | Rejected]:  # noqa: ANN401  untyped library
    """Every row as Python values; where one of a batch has none, row by row."""
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError, ArithmeticError):
        for i in range(batch.num_rows):
            yield _row(batch.slice(i, 1))


def _row(one: Any) -> dict[str, Any] | Rejected:  # noqa: ANN401  untyped library
    try:
        row: dict[str, Any] = one.to_pylist()[0]
    except (ValueError, OverflowError, ArithmeticError) as error:
        message = f"a value that cannot be read: {' '.join(str(error).split())[:150]}"
        return Rejected("bad_row", message)
    return row


def _record(row: dict[str, Any] | Rejected, names: Names, member: str) -> Record:
    if isinstance(row, Rejected):
        raise row
    values = {
        key: _as_text(value) for key, value in row.items() if not key.startswith(_PANDAS_INDEX)
    }
    return names.record(values, member=member)


def _as_text(value: Any) -> Any:  # noqa: ANN401  any value of any column
    """Columns of bytes hold text more often than not."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected("bad_row", "a column holds bytes that are no text") from error
