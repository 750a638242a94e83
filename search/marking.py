"""One article read for a query: how well each of its passages matches, and what to mark in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.evidence import evidence
from search.likeness import mean_vector, vectors_of
from search.sentence_codes import cosines
from search.strength import Asked, band, strengths
from search.types import Encoder, Evidence, Marked, Mode, Query
from search.words import significant

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store import Snapshot
    from search.types import Passage, Vector

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]


def marked(
    article_id: str,
    query: Query,
    mode: Mode,
    snapshot: Snapshot,
    encoder: Callable[[], Encoder],
    like: str | None = None,
) -> tuple[Marked, ...]:
    """Every passage of the article in reading order; see `NewsIndex.marked`."""
    passages = snapshot.passages(article_id)
    if not passages or not (query.words or like):
        return tuple(Marked(passage) for passage in passages)
    refs = np.array(snapshot.refs_of(article_id), np.int64)
    vector = _vector(query, mode, like, snapshot, encoder)
    numbers = _strengths(refs, query, mode, vector, snapshot)
    bands = [band(number) for number in numbers.tolist()]
    near = near_sentences(passages, refs, vector, snapshot)
    unknown = [one == "weak" and has is None for one, has in zip(bands, near, strict=True)]
    for place in np.flatnonzero(unknown):  # else its sentences would be encoded, of all passages
        near[place] = np.zeros(max(1, len(passages[place].sentences)), np.float32)
    marks = evidence(
        passages,
        words=query.words,
        stem=snapshot.stem,
        rarity=snapshot.rarity,
        near=near,
        query=vector,
        encode=lambda sentences: encoder().encode_passages(sentences),
    )
    return tuple(
        Marked(passage, Evidence() if is_unknown and not mark.words else mark, strength)
        for passage, mark, strength, is_unknown in zip(passages, marks, bands, unknown, strict=True)
    )


def near_sentences(
    passages: Sequence[Passage], refs: Ints, query: Vector | None, snapshot: Snapshot
) -> list[Floats | None]:
    """The cosines of each passage's sentences, where their codes are kept."""
    if query is None:
        return [None] * len(passages)
    vectors, codes = snapshot.vectors(refs), snapshot.sentence_codes(refs.tolist())
    return [
        None
        if code is None or not passage.sentences
        else cosines(code, len(passage.sentences), vector, query)
        for passage, vector, code in zip(passages, vectors, codes, strict=True)
    ]


def _vector(
    query: Query,
    mode: Mode,
    like: str | None,
    snapshot: Snapshot,
    encoder: Callable[[], Encoder],
) -> Vector | None:
    """What meaning is compared with; None where it is not."""
    if like is not None:
        return mean_vector(vectors_of(like, snapshot, encoder))
    return None if mode == "keyword" else encoder().encode_query(query.words)


def _strengths(
    refs: Ints, query: Query, mode: Mode, vector: Vector | None, snapshot: Snapshot
) -> Floats:
    """How well each passage matches, on the scale of hits."""
    words = significant(query.words)
    asked, held = None, np.zeros(len(refs), np.float32)
    if words and mode != "semantic":
        asked = Asked.of(words)
        held = snapshot.share_held(" ".join(words), refs)
    cosine = None
    if vector is not None:
        cosine = np.where(snapshot.awaits(refs), np.nan, snapshot.vectors(refs) @ vector)
    return strengths(asked, held, cosine, vector, snapshot.background())
