"""What waits for a slow reader: the newest of each kind, and a bounded number of answers."""

from hypothesis import given
from hypothesis import strategies as st

from server.lobby.effects import Send
from server.lobby.outbox import ANSWERS, Outbox

STATES = ("welcome", "idle", "queued", "room", "matches", "seat", "notice")
SENDS = st.builds(
    Send, st.just(1), st.sampled_from((*STATES, *ANSWERS)), st.tuples(st.integers(0, 9))
)


@given(st.lists(SENDS | st.none(), max_size=80), st.integers(1, 8))
def test_of_each_state_the_newest_is_said_and_answers_keep_their_order(
    moves: list[Send | None], answers_max: int
) -> None:
    outbox = Outbox(answers_max)
    waiting: list[Send] = []
    for send in moves:
        if send is None:
            assert outbox.take() == (waiting.pop(0) if waiting else None)
            continue
        answers = sum(each.name in ANSWERS for each in waiting)
        if send.name in ANSWERS:
            assert outbox.put(send) == (answers < answers_max)
            waiting += [send] if answers < answers_max else []
        else:
            assert outbox.put(send)
            waiting = [each for each in waiting if each.name != send.name] + [send]
        assert len(outbox) == len(waiting) <= answers_max + len(STATES)


def test_nobody_is_slow_because_others_are_busy() -> None:
    outbox = Outbox(4)
    assert all(outbox.put(Send(1, "room", (number,))) for number in range(10_000))
    assert outbox.take() == Send(1, "room", (9_999,))
    assert outbox.take() is None
