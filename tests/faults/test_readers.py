"""Few commits and queries at the same time; `make faults` has many, from several processes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.readers import ask, ask_catalog, ask_files, make, write

N_COMMITS = 12


def test_queries_see_whole_commits_while_there_are_others(tmp_path: Path) -> None:
    lake = make(tmp_path / "lake")
    seen = []
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write, lake.root, N_COMMITS)
        while not writing.done():
            seen.append(ask(lake))
            ask_catalog(lake)
            ask_files(lake)
        writing.result()
    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    assert ask(lake) == N_COMMITS
