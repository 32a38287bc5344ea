"""Log lines about refusals: some of each kind, with the number of those left out."""

from server.budget.log_limiter import LINES_BURST, LINES_PER_S, LogInterval, LogLimiter


def test_a_flood_is_logged_in_few_lines_that_count_the_rest() -> None:
    limiter = LogLimiter()
    answers = [limiter.ask("refused", 0.0) for _ in range(1_000)]
    assert answers[:LINES_BURST] == [0] * LINES_BURST
    assert set(answers[LINES_BURST:]) == {None}
    assert limiter.ask("refused", 1 / LINES_PER_S) == 1_000 - LINES_BURST
    assert limiter.ask("refused", 2 / LINES_PER_S) == 0


def test_kinds_do_not_silence_each_other() -> None:
    limiter = LogLimiter()
    for _ in range(100):
        limiter.ask("one", 0.0)
    assert limiter.ask("another", 0.0) == 0


def test_frequent_events_are_logged_rarely_and_counted() -> None:
    interval = LogInterval(60)
    said = [interval.due(now_s) for now_s in range(200)]
    assert [(now_s, times) for now_s, times in enumerate(said) if times] == [
        (0, 1), (60, 60), (120, 60), (180, 60),
    ]  # fmt: skip
