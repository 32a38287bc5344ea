"""When another checkout is attacked, all processes use its game package, not ours."""

import subprocess
import sys

import pytest

from bench.contender import ROOT


@pytest.mark.slow
def test_a_bench_that_is_lent_to_a_checkout_starts_its_processes_there(tmp_path):
    (tmp_path / "bench").symlink_to(ROOT / "bench")
    told = subprocess.run(
        [sys.executable, "-c", "from bench.abuse.scene import HERE; print(HERE)"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stdout.strip() == str(tmp_path)
