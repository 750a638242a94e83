"""txtai with content and hybrid search, as its documentation recommends for both."""

from __future__ import annotations

from pathlib import Path

from systems import Encoder, model_folder, read_passages

_OF_OUTLET = "select id, score from txtai where similar(:query) and source = :source"


class Txtai:
    """FAISS, its own BM25, SQLite."""

    def ready(self, corpus: Path) -> None:
        """Load the model."""
        self._adding = self._embeddings(Encoder(corpus))

    def add(self, folder: Path, corpus: Path) -> int:
        """Upsert everything into what is there, or into a new index, and save."""
        passages = read_passages(corpus)
        embeddings = self._adding
        rows = ((one.id, {"text": one.text, "source": one.source}, None) for one in passages)
        if (folder / "config.json").exists() or (folder / "config").exists():
            embeddings.load(str(folder))
            embeddings.upsert(rows)
        else:
            embeddings.index(rows)
        embeddings.save(str(folder))
        return len(passages)

    def _embeddings(self, encoder: Encoder):  # noqa: ANN202  txtai has no types
        from txtai import Embeddings

        embeddings = Embeddings(path=str(model_folder()), content=True, hybrid=True)
        if encoder.is_given:
            embeddings.model.encode = lambda texts, category=None: encoder.encode(texts)
        return embeddings

    def open(self, folder: Path) -> None:
        """Load everything."""
        self._index = self._embeddings(Encoder())
        self._index.load(str(folder))

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """By its SQL where there is an outlet."""
        if source is None:
            found = self._index.search(query, k)
        else:
            given = {"query": query, "source": source}
            found = self._index.search(_OF_OUTLET, k, parameters=given)
        return [(one["id"], one["score"]) for one in found]

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """By the same SQL, meaning weighing everything."""
        given = {"query": query, "source": source}
        found = self._index.search(_OF_OUTLET, k, weights=1.0, parameters=given)
        return [one["id"] for one in found]
