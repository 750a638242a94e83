"""LanceDB: vectors and its own full-text index, fused by reciprocal rank."""

from __future__ import annotations

from pathlib import Path

from systems import Encoder, batches, read_passages

INDEXED_FROM = 100_000
"""Below so many rows its documentation has vectors searched one by one."""
BATCH = 8_192


class LanceDb:
    """One table."""

    def ready(self, corpus: Path) -> None:
        """Load the model."""
        self._encoder = Encoder(corpus).load()

    def add(self, folder: Path, corpus: Path) -> int:
        """Merge everything by id into what is there, or into a new table; index it."""
        import lancedb

        passages, encoder = read_passages(corpus), self._encoder
        database, table = lancedb.connect(str(folder)), None
        if "passages" in database.table_names():
            table = database.open_table("passages")
        for batch in batches(passages, BATCH):
            vectors = encoder.encode([one.text for one in batch])
            rows = [
                one._asdict() | {"vector": vector}
                for one, vector in zip(batch, vectors, strict=True)
            ]
            if table is None:
                table = database.create_table("passages", rows)
            else:
                merge = table.merge_insert("id").when_matched_update_all()
                merge.when_not_matched_insert_all().execute(rows)
        assert table is not None
        table.create_fts_index("text", replace=True)
        if len(passages) >= INDEXED_FROM:
            table.create_index(metric="cosine", vector_column_name="vector")
        table.create_scalar_index("source", replace=True)
        table.optimize()
        return len(passages)

    def open(self, folder: Path) -> None:
        """Open the table, load the model."""
        import lancedb

        self._table = lancedb.connect(str(folder)).open_table("passages")
        self._encoder = Encoder()

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """Filters come first, as by default."""
        vector = self._encoder.encode([query])[0]
        asked = self._table.search(query_type="hybrid").vector(vector).text(query).limit(k)
        if source is not None:
            asked = asked.where(f"source = '{source}'")
        return [(row["id"], row["_relevance_score"]) for row in asked.to_list()]

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """By its vectors alone."""
        vector = self._encoder.encode([query])[0]
        asked = self._table.search(vector).distance_type("cosine").limit(k)
        return [row["id"] for row in asked.where(f"source = '{source}'").to_list()]
