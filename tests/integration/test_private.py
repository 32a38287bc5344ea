"""Files of a server are private to its user, in one process and with workers."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # it starts interpreters

ROOT = Path(__file__).resolve().parents[2]
END_S = 30.0  # far more than any of this takes


def modes(folder: Path) -> dict[str, int]:
    """The modes of everything in a folder, including sockets; what was just deleted is left out."""
    found: dict[str, int] = {}
    for path in [folder, *folder.rglob("*")]:
        try:
            found[str(path)] = path.lstat().st_mode & 0o077
        except FileNotFoundError:
            continue
    return found


@pytest.mark.parametrize("workers", [0, 1])
def test_nothing_of_it_can_be_read_by_others_whatever_the_umask_was(tmp_path: Path, workers: int):
    data = tmp_path / "state"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "server.cli", "serve", "--port", "0"),
            *("--workers", str(workers), "--store.data_dir", str(data)),
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
        umask=0,
    )
    try:
        assert process.stderr is not None
        last = "process_serves" if workers else "started"  # the worker, after the gateway
        seen = 0
        for line in process.stderr:
            seen += json.loads(line)["event"] == last
            if seen > workers:
                break
        running = modes(data)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=END_S)
    finally:
        process.kill()
        process.wait()
    assert {path for path, mode in {**running, **modes(data)}.items() if mode} == set()
    names = {Path(path).name for path in running}
    assert names >= {"secret", "skirmish.sqlite3", "live", "lock", "at-work"}
    assert not workers or names >= {"gateway.sock", "operator.sock"}
