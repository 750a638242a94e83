"""How near each sentence of a passage is to a query, from one bit a dimension.

A sentence's direction is that of what its tokens put into the passage's vector
(`Encoder.encode_parts`), so it is read in its context and costs no encoding of its own. Kept is how
it differs from the passage: the signs, and one factor that makes the cosine right on the average
(Gao and Long, "RaBitQ", 2024, without its rotation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.types import Vector, Vectors

    Floats = npt.NDArray[np.float32]


def coded(parts: Vectors, vector: Vector) -> bytes:
    """Codes of a passage's sentences: of each two bytes, then an eighth of a byte a dimension.

    `parts` has a row a sentence, of any length; `vector` is the passage's, of length 1. A sentence
    without tokens counts as near as its passage.
    """
    lengths = np.linalg.norm(parts, axis=1, keepdims=True)
    apart = np.where(lengths > 0, parts / np.maximum(lengths, 1e-12) - vector, 0)
    total = np.abs(apart).sum(axis=1)
    factors = np.where(total > 0, (apart * apart).sum(axis=1) / np.maximum(total, 1e-12), 0)
    codes = np.concatenate(
        [factors.astype("<f2")[:, None].view(np.uint8), np.packbits(apart > 0, axis=1)], axis=1
    )
    return codes.tobytes()


def cosines(codes: bytes, sentences: int, vector: Vector, query: Vector) -> Floats:
    """The cosine of each sentence with the query, roughly; shape (sentences,).

    Raises:
        ValueError: the codes are not of so many sentences in so many dimensions.
    """
    dim = len(vector)
    width = 2 + -(-dim // 8)
    if len(codes) != sentences * width:
        msg = f"{len(codes)} bytes are not the codes of {sentences} sentences in {dim} dimensions"
        raise ValueError(msg)
    rows = np.frombuffer(codes, np.uint8).reshape(sentences, width)
    factors = rows[:, :2].copy().view("<f2")[:, 0].astype(np.float32)
    signs = np.unpackbits(rows[:, 2:], axis=1, count=dim).astype(np.float32) * 2 - 1
    near: Floats = (vector @ query + factors * (signs @ query)).astype(np.float32)
    return near
