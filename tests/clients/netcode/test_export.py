"""The browser has the thresholds of `clients.netcode.tuning`."""

from clients.netcode.export import TARGET, render


def test_the_generated_file_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == render(), "run `python -m clients.netcode.export`"


def test_seconds_become_milliseconds() -> None:
    assert "export const BURST_MS = 6;" in render()
    assert "_S =" not in render()
