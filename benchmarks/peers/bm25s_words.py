"""bm25s: keywords alone, with English stemming and stop words."""

from __future__ import annotations

import json
from pathlib import Path

from systems import read_passages


class Bm25s:
    """A sparse matrix of scores."""

    def ready(self, corpus: Path) -> None:
        """There is no model."""
        import bm25s  # noqa: F401  loaded before the clock starts, as the others' models are

    def add(self, folder: Path, corpus: Path) -> int:
        """Tokenise everything, write the matrix and the passages."""
        import bm25s
        import Stemmer

        passages = read_passages(corpus)
        words = bm25s.tokenize(
            [one.text for one in passages],
            stopwords="en",
            stemmer=Stemmer.Stemmer("english"),
            show_progress=False,
        )
        retriever = bm25s.BM25()
        retriever.index(words, show_progress=False)
        retriever.save(str(folder), show_progress=False)
        with (folder / "passages.json").open("w") as file:
            json.dump(passages, file)
        return len(passages)

    def open(self, folder: Path) -> None:
        """Load the matrix and the passages."""
        import bm25s
        import numpy as np
        import Stemmer

        self._retriever = bm25s.BM25.load(str(folder), show_progress=False)
        self._passages = json.loads((folder / "passages.json").read_text())
        self._outlets = np.array([source for _, _, source, _ in self._passages])
        self._stemmer = Stemmer.Stemmer("english")

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """Scores of every passage, those of other outlets set to nothing."""
        import bm25s
        import numpy as np

        words = bm25s.tokenize([query], stopwords="en", stemmer=self._stemmer, show_progress=False)
        mask = None if source is None else (self._outlets == source).astype(np.float32)
        rows, scores = self._retriever.retrieve(
            words, k=min(k, len(self._passages)), show_progress=False, weight_mask=mask
        )
        return [
            (self._passages[row][0], float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if score > 0
        ]

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """It knows words alone."""
        return []
