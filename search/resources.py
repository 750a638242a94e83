"""What an index works with: its store and its models, each loaded when it is first needed."""

from __future__ import annotations

import threading
from pathlib import Path

from search.encoder import load_encoder, load_reranker
from search.errors import IndexRefused
from search.passages import MAX_TOKENS
from search.store import LocalStore
from search.types import Encoder, Reranker

_NEEDED = sorted(name for name in vars(Encoder) if not name.startswith("_"))


class Resources:
    """The store and the models of one index. Safe to share between threads."""

    def __init__(
        self,
        path: Path,
        model: str | None,
        encoder: Encoder | None,
        reranker: str | Reranker | None,
    ) -> None:
        """`model` and `reranker` are names or folders; `encoder` is used instead of loading one."""
        if encoder is not None:
            _check(encoder)
        self._path = path
        self._model, self._encoder, self._reranker = model, encoder, reranker
        self._store: LocalStore | None = None
        self._opening, self._loading = threading.Lock(), threading.Lock()
        self._loading_reranker = threading.Lock()

    @property
    def reranks(self) -> bool:
        """Whether a reranker was asked for."""
        return self._reranker is not None

    def store(self) -> LocalStore:
        """The index's store.

        Raises:
            IndexNotFound: there is none.
            IndexRefused: it was made with another model or format.
            IndexDamaged: its files cannot be used.
        """
        with self._opening:
            if self._store is None:
                store = LocalStore(self._path)
                self._check_model(store, self._encoder)
                self._store = store
            return self._store

    def store_to_write(self, encoder: Encoder) -> LocalStore:
        """The same; made where there is none."""
        with self._opening:
            if self._store is None:
                store = LocalStore.create(
                    self._path,
                    model=self._model_to_record(encoder),
                    fingerprint=encoder.fingerprint,
                    dim=encoder.dim,
                    passage_tokens=MAX_TOKENS,
                )
                self._check_model(store, encoder)
                self._store = store
            return self._store

    def encoder(self) -> Encoder:
        """The encoder that the index was made with, or is to be made with."""
        # A lock of its own: keywords are searched while a model is still loading.
        with self._loading:
            if self._encoder is None:
                store = self._store
                name = store.state().model if self._model is None and store else self._model
                encoder = load_encoder(name)
                self._check_model(store, encoder)
                self._encoder = encoder
            return self._encoder

    def reranker(self) -> Reranker | None:
        """The reranker, where one was asked for."""
        with self._loading_reranker:
            if isinstance(self._reranker, str):
                self._reranker = load_reranker(self._reranker)
            return self._reranker

    def _model_to_record(self, encoder: Encoder) -> str:
        """What loads this encoder again: a folder by its whole path."""
        if self._model is not None and Path(self._model).is_dir():
            return str(Path(self._model).resolve())
        return encoder.name

    def _check_model(self, store: LocalStore | None, encoder: Encoder | None) -> None:
        if store is None or encoder is None:
            return
        state = store.state()
        if state.fingerprint != encoder.fingerprint:
            msg = (
                f"{self._path} was made with the model {state.model!r}, whose vectors are not "
                f"those of {encoder.name!r}; open it with the model it was made with, or add the "
                "articles to a new index"
            )
            raise IndexRefused(msg)

    def close(self) -> None:
        """Close every file."""
        if self._store is not None:
            self._store.close()
            self._store = None


def _check(encoder: Encoder) -> None:
    """Raise TypeError where an encoder lacks what is asked of it, perhaps only after hours."""
    missing = [name for name in _NEEDED if not hasattr(encoder, name)]
    if missing:
        msg = f"{type(encoder).__name__} is no Encoder: it has no {', '.join(missing)}"
        raise TypeError(msg)
