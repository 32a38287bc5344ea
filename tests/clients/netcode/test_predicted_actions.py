"""Predicted actions are matched with the server's events, and shown once."""

from clients.netcode.predicted_actions import PendingAction, PredictedAction, PredictedActions
from clients.netcode.tuning import ACTIONS_MAX
from game.events import Event, EventKind
from game.tuning import Weapon

OWN, OTHER = 3, 5
SHOT = (EventKind.FIRE, OWN, Weapon.BLASTER)
RAIL = (EventKind.RAIL, OWN, 1, 2, 3, 4)


def action(tick: int, event: Event = SHOT) -> PredictedAction:
    return PredictedAction(tick, event, 0, 0, 0)


def test_the_servers_events_answer_own_actions_in_order_and_all_else_is_news() -> None:
    actions = PredictedActions(OWN)
    first, _ = actions.add(action(100)), actions.add(action(110))
    news: Event = (EventKind.FIRE, OTHER, Weapon.BLASTER)
    assert actions.match(100, [news, SHOT, RAIL]) == ([first], [news, RAIL])


def test_another_weapon_is_another_action() -> None:
    actions = PredictedActions(OWN)
    actions.add(action(100))
    rocket = (EventKind.FIRE, OWN, Weapon.LAUNCHER)
    assert actions.match(100, [rocket]).unpredicted == [rocket]


def test_an_event_answers_nothing_that_was_done_after_it() -> None:
    actions = PredictedActions(OWN)
    actions.add(action(120))
    assert actions.match(100, [SHOT]).unpredicted == [SHOT]


def test_a_replay_moves_what_was_done_a_little_later() -> None:
    actions = PredictedActions(OWN)
    number, _ = actions.add(action(100))
    assert actions.reconcile([action(104)]) == ([PendingAction(number, action(104))], [], [])
    assert actions.match(104, [SHOT]).unpredicted == []


def test_a_replay_denies_what_was_not_done_again() -> None:
    actions = PredictedActions(OWN)
    first, second = actions.add(action(100)), actions.add(action(110))
    assert actions.reconcile([action(110)]) == ([second], [first], [])


def test_a_replay_does_what_was_not_done_before() -> None:
    actions = PredictedActions(OWN)
    assert len(actions.reconcile([action(100)]).made) == 1
    assert actions.match(100, [SHOT]).unpredicted == []


def test_an_action_is_never_taken_for_one_of_long_before() -> None:
    actions = PredictedActions(OWN)
    actions.add(action(100))
    moved, denied, made = actions.reconcile([action(140)])
    assert (len(moved), len(denied), len(made)) == (0, 1, 1)


def test_pending_actions_are_bounded() -> None:
    actions = PredictedActions(OWN)
    for tick in range(5 * ACTIONS_MAX):
        actions.add(action(tick))
    assert len(actions.settle(10_000)) == ACTIONS_MAX
