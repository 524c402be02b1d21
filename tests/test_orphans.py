"""A run that is killed leaves no process behind that waits, holds memory and keeps the next one from beginning."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_PARENT = """
import os, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from sitegen.load.orphans import end_with_parent
if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context(sys.argv[1]), initializer=end_with_parent) as pool:
        print(*{f.result() for f in [pool.submit(os.getpid), pool.submit(time.sleep, 0.2), pool.submit(os.getpid)]} - {None}, flush=True)
        for _ in range(2):
            pool.submit(time.sleep, 600)
        time.sleep(600)
"""


@pytest.mark.skipif(os.name == "nt", reason="asks the system of Unix whether a process lives")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_end_with_the_run_that_was_killed(tmp_path: object, method: str) -> None:
    script = f"{tmp_path}/parent.py"
    with open(script, "w", encoding="utf-8") as file:
        file.write(_PARENT)
    with subprocess.Popen([sys.executable, script, method], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        children = [int(number) for number in parent.stdout.readline().split()]
        assert children
        parent.kill()
    deadline = time.monotonic() + 20
    while any(map(_lives, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(_lives, children))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="groups of processes")
def test_whoever_stops_a_run_reads_no_traceback(tmp_path: Path) -> None:
    """Ctrl-C reaches all processes of the terminal."""
    script = tmp_path / "run.py"
    script.write_text(
        "import sys, time\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from sitegen.load.orphans import end_with_parent\n"
        "if __name__ == '__main__':\n"
        "    with ProcessPoolExecutor(2, initializer=end_with_parent) as pool:\n"
        "        list(pool.map(len, ['a', 'b', 'c']))\n"
        "        try:\n"
        "            print('ready', flush=True)\n"
        "            for _ in range(600):\n"  # a signal that comes just before a sleep does not end it
        "                time.sleep(0.1)\n"
        "        except KeyboardInterrupt:\n"
        "            print('stopped', flush=True)\n",
        encoding="utf-8",
    )
    run = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parent.parent,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    os.killpg(run.pid, signal.SIGINT)
    said, wrong = run.communicate(timeout=30)
    assert said == "stopped\n"
    assert wrong == ""
