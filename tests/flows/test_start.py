import os
import signal
import subprocess
import sys
import weakref

import pytest
from prefect.exceptions import TerminationSignal
from prefect.utilities.engine import capture_sigterm

from flows.start import Interrupted, interruptible, let_go, terminable


def swallow(number: int, handled: type[BaseException]) -> None:
    """Does as DuckDB does with what a signal's handler raises."""
    try:
        os.kill(os.getpid(), number)
    except handled:
        raise RuntimeError("Query interrupted") from None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_block_also_where_a_library_makes_another_error_of_it(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Interrupted) as stopped, interruptible():
        swallow(number, Interrupted)
    assert stopped.value.exit_code == 128 + number
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_so_does_one_in_a_flow_where_prefect_hears_one_of_them(number: signal.Signals) -> None:
    with pytest.raises(Interrupted) as stopped, interruptible(), capture_sigterm(), terminable():
        swallow(number, TerminationSignal if number == signal.SIGTERM else Interrupted)
    assert stopped.value.exit_code == 128 + number


def test_a_flow_that_is_told_to_end_is_no_failure() -> None:
    with pytest.raises(TerminationSignal), terminable():
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="else"), terminable():
        raise RuntimeError("something else")


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="else"), interruptible():
        raise RuntimeError("something else")


def test_an_error_lets_go_of_what_its_frames_hold() -> None:
    class Held:
        pass

    def fail() -> None:
        held = Held()
        seen.append(weakref.ref(held))
        raise ValueError

    def fail_in_turn() -> None:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError from error

    seen: list[weakref.ref[Held]] = []
    with pytest.raises(RuntimeError) as raised:
        fail_in_turn()
    assert seen[0]() is not None
    let_go(raised.value)
    assert seen[0]() is None


def test_a_flow_is_loaded_without_pandas_which_stays_to_be_had() -> None:
    program = """
import sys
import pyarrow as pa
from flows.start import load_flow
load_flow("news_etl")
pa.array([])
print("pandas" in sys.modules, pa.table({"a": [1]}).to_pandas().shape)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "False (1, 1)\n"
