"""The queue for a slow reader: the newest of each kind, and a bounded number of answers."""

from hypothesis import given
from hypothesis import strategies as st

from game.wire.lobby_messages import Idle, Matches, Notice, Pong, Queued, Refused
from game.wire.schema import FromLobby
from server.lobby.outbox import ANSWERS, Outbox

NUMBERS = st.integers(0, 9)
STATES = (
    *(st.just(Idle()), st.builds(Queued, st.just("duel"), NUMBERS, NUMBERS)),
    *(st.builds(Matches, st.just(())), st.builds(Notice, st.just("soon"), NUMBERS)),
)
ANSWERS_SENT = (
    st.builds(Refused, NUMBERS, NUMBERS, st.just("no")),
    st.builds(Pong, NUMBERS, NUMBERS),
)
MESSAGES = st.one_of(*STATES, *ANSWERS_SENT)


@given(st.lists(MESSAGES | st.none(), max_size=80), st.integers(1, 8))
def test_of_each_state_the_newest_is_said_and_answers_keep_their_order(
    moves: list[FromLobby | None], answers_max: int
) -> None:
    outbox = Outbox(answers_max)
    waiting: list[FromLobby] = []
    for message in moves:
        if message is None:
            assert outbox.take() == (waiting.pop(0) if waiting else None)
            continue
        answers = sum(type(each) in ANSWERS for each in waiting)
        if type(message) in ANSWERS:
            assert outbox.put(message) == (answers < answers_max)
            waiting += [message] if answers < answers_max else []
        else:
            assert outbox.put(message)
            waiting = [each for each in waiting if type(each) is not type(message)] + [message]
        assert len(outbox) == len(waiting) <= answers_max + len(STATES)


def test_no_client_counts_as_slow_because_others_are_busy() -> None:
    outbox = Outbox(4)
    assert all(outbox.put(Queued("duel", number, 0)) for number in range(10_000))
    assert outbox.take() == Queued("duel", 9_999, 0)
    assert outbox.take() is None
