"""The encoder for every day: OpenVINO and tokenizers, without torch."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import openvino

from search.encoder.cache import GRAPH, TOKENIZER, Converted
from search.encoder.tokens import Tokens
from search.errors import ModelError
from search.types import Span

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.types import Vector, Vectors

    Inputs = dict[str, npt.NDArray[np.int64]]

_BATCH = 16
_PAD_TO = 16
"""Lengths are multiples of this: fewer shapes to prepare, and the same sums in
the same order for a text whatever stands beside it, so that copies have one vector."""


class OpenVinoEncoder:
    """A converted model. Every method may be called from several threads at once."""

    def __init__(self, entry: Path, name: str, converted: Converted) -> None:
        self.name = name
        self.fingerprint = converted.fingerprint
        self.dim = converted.dim
        self._converted = converted
        self._tokens = Tokens(entry / TOKENIZER, converted.max_tokens)
        self._core = openvino.Core()
        self._graph = entry / GRAPH
        self._compiled = self._compile()
        self._at_once = int(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
        self._idle: list[openvino.InferRequest] = []
        self._many = Lock()

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
        with self._requests(1) as (request,):
            request.infer(inputs)
            vector: Vector = request.get_output_tensor(0).data[0].copy()
        return vector

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, with the model's prompt for passages; long texts are cut."""
        vectors = np.empty((len(texts), self.dim), np.float32)
        running: deque[tuple[openvino.InferRequest, list[int]]] = deque()

        def finish_oldest() -> openvino.InferRequest:
            request, rows = running.popleft()
            request.wait()
            vectors[rows] = request.get_output_tensor(0).data
            return request

        with self._many, self._requests(self._at_once) as idle:
            try:
                for rows, inputs in self._batches(texts):
                    request = idle.pop() if idle else finish_oldest()
                    request.start_async(inputs)
                    running.append((request, rows))
            finally:
                while running:
                    finish_oldest()
        return vectors

    @contextmanager
    def _requests(self, number: int) -> Iterator[list[openvino.InferRequest]]:
        """As many requests are made as there were ever in use at once.

        Not an AsyncInferQueue: its callbacks take the GIL in threads of OpenVINO's, which aborted
        one process in three that ended soon after.
        """
        taken = []
        for _ in range(number):
            try:
                taken.append(self._idle.pop())
            except IndexError:
                taken.append(self._compiled.create_infer_request())
        try:
            yield list(taken)
        finally:
            self._idle += taken

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Inputs]]:
        """Texts of similar length together, the longest first."""
        prompt = self._converted.passage_prompt
        ids = self._tokens.ids([prompt + text for text in texts])
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
        size = max(1, min(_BATCH, -(-len(order) // self._at_once)))  # few texts on every core too
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            yield rows, self._inputs([ids[row] for row in rows], _PAD_TO)

    def _inputs(self, ids: list[list[int]], pad_to: int = 1) -> Inputs:
        """The graph's inputs, every row padded on the right to the longest."""
        longest = max(1, *(len(row) for row in ids))
        shape = (len(ids), min(-(-longest // pad_to) * pad_to, self._converted.max_tokens))
        arrays: Inputs = {
            "input_ids": np.full(shape, self._converted.pad_id, np.int64),
            "attention_mask": np.zeros(shape, np.int64),
            "token_type_ids": np.zeros(shape, np.int64),
        }
        for row, tokens in enumerate(ids):
            arrays["input_ids"][row, : len(tokens)] = tokens
            arrays["attention_mask"][row, : len(tokens)] = 1
        return {name: arrays[name] for name in self._converted.inputs}

    def _compile(self) -> openvino.CompiledModel:
        """A core for every request: a query leaves the others to the rest of its search."""
        settings = {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": self._precision}
        try:
            # Read each time: a graph that is kept keeps its weights in memory too, a second time.
            return self._core.compile_model(self._core.read_model(self._graph), "CPU", settings)
        except RuntimeError as error:
            raise ModelError(f"{self._graph}: OpenVINO cannot load it: {error}") from error

    @cached_property
    def _precision(self) -> str:
        """bf16 where the processor computes in it: faster; tests hold it to cosine 0.999.

        Said outright, since elsewhere OpenVINO may choose f16, which is very slow on x86.
        """
        native = "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        return "bf16" if native else "f32"
