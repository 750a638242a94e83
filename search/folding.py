"""Folding: of articles that are copies of one another, one stands for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def folded(order: Ints, owners: Ints, originals: Ints) -> Ints:
    """`order` without the passages of articles of which a copy stands before them.

    `owners` and `originals` are parallel to the candidates; copies share their original. The copy
    whose passage ranks best stands for all of them, with all its passages. What ranks further down
    changes nothing further up, so that pages stay as they are.
    """
    if len(order) == 0:
        return order
    _, first, places = np.unique(originals[order], return_index=True, return_inverse=True)
    kept: Ints = order[owners[order] == owners[order][first][places]]
    return kept


def at_least(owners: Ints, originals: Ints) -> int:
    """How many of the candidates are left when folded, whichever copies stand for the others."""
    numbers, first, counts = np.unique(owners, return_index=True, return_counts=True)
    of_number = originals[first]
    fewest = np.full(int(of_number.max(initial=-1)) + 1, len(owners), np.int64)
    np.minimum.at(fewest, of_number, counts)
    return int(fewest[np.unique(of_number)].sum()) if len(numbers) else 0
