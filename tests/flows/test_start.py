import os
import signal

import pytest

from flows.start import Interrupted, interruptible


def swallow(number: int) -> None:
    try:
        os.kill(os.getpid(), number)
    except Interrupted:
        raise RuntimeError("Query interrupted") from None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_block_also_where_a_library_makes_another_error_of_it(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Interrupted) as stopped, interruptible():
        swallow(number)
    assert stopped.value.exit_code == 128 + number
    assert signal.getsignal(number) is before


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="else"), interruptible():
        raise RuntimeError("something else")
