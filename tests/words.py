"""A small deterministic encoder for tests: texts that share words are close."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from search.types import Span, Vector, Vectors

_WORD = re.compile(r"\w+|[^\w\s]")


class WordEncoder:
    """Counts words in `dim` buckets chosen by BLAKE2b; a token is a word or a sign.

    Two texts of the same words, in any order and case, have the same vector (cosine 1); texts
    without a common word are near 0. The text without words is the first unit vector.
    """

    name = "words"
    max_tokens = 254

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim
        self.fingerprint = f"words-{dim}"

    def token_spans(self, texts: Sequence[str], /) -> list[list[Span]]:
        return [[match.span() for match in _WORD.finditer(text)] for text in texts]

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        vectors = self._counts(texts)
        vectors[~vectors.any(axis=1), 0] = 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def _counts(self, texts: Sequence[str]) -> Vectors:
        counts = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
                counts[row, int.from_bytes(digest) % self.dim] += 1
        return counts

    adds_up = True

    def encode_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], /
    ) -> tuple[Vectors, list[Vectors]]:
        vectors, parts = self.encode_passages(texts), []
        for text, own in zip(texts, spans, strict=True):
            counts = self._counts([text[start:end] for start, end in own])
            parts.append(counts / max(np.linalg.norm(self._counts([text])), 1))
        return vectors, parts

    def encode_query(self, text: str, /) -> Vector:
        vector: Vector = self.encode_passages([text])[0]
        return vector

    def encode_queries(self, texts: Sequence[str], /) -> Vectors:
        return self.encode_passages(texts)
