"""Is a deleted article gone from the disk? Every file is searched for the bytes of its text."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from search.types import Article, Erasure

if TYPE_CHECKING:
    from search.store.files import Files
    from search.store.reading import Reading

_PIECE_CHARS = 32
"""Short, because SQLite cuts a long text at the ends of its pages."""
_FEWEST_CHARS = 8


def text_pieces(articles: Iterable[Article]) -> list[str]:
    """Titles and texts cut into pieces that follow one another, the last one as long; each once.

    Of a title that is stored with escapes, the stored form; of a text, the lines that no text
    before it has, since versions of an article share most. Texts under 8 characters are left out:
    they stand in files by chance.
    """
    found: dict[str, None] = {}
    known = set[str]()
    for article in articles:
        stored_title = json.dumps(article.title or "", ensure_ascii=False)[1:-1]
        lines = article.text.split("\n")
        blocks = ["\n".join(block) for old, block in groupby(lines, known.__contains__) if not old]
        known.update(lines)
        for text in (stored_title, *blocks):
            starts = [*range(0, len(text) - _PIECE_CHARS, _PIECE_CHARS), len(text) - _PIECE_CHARS]
            for start in starts:
                piece = text[max(0, start) :][:_PIECE_CHARS]
                if len(piece.strip()) >= _FEWEST_CHARS:
                    found[piece] = None
    return list(found)


def searched(
    root: Path, reading: Reading, files: Files, pieces: Sequence[str], vectors: Sequence[bytes]
) -> Erasure:
    """The pieces and vectors searched for in all files of the index at `root`.

    A piece that a live article holds too (a copy from the same agency, say) is no trace of another.
    In the file of vectors, where after a compaction every row is live, neither is a whole row.
    """
    paths = [path for path in sorted(root.rglob("*")) if path.is_file() and path.stat().st_size]
    texts = {piece.encode("utf-8", "surrogatepass"): piece for piece in pieces}
    traces, shared = list[str](), set[str]()
    for path in paths:
        for at, found in _found(path, texts):
            piece = texts[found]
            if piece in shared or reading.holds_text(piece):
                shared.add(piece)
            else:
                traces.append(f"{path} holds {piece!r} at byte {at}")
        is_vectors = path == files.vectors.path
        for at, _ in _found(path, vectors):
            if not (is_vectors and at % files.vectors.row_bytes == 0):  # there all rows are live
                traces.append(f"{path} holds a vector at byte {at}")
    held = files.keywords.reader().passages
    live = reading.state().passages
    if held != live:
        traces.append(f"{files.keywords.folder} holds {held} passages where {live} are live")
    return Erasure(
        articles=0,
        pieces=len(pieces) + len(vectors),
        shared=len(shared),
        files=len(paths),
        bytes=sum(path.stat().st_size for path in paths),
        traces=tuple(traces),
    )


def _found(path: Path, wanted: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Where each first stands in the file; those that are not there are left out."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for piece in wanted:
            at = content.find(piece)
            if at >= 0:
                yield at, piece
