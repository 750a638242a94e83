"""The way of tutorials: sentence-transformers, a flat FAISS index, texts in a file beside it."""

from __future__ import annotations

import json
from pathlib import Path

from systems import Encoder, read_passages

WIDER = 10
"""Filters come after the search, over so many times k neighbours."""


class Tutorial:
    """Meaning alone."""

    def ready(self, corpus: Path) -> None:
        """Load the model."""
        self._encoder = Encoder(corpus).load()

    def add(self, folder: Path, corpus: Path) -> int:
        """Encode everything, write two files."""
        import faiss

        passages = read_passages(corpus)
        vectors = self._encoder.encode([one.text for one in passages])
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "index.faiss"))
        with (folder / "passages.json").open("w") as file:
            json.dump(passages, file)
        return len(passages)

    def open(self, folder: Path) -> None:
        """Read both files, load the model."""
        import faiss

        self._index = faiss.read_index(str(folder / "index.faiss"))
        self._passages = json.loads((folder / "passages.json").read_text())
        self._encoder = Encoder()

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """The nearest; with an outlet those of the nearest ten times k that are in it."""
        wanted = k if source is None else WIDER * k
        scores, rows = self._index.search(self._encoder.encode([query]), wanted)
        found = [
            (self._passages[row][0], float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if row >= 0 and (source is None or self._passages[row][2] == source)
        ]
        return found[:k]

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """As it searches."""
        return [one for one, _ in self.search(query, k, source)]
