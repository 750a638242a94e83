"""Milvus Lite: vectors and BM25 by its schema function, fused by reciprocal rank."""

from __future__ import annotations

from pathlib import Path

from systems import Encoder, batches, read_passages

BATCH = 1_000
MAX_CHARS = 65_535
NAME = "passages"


class MilvusLite:
    """One collection."""

    def ready(self, corpus: Path) -> None:
        """Load the model."""
        self._encoder = Encoder(corpus).load()

    def add(self, folder: Path, corpus: Path) -> int:
        """Upsert everything by id."""
        passages, encoder = read_passages(corpus), self._encoder
        client = self._client(folder)
        if not client.has_collection(NAME):
            self._create(client)
        for batch in batches(passages, BATCH):
            vectors = encoder.encode([one.text for one in batch])
            client.upsert(
                NAME,
                [
                    one._asdict() | {"vector": vector.tolist()}
                    for one, vector in zip(batch, vectors, strict=True)
                ],
            )
        client.flush(NAME)
        client.close()
        return len(passages)

    def _client(self, folder: Path):  # noqa: ANN202  a benchmark names no type it would import for
        from pymilvus import MilvusClient

        return MilvusClient(str(folder / "passages.db"))

    def _create(self, client) -> None:  # noqa: ANN001
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=64)
        schema.add_field("article", DataType.VARCHAR, max_length=256)
        schema.add_field("source", DataType.VARCHAR, max_length=64)
        schema.add_field("text", DataType.VARCHAR, max_length=MAX_CHARS, enable_analyzer=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=384)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25",
                function_type=FunctionType.BM25,
                input_field_names=["text"],
                output_field_names=["words"],
            )
        )
        indexes = MilvusClient.prepare_index_params()
        indexes.add_index("vector", index_type="AUTOINDEX", metric_type="COSINE")
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        indexes.add_index("source", index_type="INVERTED")
        client.create_collection(NAME, schema=schema, index_params=indexes)

    def open(self, folder: Path) -> None:
        """Load the collection and the model."""
        self._milvus = self._client(folder)
        self._milvus.load_collection(NAME)
        self._encoder = Encoder()

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """Both ways, each for k."""
        from pymilvus import AnnSearchRequest, RRFRanker

        vector = self._encoder.encode([query])[0].tolist()
        only = None if source is None else f"source == '{source}'"
        asked = [
            AnnSearchRequest([vector], "vector", {"metric_type": "COSINE"}, k, expr=only),
            AnnSearchRequest([query], "words", {"metric_type": "BM25"}, k, expr=only),
        ]
        (found,) = self._milvus.hybrid_search(NAME, asked, RRFRanker(), limit=k)
        return [(one["id"], one["distance"]) for one in found]

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """By its vectors alone."""
        vector, only = self._encoder.encode([query])[0].tolist(), f"source == '{source}'"
        (found,) = self._milvus.search(
            NAME, [vector], anns_field="vector", limit=k, filter=only, output_fields=["id"]
        )
        return [one["id"] for one in found]
