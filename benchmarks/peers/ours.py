"""news-search itself, which is given articles and cuts them into passages on its way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search import NewsIndex
    from search.types import Mode

DEEP = 1_000
MANY = 100
"""So many texts make the encoder ready for passages, as one makes those of the others."""


class Ours:
    """One mode of searching; adding is the same for all."""

    mode: Mode = "hybrid"

    def ready(self, corpus: Path) -> None:
        """Load the model."""
        from search.encoder import load_encoder

        self._encoder = load_encoder()
        self._encoder.encode_passages(["A sentence."] * MANY)

    def add(self, folder: Path, corpus: Path) -> int:
        """Add the articles."""
        from search import NewsIndex

        with NewsIndex.open(folder, encoder=self._encoder) as index:
            index.add(corpus / "articles.jsonl")
            return index.stats().passages

    def open(self, folder: Path) -> None:
        """Open, with the encoder."""
        from search import NewsIndex

        self._index: NewsIndex = NewsIndex.open(folder)
        self._index.warm()

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """As the command does: counts, evidence and strength included."""
        from search.evaluate import literal

        found = self._index.search(
            literal(query), k=k, mode=self.mode, source=source or (), group="none"
        )
        return [(hit.passage.id, hit.score) for hit in found.hits]

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """The nearest of the first thousand hits by meaning: hits begin with two an article."""
        from search.evaluate import literal

        found = self._index.search(
            literal(query),
            k=DEEP,
            mode="semantic",
            source=source,
            group="none",
            with_facets=False,
            with_evidence=False,
        )
        nearest = sorted(found.hits, key=lambda hit: -(hit.why.cosine or 0))
        return [hit.passage.id for hit in nearest[:k]]


class OursSemantic(Ours):
    """Meaning alone."""

    mode = "semantic"


class OursKeyword(Ours):
    """Keywords alone."""

    mode = "keyword"
