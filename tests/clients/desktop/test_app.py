"""The whole client against a whole server: from the first page to a seat, and back."""

import gc

import pygame
import pytest
import trio
from attrs import evolve

from clients.desktop.app import run_app
from clients.desktop.connection import connection
from clients.desktop.core.connection_state import ConnectionStatus, countdown_words
from clients.desktop.settings_file import SettingsFile
from clients.desktop.window.speaker import Speaker
from clients.desktop.window.window import Window
from clients.net.address import Address
from game.records import Body
from game.wire.lobby_messages import WatchMatch
from game.wire.messages import CloseCode
from server.app import running_app
from server.config.settings import ListenSettings, LobbySettings, Settings, StoreSettings
from server.match.settings import MatchSettings
from tests.clients.desktop.person import Person, person_at, until
from tests.clients.desktop.relay import relay_to
from tests.server.people import open_descriptors

SETTINGS = Settings(
    net=ListenSettings(port=0),
    lobby=LobbySettings(bot_fill_after_s=0.05, bots=4),
    store=StoreSettings(data_dir=""),
)
Devices = tuple[SettingsFile, Window, Speaker]


@pytest.fixture
def devices(settings: SettingsFile, window: Window, speaker: Speaker) -> Devices:
    return settings, window, speaker


def at(port: int) -> Address:
    return Address("127.0.0.1", port)


def brightness(surface: pygame.Surface) -> int:
    return sum(pygame.transform.average_color(surface)[:3])


async def take_seat(person: Person) -> None:
    await person.click("Deathmatch")
    await person.until(person.is_playing)
    await person.until(lambda: person.body.alive)


@pytest.mark.slow
async def test_a_name_is_typed_a_seat_is_taken_and_the_match_is_painted(devices: Devices) -> None:
    async with running_app(SETTINGS) as server, person_at(at(server.port), *devices) as person:
        await person.until(lambda: person.app.lobby.state.modes)
        person.type("Robin")
        await take_seat(person)
        match = person.app.match
        assert match is not None
        welcome = match.session.replica.welcome
        assert welcome is not None
        await person.until(lambda: match.session.replica.roster)
        assert match.session.replica.roster[welcome.slot].name == "Robin"
        assert devices[0].values.name == "Robin"
        await person.until(lambda: person.app.frame_count % 10 == 0)
        assert brightness(devices[1].surface) > 40


@pytest.mark.slow
async def test_keys_move_and_the_mouse_shoots_and_the_server_agrees(devices: Devices) -> None:
    async with running_app(SETTINGS) as server, person_at(at(server.port), *devices) as person:
        await take_seat(person)
        match = person.app.match
        assert match is not None
        before = person.body.x, person.body.y
        for key in ("d", "s"):
            person.press(key)
        person.point(1_200, 300)
        person.mouse(down=True)

        def seen() -> Body:
            view = match.session.replica.view
            assert view is not None
            return view.bodies[person.body.slot]

        await person.until(
            lambda: seen().values()[:2] != before and person.body.fire_ready_tick > 0
        )
        await person.until(lambda: match.session.replica.view.shots)  # type: ignore[union-attr]
        owners = {
            shot.source >> 3
            for shot in match.session.replica.view.shots.values()  # type: ignore[union-attr]
        }
        await person.until(
            lambda: (
                person.body.slot
                in owners | {shot.source >> 3 for shot in match.session.replica.view.shots.values()}  # type: ignore[union-attr]
            )
        )


@pytest.mark.slow
async def test_tab_shows_everybody(devices: Devices) -> None:
    async with running_app(SETTINGS) as server, person_at(at(server.port), *devices) as person:
        await take_seat(person)
        surface = devices[1].surface
        middle = surface.get_at((640, 200)), surface.get_at((300, 300))
        person.press("tab")
        await person.until(lambda: person.app.stage.hands.is_held("scoreboard"))
        person.app.frame(trio.current_time())
        assert (surface.get_at((640, 200)), surface.get_at((300, 300))) != middle
        person.release("tab")
        await person.until(lambda: not person.app.stage.hands.is_held("scoreboard"))


@pytest.mark.slow
async def test_a_lost_connection_counts_down_and_leads_back_into_the_seat(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "delay_s", lambda attempt, dice: 0.2 * min(1, attempt))
    async with (
        running_app(SETTINGS) as server,
        relay_to(server.port) as (relay, address),
        person_at(address, *devices) as person,
    ):
        await take_seat(person)
        match = person.app.match
        assert match is not None
        slot = person.body.slot
        relay.is_closed = True
        relay.cut()
        await person.until(
            lambda: match.state.status is ConnectionStatus.RETRYING and match.state.attempt > 1
        )
        words = countdown_words(match.state, trio.current_time())
        assert "next try in" in words
        assert match.frame(trio.current_time()) is not None, "the last picture stays"
        relay.is_closed = False
        await person.until(person.is_playing)
        assert match.connection.reconnects == 1
        assert person.body.slot == slot


@pytest.mark.slow
async def test_leaving_gives_the_seat_up_and_leads_to_the_first_page(devices: Devices) -> None:
    async with running_app(SETTINGS) as server, person_at(at(server.port), *devices) as person:
        await take_seat(person)
        person.press("escape")
        await person.click("Leave the match")
        await person.until(lambda: person.app.match is None)
        assert "left" in person.app.trouble
        await person.until(lambda: server.census().matches == 0 or server.census().connections == 1)


