"""The encoder for every day: OpenVINO and tokenizers, without torch."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal

import numpy as np
import openvino

from search.encoder.cache import GRAPH, TOKENIZER, Converted
from search.encoder.tokens import Tokens, does_not_add_up
from search.errors import ModelError
from search.types import Span

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.types import Vector, Vectors

    Inputs = dict[str, npt.NDArray[np.int64]]

_BATCH_TOKENS = 1_536
"""What passes between two layers for so many tokens, those of eight passages of common length, is
still in a core's cache. 16 of them are 3 per cent slower, 32 and 2 are 4."""
_FEW = 32
"""So many texts, of an article or a page of hits, are encoded while many others are."""
_PAD_TO = 16
"""Lengths are multiples of this. A new shape is prepared for longer than a query is encoded (3.9 ms
a query where each length was a shape, now 2.8), and a text has the same sums in the same order
whatever stands beside it, so that copies have one vector."""
_MOST_FOR_ONE = 4
"""More cores have nothing to do for the few tokens of a query."""
_WAITING = 2
"""Batches a core: one is encoded, the next is ready when that is done."""


class _Compiled:
    """The graph ready to run, and the requests to it that nobody uses now.

    Not an AsyncInferQueue: its callbacks take the GIL in threads of OpenVINO's, which aborted one
    process in three that ended soon after.
    """

    def __init__(self, model: openvino.CompiledModel) -> None:
        self._model = model
        self.at_once = int(model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._idle: list[openvino.InferRequest] = []

    @contextmanager
    def requests(self, number: int | None = None) -> Iterator[list[openvino.InferRequest]]:
        """So many, or as many as keep it busy; made where more are in use than ever before."""
        taken = []
        for _ in range(number or _WAITING * self.at_once):
            try:
                taken.append(self._idle.pop())
            except IndexError:
                taken.append(self._model.create_infer_request())
        try:
            yield list(taken)
        finally:
            self._idle += taken


class OpenVinoEncoder:
    """A converted model. Every method may be called from several threads at once."""

    def __init__(self, entry: Path, name: str, converted: Converted) -> None:
        self.name = name
        self.fingerprint = converted.fingerprint
        self.dim = converted.dim
        self.adds_up = converted.adds_up
        self._converted = converted
        self._tokens = Tokens(entry / TOKENIZER, converted.max_tokens)
        self._core = openvino.Core()
        self._graph = entry / GRAPH
        self._for_few = self._compile("LATENCY")
        self._many = Lock()

    @cached_property
    def _for_many(self) -> _Compiled:
        """Made by who holds `_many`, when many texts are first encoded: searching needs none."""
        return self._compile("THROUGHPUT")

    @cached_property
    def max_tokens(self) -> int:
        """The longest input the model reads, without its special tokens and its prompt."""
        return self._tokens.room(self._converted.passage_prompt)

    def token_spans(self, texts: Sequence[str], /) -> list[list[Span]]:
        """For each text, the spans of its tokens in code points, in order, specials left out."""
        return self._tokens.spans(texts)

    def encode_query(self, text: str, /) -> Vector:
        """One vector, with the model's prompt for queries; text over the maximum is cut."""
        inputs = self._inputs(self._tokens.ids([self._converted.query_prompt + text]))
        with self._for_few.requests(1) as (request,):
            request.infer(inputs)
            vector: Vector = request.get_output_tensor(0).data[0].copy()
        return vector

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, with the model's prompt for passages; long texts are cut."""
        return self._vectors(self._converted.passage_prompt, texts)

    def encode_queries(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, with the model's prompt for queries; long texts are cut."""
        return self._vectors(self._converted.query_prompt, texts)

    def _vectors(self, prompt: str, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)

        def take(request: openvino.InferRequest, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data

        self._run(self._tokens.ids([prompt + text for text in texts]), take)
        return vectors

    def encode_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], /
    ) -> tuple[Vectors, list[Vectors]]:
        """The rows of `encode_passages`, and what each span puts into its row: see `Encoder`."""
        if not self.adds_up:
            raise does_not_add_up(self.name)
        prompt = self._converted.passage_prompt
        ids, places = self._tokens.ids_and_spans([prompt + text for text in texts])
        vectors = np.empty((len(texts), self.dim), np.float32)
        parts: list[Vectors] = [np.empty((0, self.dim), np.float32)] * len(texts)

        def take(request: openvino.InferRequest, rows: list[int]) -> None:
            vectors[rows] = request.get_output_tensor(0).data
            for row, tokens in zip(rows, request.get_output_tensor(1).data, strict=True):
                owners = _owners(places[row], spans[row], len(prompt))
                parts[row] = _sums(tokens[: len(ids[row])], owners, len(spans[row]))

        self._run(ids, take)
        return vectors, parts

    def _run(
        self, ids: list[list[int]], take: Callable[[openvino.InferRequest, list[int]], None]
    ) -> None:
        """Give rows of token ids to the model; `take` gets what it made of each batch of them.

        A few do not wait until the many are done that somebody else has encoded: both graphs make
        the same of a text, to the bit.
        """
        if len(ids) <= _FEW:
            with self._for_few.requests(1) as (request,):
                for rows, inputs in self._batches(ids, 1):
                    request.infer(inputs)
                    take(request, rows)
        else:
            self._run_many(ids, take)

    def _run_many(
        self, ids: list[list[int]], take: Callable[[openvino.InferRequest, list[int]], None]
    ) -> None:
        running: deque[tuple[openvino.InferRequest, list[int]]] = deque()

        def finish_oldest() -> openvino.InferRequest:
            request, rows = running.popleft()
            request.wait()
            take(request, rows)
            return request

        with self._many, self._for_many.requests() as idle:
            try:
                for rows, inputs in self._batches(ids, self._for_many.at_once):
                    request = idle.pop() if idle else finish_oldest()
                    request.start_async(inputs)
                    running.append((request, rows))
            finally:
                while running:
                    finish_oldest()

    def _batches(self, ids: list[list[int]], at_once: int) -> Iterator[tuple[list[int], Inputs]]:
        """Rows of similar length together, the longest first, in at least `at_once` batches."""
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
        most, first = -(-len(order) // at_once), 0
        while first < len(order):
            size = min(most, _BATCH_TOKENS // self._padded(len(ids[order[first]])))
            rows = order[first : first + max(1, size)]
            first += len(rows)
            yield rows, self._inputs([ids[row] for row in rows])

    def _inputs(self, ids: list[list[int]]) -> Inputs:
        """The graph's inputs, every row padded on the right to the longest, or a little more."""
        shape = len(ids), max(self._padded(len(row)) for row in ids)
        arrays: Inputs = {
            "input_ids": np.full(shape, self._converted.pad_id, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.zeros(shape, np.int64),
        }
        for row, tokens in enumerate(ids):
            arrays["input_ids"][row, : len(tokens)] = tokens
            arrays["attention_mask"][row, : len(tokens)] = 1
        return {name: arrays[name] for name in self._converted.inputs}

    def _padded(self, tokens: int) -> int:
        """The length of a row that holds so many tokens."""
        return min(-(-max(1, tokens) // _PAD_TO) * _PAD_TO, self._converted.max_tokens)

    def _compile(self, aim: Literal["LATENCY", "THROUGHPUT"]) -> _Compiled:
        """For one text on several cores, or for many with a core for each batch.

        A query on two takes 2.0 ms for 3.1, though its keywords are looked up meanwhile.
        """
        settings: dict[str, str | int] = {
            "PERFORMANCE_HINT": aim,
            "INFERENCE_PRECISION_HINT": self._precision,
        }
        if aim == "LATENCY":
            settings["INFERENCE_NUM_THREADS"] = min(_MOST_FOR_ONE, os.cpu_count() or 1)
        try:
            # Read each time: a graph that is kept keeps its weights in memory too, a second time.
            return _Compiled(
                self._core.compile_model(self._core.read_model(self._graph), "CPU", settings)
            )
        except RuntimeError as error:
            raise ModelError(f"{self._graph}: OpenVINO cannot load it: {error}") from error

    @cached_property
    def _precision(self) -> str:
        """bf16 where the processor computes in it: faster; tests hold it to cosine 0.999.

        Said outright, since elsewhere OpenVINO may choose f16, which is very slow on x86.
        """
        native = "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        return "bf16" if native else "f32"


def _owners(tokens: Sequence[Span], spans: Sequence[Span], offset: int) -> npt.NDArray[np.int64]:
    """The number of the span that each token lies in; len(spans) where it lies in none.

    So does a token of no characters, or over the edge of a span. Spans begin at `offset`.
    """
    places = np.array(tokens, np.int64).reshape(-1, 2) - offset
    if not spans:
        return np.zeros(len(places), np.int64)
    edges = np.array(spans, np.int64)
    owner = np.searchsorted(edges[:, 0], places[:, 0], side="right") - 1
    is_in = (
        (owner >= 0)
        & (places[:, 0] < places[:, 1])
        & (places[:, 0] >= 0)
        & (places[:, 1] <= edges[owner, 1])
    )
    return np.where(is_in, owner, len(spans))


def _sums(tokens: Vectors, owners: npt.NDArray[np.int64], spans: int) -> Vectors:
    """What the tokens of each span put into the vector, which is their sum at length 1.

    Not a product with a matrix of who is where: BLAS then keeps every core busy waiting between
    one small product and the next, which took a fifth of encoding.
    """
    runs = np.flatnonzero(np.diff(owners, prepend=-1))
    sums: Vectors = np.zeros((spans + 1, tokens.shape[1]), np.float32)
    np.add.at(sums, owners[runs], np.add.reduceat(tokens, runs, axis=0))
    return sums[:spans] / np.linalg.norm(sums.sum(axis=0))
