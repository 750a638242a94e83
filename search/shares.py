"""Which words of a passage carried its meaning: the exact share of each in one cosine.

Where a model averages its tokens, a passage's vector is a sum over them, and its product with the
query's vector is a sum too: the words' shares, the headline's and the rest's add up to the cosine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.passages import encoded_text
from search.types import Article, Encoder, Passage, Shares, WordShare
from search.words import words_of

if TYPE_CHECKING:
    from search.types import Vector


def shares(article: Article, passage: Passage, query: Vector, encoder: Encoder) -> Shares:
    """How the passage's cosine with `query`, of length 1, is made up; encodes the passage.

    Raises:
        ValueError: the encoder's vectors do not add up.
    """
    text = encoded_text(article, passage)
    title = len(text) - len(passage.text)
    (tokens,) = encoder.token_spans([text])
    (vector,), (parts,) = encoder.encode_parts([text], [tokens])
    cosine, by_token = float(vector @ query), (parts @ query).astype(np.float64)
    words = [match.span() for match in words_of(passage.text)]
    ends = np.array([end for _, end in words], np.int64)
    by_word = np.zeros(len(words))
    in_title = 0.0
    for (start, end), share in zip(tokens, by_token.tolist(), strict=True):
        if end <= title:
            in_title += share
            continue
        place = int(np.searchsorted(ends, start - title, side="right"))
        if place < len(words) and words[place][0] < end - title:
            by_word[place] += share
    return Shares(
        cosine=cosine,
        words=tuple(map(WordShare, words, by_word.tolist())),
        title=in_title,
        rest=cosine - in_title - float(by_word.sum()),
    )