@pytest.mark.slow
async def test_two_friends_meet_in_a_private_room(
    devices: Devices, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = SettingsFile.read(tmp_path_factory.mktemp("other") / "desktop.toml")
    async with (
        running_app(SETTINGS) as server,
        person_at(at(server.port), *devices) as owner,
        person_at(at(server.port), other, *devices[1:]) as friend,
    ):
        await owner.click("Open a private room")
        await owner.click("Deathmatch")
        await owner.until(lambda: owner.app.lobby.state.room)
        room = owner.app.lobby.state.room
        assert room is not None
        friend.app.stage.focus.texts["code"] = room.code
        await friend.click("Join room")
        await owner.until(lambda: len(owner.app.lobby.state.room.members) == 2)  # type: ignore[union-attr]
        await owner.click("Start")
        await friend.until(friend.is_playing)
        await owner.until(owner.is_playing)
        assert owner.app.match is not None
        assert friend.app.match is not None
        assert owner.app.match.seat.match == friend.app.match.seat.match


@pytest.mark.slow
async def test_somebody_watches_and_goes_from_player_to_player(
    devices: Devices, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = SettingsFile.read(tmp_path_factory.mktemp("other") / "desktop.toml")
    async with (
        running_app(evolve(SETTINGS, match=MatchSettings(watch_delay_s=0))) as server,
        person_at(at(server.port), *devices) as person,
        person_at(at(server.port), other, *devices[1:]) as player,
    ):
        await take_seat(player)
        assert player.app.match is not None
        person.app.lobby.ask(WatchMatch(player.app.match.seat.match))
        await person.until(
            lambda: person.app.match is not None and person.app.match.session.is_watching
        )
        assert person.app.match is not None
        session = person.app.match.session
        await person.until(lambda: session.shown is not None and session.shown.view is not None)
        assert session.shown is not None
        before = session.spectator.slot(session.shown)
        person.press("e")
        await person.until(lambda: session.spectator.slot(session.shown) != before)  # type: ignore[arg-type]


@pytest.mark.slow
async def test_a_match_with_a_delay_is_watched_as_its_journal_tells_it(
    devices: Devices, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = SettingsFile.read(tmp_path_factory.mktemp("other") / "desktop.toml")
    store = StoreSettings(data_dir=str(tmp_path_factory.mktemp("data")))
    async with (
        running_app(evolve(SETTINGS, match=MatchSettings(), store=store)) as server,
        person_at(at(server.port), *devices) as person,
        person_at(at(server.port), other, *devices[1:]) as player,
    ):
        await take_seat(player)
        assert player.app.match is not None
        match_id = player.app.match.seat.match
        person.app.lobby.ask(WatchMatch(match_id))
        await person.until(lambda: person.app.match is not None)
        match = person.app.match
        assert match is not None
        assert match.path == f"/replay/live/{match_id}"
        await person.until(lambda: match.frame(trio.current_time()) is not None)
        frame = match.frame(trio.current_time())
        assert frame is not None
        assert frame.notice == "You are watching with a delay of 30 s"
        assert frame.own is None
        person.app._do(("leave",))
        await person.until(lambda: person.app.match is None)
        assert person.app.trouble == ""


async def test_closing_the_window_gives_everything_back(devices: Devices) -> None:
    async with running_app(SETTINGS) as server:
        tasks = trio.lowlevel.current_statistics().tasks_living
        gc.collect()  # what earlier tests left is not this one's
        descriptors = open_descriptors()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run_app, at(server.port), *devices)
            async with trio.open_nursery() as watch:
                watch.start_soon(_close_when_there, server)
        await until(lambda: server.census().connections == 0)  # the server's side of it, too
        # A server ends some of its own, and those of a connection a moment after it.
        await until(lambda: trio.lowlevel.current_statistics().tasks_living <= tasks)
        assert open_descriptors() == descriptors


async def _close_when_there(server) -> None:  # type: ignore[no-untyped-def]
    await until(lambda: server.census().lobby_links)
    pygame.event.post(pygame.event.Event(pygame.QUIT))


async def test_a_server_of_another_version_is_reported_and_not_retried(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clients.desktop.connection.lobby.fingerprint", lambda: b"another!")
    async with running_app(SETTINGS) as server, person_at(at(server.port), *devices) as person:
        await person.until(
            lambda: person.app.lobby.state.connection.status is ConnectionStatus.ENDED
        )
        assert "update" in person.app.lobby.state.error
        assert person.app.lobby.state.connection.code in (CloseCode.OUTDATED, 1000, 1006, 0)


async def test_sound_that_goes_with_its_device_comes_with_the_next(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_app(SETTINGS) as server, person_at(at(server.port), *devices) as person:
        speaker = person.app.speaker
        opened: list[str] = []

        def open_in_vain() -> str:
            opened.append("")
            return "Sound is unavailable: no device"

        with monkeypatch.context() as without:
            without.setattr(Speaker, "open", lambda _speaker: open_in_vain())
            pygame.event.post(pygame.event.Event(pygame.AUDIODEVICEREMOVED, which=2, iscapture=0))
            await person.until(lambda: opened)
            assert not speaker.is_there
            assert "Sound is unavailable" in person.app.trouble
        pygame.event.post(pygame.event.Event(pygame.AUDIODEVICEADDED, which=0, iscapture=0))
        await person.until(lambda: speaker.is_there)
        assert person.app.trouble == ""
