"""When told to stop, `dev.py` lets its children shut down, and leaves nothing behind."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import dev

PATIENCE_S = 10

SERVER = f"""#!{sys.executable}
import signal
stops = [signal.SIGINT, signal.SIGTERM]
signal.pthread_sigmask(signal.SIG_BLOCK, stops)
print("up", flush=True)
number = signal.sigwait(stops)
print("goodbye after", signal.Signals(number).name, flush=True)
raise SystemExit(3)
"""

PLAY = """
import build_compiled, dev, pathlib, sys
build_compiled.is_fresh = lambda: False
build_compiled.lacking = lambda: ""
dev.VENV_PYTHON = pathlib.Path(sys.argv[1], "python")
dev.ROOT = pathlib.Path(sys.argv[1])
sys.exit(dev.play([]))
"""

COMPILER = """
import pathlib, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
pathlib.Path(__file__).with_name("begun").write_text("begun")
signal.sigwait([signal.SIGTERM])
pathlib.Path(__file__).with_name("ended").touch()
"""

RUN_INTERRUPTED_AT_ONCE = """
import dev, signal, sys
start = dev.subprocess.Popen

def start_interrupted(*words, **options):
    process = start(*words, **options)
    signal.raise_signal(signal.SIGTERM)
    return process

dev.subprocess.Popen = start_interrupted
dev.run([sys.executable, "-c", "import signal; signal.pause()"])
"""

TWO_STEPS = """
import dev_steps, sys
stop = "import os, signal; os.kill(os.getppid(), signal.SIGTERM); signal.pause()"
steps = [("first", [sys.executable, "-c", stop]), ("second", [sys.executable])]
dev_steps.run_steps("check", steps)
"""


@pytest.fixture
def start():
    """Start Python with these arguments; everything it leaves behind ends with the test."""
    processes = []

    def start_program(program, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            cwd=Path(dev.__file__).parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a terminal's Ctrl-C goes to the whole group
        )
        processes.append(process)
        return process

    yield start_program
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def playing(tmp_path, start):
    """A `dev.py play` whose server is up; when told to stop, it shuts down with status 3."""
    server = tmp_path / "skirmish"
    server.write_text(SERVER)
    server.chmod(0o755)
    (tmp_path / "dev.py").write_text("")  # nothing is compiled
    process = start(PLAY, str(tmp_path))
    assert process.stdout.readline() == "up\n"
    return process


def test_after_ctrl_c_the_goodbye_of_the_server_is_waited_for(playing):
    os.killpg(playing.pid, signal.SIGINT)
    said, _ = playing.communicate(timeout=PATIENCE_S)
    assert (said, playing.returncode) == ("goodbye after SIGINT\n", 3)


def test_a_sigterm_is_passed_on_to_the_server_and_its_goodbye_waited_for(playing):
    playing.terminate()
    said, _ = playing.communicate(timeout=PATIENCE_S)
    assert (said, playing.returncode) == ("goodbye after SIGTERM\n", 3)


def test_a_compiler_beside_the_server_ends_with_it(tmp_path, start, monkeypatch):
    monkeypatch.delenv("SKIRMISH_COMPILED", raising=False)
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    (tmp_path / "dev.py").write_text(COMPILER)
    server = tmp_path / "skirmish"
    server.write_text(SERVER)
    server.chmod(0o755)
    heard = os.open(begun, os.O_RDONLY | os.O_NONBLOCK)
    process = start(PLAY, str(tmp_path))
    assert select.select([heard], [], [], PATIENCE_S)[0], "nothing compiles"
    os.close(heard)
    assert process.stdout.readline() == "up\n"
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert (tmp_path / "ended").exists()


def test_a_sigterm_while_a_command_starts_still_reaches_it(start):
    process = start(RUN_INTERRUPTED_AT_ONCE)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 128 + signal.SIGTERM


def test_no_step_is_begun_after_a_sigterm(start):
    process = start(TWO_STEPS)
    said, _ = process.communicate(timeout=PATIENCE_S)
    assert "== first" in said
    assert "== second" not in said
    assert process.returncode == 128 + signal.SIGTERM
