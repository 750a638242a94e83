"""The model's own tokenizer: spans for packing, ids for encoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from tokenizers import Tokenizer

from search.types import Span

_LONG_TEXT_CHARS = 200_000


class Tokens:
    """Reads `tokenizer.json`. Safe in several threads: no state changes after loading."""

    def __init__(self, path: Path, max_tokens: int) -> None:
        self._path = path
        self._max_tokens = max_tokens
        self._cutting = Tokenizer.from_file(str(path))
        self._cutting.no_padding()
        self._cutting.enable_truncation(max_tokens)
        self._special = self._cutting.num_special_tokens_to_add(is_pair=False)

    @cached_property
    def _whole(self) -> Tokenizer:
        """Without truncation. Apart, because to change the setting would not be thread-safe."""
        tokenizer = Tokenizer.from_file(str(self._path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def ids_and_spans(self, texts: Sequence[str]) -> tuple[list[list[int]], list[list[Span]]]:
        """Token ids as `ids` gives them, and where each stands; specials stand nowhere, (0, 0)."""
        encodings = self._cutting.encode_batch(list(texts))
        return [one.ids for one in encodings], [one.offsets for one in encodings]

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids with specials, cut at the model's maximum."""
        return [encoding.ids for encoding in self._cutting.encode_batch_fast(list(texts))]

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """For each text, the spans of its tokens in code points, in order, specials left out.

        A long text is read paragraph by paragraph, which keeps memory flat.
        """
        parts = [
            (number, start, part)
            for number, text in enumerate(texts)
            for start, part in _parts(text)
        ]
        encodings = self._whole.encode_batch(
            [part for _, _, part in parts], add_special_tokens=False
        )
        spans: list[list[Span]] = [[] for _ in texts]
        for (number, start, _), encoding in zip(parts, encodings, strict=True):
            offsets = encoding.offsets
            if start:
                offsets = [(left + start, right + start) for left, right in offsets]
            spans[number] += offsets
        return spans

    def room(self, prompt: str) -> int:
        """How many tokens a text may have so that nothing of it is cut: specials and prompt off."""
        prompted = self._whole.encode(prompt, add_special_tokens=False)
        return self._max_tokens - self._special - len(prompted.ids)


def does_not_add_up(name: str) -> ValueError:
    """What `encode_parts` raises for a model that does not average its tokens."""
    return ValueError(f"{name}: its vectors are not sums of what each token puts in")


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text in parts of about 200,000 characters that begin with a paragraph."""
    start = 0
    while len(text) - start > _LONG_TEXT_CHARS:
        end = text.find("\n\n", start + _LONG_TEXT_CHARS) + 2
        if end == 1:
            break
        yield start, text[start:end]
        start = end
    yield start, text[start:] if start else text
