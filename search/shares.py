"""Which words of a passage carried its meaning: the exact share of each in one cosine.

Where a model averages its tokens, a passage's vector is a sum over them, and its product with the
query's vector is a sum too: the words' shares, the headline's and the rest's add up to the cosine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.passages import encoded_spans, encoded_text
from search.searched_text import searched_text
from search.types import Article, Encoder, Passage, Shares, Span, WordShare
from search.words import words_of

if TYPE_CHECKING:
    from search.types import Vector


def shares(article: Article, passage: Passage, query: Vector, encoder: Encoder) -> Shares:
    """How the passage's cosine with `query`, of length 1, is made up; encodes the passage.

    Raises:
        ValueError: the encoder's vectors do not add up.
    """
    text = encoded_text(article, passage)
    (tokens,) = encoder.token_spans([text])
    (vector,), (parts,) = encoder.encode_parts([text], [tokens])
    cosine, by_token = float(vector @ query), (parts @ query).astype(np.float64)
    words, placed = _words(article, passage)
    ends = np.array([end for _, end in placed], np.int64)
    title = len(text) - len(searched_text(passage))
    by_word = np.zeros(len(words))
    in_title = 0.0
    for (start, end), share in zip(tokens, by_token.tolist(), strict=True):
        if end <= title:
            in_title += share
            continue
        place = int(np.searchsorted(ends, start, side="right"))
        if place < len(placed) and placed[place][0] < end:
            by_word[place] += share
    return Shares(
        cosine=cosine,
        words=tuple(map(WordShare, words, by_word.tolist())),
        title=in_title,
        rest=cosine - in_title - float(by_word.sum()),
    )


def _words(article: Article, passage: Passage) -> tuple[list[Span], list[Span]]:
    """The words that are searched: where they stand in the passage, and in what is encoded."""
    words = [match.span() for match in words_of(passage.text)]
    pairs = zip(words, encoded_spans(article, passage, words), strict=True)
    kept = [(word, placed) for word, placed in pairs if placed is not None]
    return [word for word, _ in kept], [placed for _, placed in kept]
