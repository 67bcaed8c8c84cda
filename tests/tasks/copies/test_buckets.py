from itertools import chain

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasks.copies.buckets import HALF, Buckets

pairs = st.integers(0, 2**64 - 1) | st.integers(0, 3).map(lambda upper: upper << 32 | 7)


@given(st.lists(st.lists(pairs, max_size=20), max_size=5), st.integers(1, 4))
def test_all_comes_out_in_sorted_buckets_that_share_no_upper_number(added: list[list[int]], n_buckets: int) -> None:
    with Buckets(n_buckets) as buckets:
        for some in added:
            buckets.add(np.array(some, np.uint64))
        found = [bucket.tolist() for bucket in buckets]
    assert sorted(chain.from_iterable(found)) == sorted(chain.from_iterable(added))
    assert all(bucket == sorted(bucket) for bucket in found)
    upper = [set((np.array(bucket, np.uint64) >> HALF).tolist()) for bucket in found]
    assert len(set().union(*upper)) == sum(map(len, upper))
