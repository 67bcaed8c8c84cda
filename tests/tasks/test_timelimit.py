import re
import threading
import time

import pytest

from tasks.timelimit import BOARD_SIZE, Place, TimeLimit, go_on, limited, place_on, watching

URIS = ["a.txt", "b.txt"]


def spin():
    while True:
        pass


@pytest.mark.parametrize("hang", [spin, lambda: time.sleep(60), lambda: re.match(r"(?:a+)+$", "a" * 60 + "b")])
def test_what_hangs_in_python_is_interrupted(hang):
    started = time.monotonic()
    sentence = r"Extracting from the text took longer than 0.1 seconds"
    with watching(0.1, URIS), pytest.raises(TimeLimit, match=sentence), limited("a.txt", 1, "extract"):
        hang()
    assert time.monotonic() - started < 10


def test_code_that_catches_every_exception_is_interrupted_too():
    def swallow():
        while True:
            try:
                time.sleep(60)
            except Exception:
                continue

    with watching(0.1), pytest.raises(TimeLimit), limited("a.txt", 1, "extract"):
        swallow()


def test_what_is_in_time_is_left_alone_and_so_is_the_timer_of_others():
    with watching(0.2):
        for _ in range(5):
            with limited("a.txt", 1, "normalise"):
                time.sleep(0.1)
        time.sleep(0.3)  # nothing is timed between the records


def test_progress_gives_the_full_time_again():
    with watching(0.3), limited("a.txt", 1, "read"):
        for _ in range(6):
            time.sleep(0.1)
            go_on()


def test_a_record_inside_a_file_has_its_own_time_and_the_file_goes_on():
    with watching(0.2), limited("a.txt", 1, "read"):
        for number in (1, 2):
            with pytest.raises(TimeLimit), limited("a.txt", number, "record"):
                spin()
            go_on()


def test_the_board_says_what_is_worked_on_and_nothing_between():
    board = [0.0] * BOARD_SIZE
    with watching(5, URIS, board):
        assert place_on(board, URIS) is None
        with limited("b.txt", 7, "extract"):
            place, since = place_on(board, URIS)
        assert place == Place("b.txt", 7, "extract")
        assert 0 <= time.monotonic() - since < 5
        assert place_on(board, URIS) is None


def test_what_was_refused_before_is_not_tried_again():
    refused = {Place("a.txt", 2, "extract"): ("crashed", "It crashed.")}
    with watching(5, URIS, refused=refused):
        with limited("a.txt", 1, "extract"), limited("a.txt", 2, "normalise"):
            pass
        with pytest.raises(TimeLimit, match="It crashed") as error, limited("a.txt", 2, "extract"):
            raise AssertionError("never reached")
        assert error.value.reason_code == "crashed"


def test_without_a_watch_and_in_other_threads_nothing_is_limited_by_signals():
    errors = []

    def work():
        with watching(0.05), limited("a.txt", 1, "read"):
            time.sleep(0.2)

    thread = threading.Thread(target=lambda: errors.append(work()))
    thread.start()
    thread.join()
    assert errors == [None]
    with limited("a.txt", 1, "read"):
        go_on()
