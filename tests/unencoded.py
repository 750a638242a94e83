"""Articles stored as an `add` leaves them that was killed before it encoded them."""

from search import Article, NewsIndex
from search.passages import encoded_text, split_all
from search.store import SplitArticle


def store_unencoded(index: NewsIndex, articles: list[Article]) -> None:
    """Store `articles`, all of them new, their passages without vectors."""
    encoder = index._resources.encoder()
    parts = map(tuple, split_all(articles, encoder.token_spans, room=encoder.max_tokens))
    with index._resources.store_to_write(encoder).writer() as writer:
        writer.upsert([SplitArticle(*pair) for pair in zip(articles, parts, strict=True)])


def encode_awaiting(index: NewsIndex) -> None:
    """Give the passages that await them their vectors, without telling anybody."""
    encoder = index._resources.encoder()
    with index._resources.store().writer() as writer:
        found = [one for one in writer.next_awaiting(0, 1_000) if one is not None]
        texts = [encoded_text(article, passage) for article, passage in found]
        writer.append_vectors(encoder.encode_passages(texts), [])
