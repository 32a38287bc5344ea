"""A new player opens the page, plays, scores, loses the connection and returns; friends meet."""

import re
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from tests.browser.conftest import running_server
from tests.browser.fingers import Fingers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LARGE = (1280, 720)
PHONE = (844, 390)
FIGHT_TICKS_MAX = 90 * 60
PLAY = 2  # the phase in which scores count
MOVES = [("d",), ("d", "s"), ("s", " "), ("a",), ("a", "w"), ("w", " "), ("2", "d"), ("1",), ()]
NORTH = 49_152  # three quarters of a turn from the east
MOVE_TICKS = 30
REST_TICKS = 15
VOID_TRIES_MAX = 10
MISSED_INPUTS = re.compile(r"^skirmish_inputs_(?:late|early)_total (\S+)$", re.MULTILINE)
SEVERAL_TRIES = re.compile(r"\(attempt ([3-9]|\d\d)\)")


def test_one_click_plays_keys_move_the_mouse_shoots_and_a_kill_counts_for_good(make_player):
    player = make_player(size=LARGE)
    before = player.press_play()
    assert before["slot"] >= 0
    assert len(before["players"]) >= 2

    player.hold("d", "s")
    moved = f"Math.hypot(state.x - {before['x']}, state.y - {before['y']}) > 500"
    player.wait(f"{moved} || !state.alive")
    player.hold()
    player.wait("state.alive")
    player.page.mouse.down()
    player.wait("state.fired > 0")
    player.page.mouse.up()

    score = player.wait(f"state.phase === {PLAY}")["score"]
    after = player.fight_until(lambda state: state["score"] > score, FIGHT_TICKS_MAX)
    assert after["score"] > score

    with player.cable_pulled():
        player.wait("state.connection === 'retrying'")
    again = player.wait("state.connection === 'online' && state.players.length > 1")
    assert again["score"] >= after["score"]


def test_no_kind_of_movement_needs_a_correction(make_player, metrics_url):
    player = make_player()
    player.create_room()
    player.click("Start")
    before = player.wait("state.connection === 'online' && state.alive")
    for keys in MOVES:
        move_uncorrected(player, keys, metrics_url)
    after = player.state()
    assert (after["x"], after["y"]) != (before["x"], before["y"])


def move_uncorrected(player, keys, metrics_url) -> None:
    """Move without a correction. An input that missed its tick is rightly corrected, so a try with
    one is void; a correction without one is a wrong prediction.
    """
    for _ in range(VOID_TRIES_MAX):
        missed_before = missed_inputs(player.state(), metrics_url)
        corrected_before = corrections(player.wait_ticks(REST_TICKS))
        player.hold(*keys)
        player.wait_ticks(MOVE_TICKS)
        player.hold()
        if corrections(player.wait_ticks(REST_TICKS)) == corrected_before:
            return
        # A late input arrives after the correction, and is counted some ticks later.
        state = player.wait_ticks(MOVE_TICKS)
        assert missed_inputs(state, metrics_url) > missed_before, f"a wrong prediction: {keys}"
    pytest.fail(f"this machine is too slow to tell: inputs were missed in every try of {keys}")


def corrections(state) -> tuple[int, int]:
    """Corrections of the body, and of anything that no other player could affect."""
    return state["corrections"], state["unforced"]


def missed_inputs(state, metrics_url) -> int:
    """So many came too late or too early for the server, or were never sent: the page jumped in
    time. (The margin in a snapshot is not enough: of all that came since the one before it speaks
    of the last.)
    """
    with urlopen(metrics_url) as answer:
        counts = re.findall(MISSED_INPUTS, answer.read().decode())
    assert len(counts) == 2
    return state["resyncs"] + sum(int(float(count)) for count in counts)


def test_a_pulled_cable_is_counted_down_and_backoff_leads_back_into_the_same_seat(make_player):
    player = make_player()
    before = player.press_play()
    player.wait_ticks(30)

    with player.cable_pulled():
        player.page.get_by_text("Connection lost: trying again in").wait_for()
        player.page.get_by_text(SEVERAL_TRIES).wait_for()
        assert player.state()["connection"] != "online"

    after = player.wait("state.connection === 'online' && state.players.length > 1")
    assert (after["match"], after["slot"]) == (before["match"], before["slot"])
    player.page.get_by_text("Connection lost").wait_for(state="hidden")
    here = player.wait("state.alive")
    player.hold("d", "w")
    player.wait(f"Math.hypot(state.x - {here['x']}, state.y - {here['y']}) > 200 || !state.alive")


def test_a_reload_comes_back_into_the_same_seat(make_player):
    player = make_player()
    before = player.press_play()
    player.page.reload()
    after = player.wait("state.screen === 'match' && state.connection === 'online'")
    assert (after["match"], after["slot"]) == (before["match"], before["slot"])


@pytest.fixture
def open_url(tmp_path) -> Iterator[str]:
    """A server without fog: two players at two ends of a map see each other."""
    with running_server(tmp_path / "log", "--store.data_dir", "", "--match.fog", "false") as url:
        yield url


def test_two_browsers_meet_in_a_private_room_and_see_each_other_move(open_url, make_player):
    host = make_player(url=open_url)
    code = host.create_room()
    guest = make_player(f"/?room={code}", url=open_url)
    guest.wait("state.screen === 'room'")
    host.click("Start")

    hosts = host.wait("state.connection === 'online' && state.players.length === 2")
    guests = guest.wait("state.connection === 'online' && state.players.length === 2")
    assert hosts["match"] == guests["match"]
    assert hosts["slot"] != guests["slot"]

    host.wait(f"state.phase === {PLAY}")
    guest.wait(f"state.phase === {PLAY}")
    for mover, onlooker in ((host, guest), (guest, host)):
        slot = mover.state()["slot"]
        seen = f"state.players.find((row) => row.slot === {slot})"
        before = next(row for row in onlooker.state()["players"] if row["slot"] == slot)
        mover.hold("d", "s")
        onlooker.wait(f"Math.hypot({seen}.x - {before['x']}, {seen}.y - {before['y']}) > 300")
        mover.hold()


def test_a_phone_plays_with_two_thumbs(make_player):
    player = make_player(size=PHONE, is_phone=True)
    player.page.locator("button.play:visible").tap()
    before = player.wait("state.screen === 'match' && state.connection === 'online' && state.alive")
    fingers = Fingers.on(player.context, player.page)

    fingers.down(1, 120, 290)
    fingers.move(1, 170, 290)
    player.wait(f"Math.abs(state.x - {before['x']}) > 300 || !state.alive")
    player.wait("state.alive")
    fingers.down(2, 700, 290)
    fingers.move(2, 700, 220)
    player.wait(f"Math.abs(state.aim - {NORTH}) < 1000 && state.fired > {before['fired']}")
    fingers.up_all()


def test_a_wrong_room_code_is_said_in_words(make_player):
    player = make_player("/?room=ZZZ-ZZZ-ZZZ")
    player.wait("state.error !== ''")
    player.page.get_by_text(player.state()["error"]).wait_for()
    assert player.state()["screen"] == "start"


def test_a_spectator_sees_a_match_and_plays_no_part_in_it(make_player):
    player = make_player()
    match = player.press_play()["match"]
    watcher = make_player(f"/?watch={match}")
    state = watcher.wait("state.watching && state.players.length > 1 && state.tick > 0")
    assert state["slot"] == -1
    names = [row["name"] for row in watcher.wait_ticks(30)["players"]]
    assert len(names) == len(player.state()["players"])
