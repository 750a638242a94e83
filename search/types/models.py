"""What is asked of models, and the vectors that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from search.types.articles import Span

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    """float32, shape (n, dim), rows of length 1."""
    Vector = npt.NDArray[np.float32]
    """float32, shape (dim,), length 1."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a query's words stands in passages and their articles; rows parallel to the passages.

    `holds` (n, words) and `together` (n, pairs) are masks: which word stands in the passage or its
    title, and which two words that are neighbours in the query stand there in that order with at
    most one other between. `idf` and `pair_idf` are their inverse document frequencies, of a pair
    the mean. `lead_bm25` is BM25 of the first passage of the article, `passages` how many it has;
    `mean_passages` that of all articles.
    """

    holds: npt.NDArray[np.bool_]
    idf: npt.NDArray[np.float32]
    together: npt.NDArray[np.bool_]
    pair_idf: npt.NDArray[np.float32]
    lead_bm25: npt.NDArray[np.float32]
    passages: npt.NDArray[np.int64]
    mean_passages: float


class Encoder(Protocol):
    """Text to vectors."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    @property
    def fingerprint(self) -> str:
        """Equal only for encoders whose vectors may stand in one index."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The longest input the model reads, without its special tokens."""

    def token_spans(self, texts: Sequence[str], /) -> list[list[Span]]:
        """For each text, the spans of its tokens in code points, in order, specials left out."""

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, as the model wants passages to be prompted."""

    @property
    def adds_up(self) -> bool:
        """Whether a vector is the sum of what each token puts in: where tokens are averaged."""

    def encode_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], /
    ) -> tuple[Vectors, list[Vectors]]:
        """The rows of `encode_passages`, and what each span of a text puts into its row.

        `spans` are code points of each text, in order, without overlap. For each text one row a
        span: the sum of its tokens' parts, so that the spans and what lies outside them, special
        tokens too, add up to the text's vector.

        Raises:
            ValueError: the model's vectors do not add up.
        """

    def encode_query(self, text: str, /) -> Vector:
        """One vector, as the model wants queries to be prompted."""

    def encode_queries(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, what `encode_query` gives for each up to rounding."""


class Reranker(Protocol):
    """Scores of texts for a query, each read together with it: a cross-encoder."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    def scores(self, query: str, texts: Sequence[str], /) -> npt.NDArray[np.float32]:
        """One finite score a text, in order; higher is better, and only the order counts."""
