"""Semantic search over a news archive: articles in, ranked passages with their sources out."""
