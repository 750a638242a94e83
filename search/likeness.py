"""The vectors of one article, whether or not its turn to be encoded has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from search.errors import ModelError
from search.passages import encoded_text

if TYPE_CHECKING:
    from search.store import Snapshot
    from search.types import Encoder, Vector, Vectors


def vectors_of(
    article_or_passage_id: str, snapshot: Snapshot, encoder: Callable[[], Encoder]
) -> Vectors:
    """The vectors of an article's passages, or of one passage.

    Those still awaited are made now, and not stored: that is the writer's part.

    Raises:
        ArticleNotFound: nothing has that id.
        ModelError: some are still awaited, and the encoder cannot be loaded.
    """
    refs = np.array(snapshot.refs_of(article_or_passage_id), np.int64)
    vectors, awaits = snapshot.vectors(refs), snapshot.awaits(refs)
    if awaits.any():
        texts = [encoded_text(*found) for found in snapshot.fetch(refs[awaits].tolist())]
        try:
            vectors[awaits] = encoder().encode_passages(texts)
        except ModelError as error:
            msg = f"the vectors of {article_or_passage_id!r} are still being made; {error}"
            raise ModelError(msg) from error
    return vectors


def mean_vector(vectors: Vectors) -> Vector:
    """What they have in common, of length 1 unless they cancel out."""
    mean: Vector = vectors.mean(axis=0)
    length = np.linalg.norm(mean)
    return mean / length if length > 0 else mean
