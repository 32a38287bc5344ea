"""Log lines about refusals: some of each kind, with the number of those left out."""

from server.budget.log_brake import LINES_BURST, LINES_PER_S, LogBrake


def test_a_flood_is_told_in_few_lines_that_count_the_rest() -> None:
    brake = LogBrake()
    answers = [brake.ask("refused", 0.0) for _ in range(1_000)]
    assert answers[:LINES_BURST] == [0] * LINES_BURST
    assert set(answers[LINES_BURST:]) == {None}
    assert brake.ask("refused", 1 / LINES_PER_S) == 1_000 - LINES_BURST
    assert brake.ask("refused", 2 / LINES_PER_S) == 0


def test_kinds_do_not_silence_each_other() -> None:
    brake = LogBrake()
    for _ in range(100):
        brake.ask("one", 0.0)
    assert brake.ask("another", 0.0) == 0
