"""Work beside other work: the same result, whether a copy of the process does it, none can be made, or it dies."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from sitegen.aside import Aside


@pytest.mark.parametrize("beside", [True, False])
def test_the_result_is_the_same(beside: bool) -> None:
    assert Aside(lambda: list(range(5)), beside=beside).result() == [0, 1, 2, 3, 4]


@pytest.mark.skipif(sys.platform != "linux", reason="no copies of a process elsewhere")
def test_it_is_done_in_another_process() -> None:
    if threading.active_count() > 1:
        pytest.skip("threads are running: no copy is made")
    assert Aside(os.getpid, beside=True).result() != os.getpid()


def test_a_copy_that_dies_costs_time_only() -> None:
    here = os.getpid()

    def work() -> str:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    assert Aside(work, beside=True).result() == "done"


def test_what_goes_wrong_is_told_here() -> None:
    def work() -> str:
        raise KeyError("kind")

    with pytest.raises(KeyError, match="kind"):
        Aside(work, beside=True).result()


def test_without_a_copy_nothing_is_done_before_it_is_asked_for() -> None:
    done: list[int] = []
    one = Aside(lambda: done.append(1), beside=False)
    assert done == []
    one.result()
    assert done == [1]
