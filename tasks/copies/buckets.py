"""Sorts more numbers than should lie in memory."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Self

import numpy as np
import numpy.typing as npt

Packed = npt.NDArray[np.uint64]  # two uint32 in one, so that sorting one array sorts pairs
LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


class Buckets:
    """Pairs of numbers in a temporary file, added in any order and taken out by bucket.

    All that share the upper number are in the same bucket, which is sorted. Within `with`.
    """

    def __init__(self, n_buckets: int) -> None:
        self._n_buckets = n_buckets
        self._pieces: list[npt.NDArray[np.int64]] = []  # of every array added: where each bucket begins in the file
        self._n_bytes = 0

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile(buffering=0)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, pairs: Packed) -> None:
        """Puts pairs in."""
        bucket = (pairs >> HALF) % np.uint64(self._n_buckets)
        order = np.argsort(bucket, kind="stable")
        sizes = np.bincount(bucket.astype(np.int64), minlength=self._n_buckets) * pairs.itemsize
        self._pieces.append(self._n_bytes + np.concatenate([[0], np.cumsum(sizes)]))
        self._n_bytes += pairs.nbytes
        rest = memoryview(pairs[order].tobytes())
        while rest:
            rest = rest[self._file.write(rest) :]

    def __iter__(self) -> Iterator[Packed]:
        for k in range(self._n_buckets):
            parts = [os.pread(self._file.fileno(), int(ends[k + 1] - ends[k]), int(ends[k])) for ends in self._pieces]
            bucket = np.frombuffer(bytearray().join(parts), np.uint64)
            bucket.sort()
            yield bucket
