"""The desktop client as a whole: a window, a lobby and sometimes a match, in one thread.

    run_app nursery
      ├─ _watch_signals    Ctrl-C closes the window
      ├─ lobby.run         the connection with the lobby, and its pings
      ├─ _play             the connection with a match, while there is one
      ├─ maps being fetched, and sockets being closed
      └─ frames            this task: for each frame input, match, picture

Owns: the requests made by clicks and keys, and who carries them out. Must not know: how anything
looks or is sent. Invariant: when `run_app` returns, the seat was given up, and no socket, task or
thread is left.
"""

import signal
from typing import Final

import trio
from attrs import define, field

from clients.desktop.connection.lobby import LobbyConnection
from clients.desktop.connection.match import MatchConnection
from clients.desktop.core.frame import Frame
from clients.desktop.core.input.bindings import rebound
from clients.desktop.core.input.input_mapper import AimContext
from clients.desktop.core.lobby import LobbyActivity
from clients.desktop.core.pages.options import create_page, keys_page, menu_page, settings_page
from clients.desktop.core.pages.start import PageContext, start_page
from clients.desktop.core.pages.waiting import opening_page, queue_page, room_page
from clients.desktop.core.pages.widgets import Action, Page
from clients.desktop.core.settings import SettingsError
from clients.desktop.core.spectator import may_look_around
from clients.desktop.core.stage import Stage
from clients.desktop.settings_file import SettingsFile
from clients.desktop.window.renderer import Renderer
from clients.desktop.window.speaker import Speaker
from clients.desktop.window.window import Window
from clients.net.address import Address
from clients.net.maps import ArenaCache
from clients.netcode.round import Round
from game.inputs import NEUTRAL, Input
from game.wire.lobby_messages import JoinRoom, Seat
from game.wire.schema import ToLobby

_REPAIRS: Final = frozenset(("reconnect", "sound_lost", "sound_found"))
_OVERLAYS: Final = frozenset(("settings", "keys", "create"))
STEER: Final = ("fire", "next_weapon", "previous_weapon")  # for watchers: view another player


@define(eq=False)
class App:
    """One run of the program. `nursery` holds all of its tasks."""

    address: Address
    settings: SettingsFile
    window: Window
    speaker: Speaker
    nursery: trio.Nursery
    stage: Stage = field(factory=Stage)
    lobby: LobbyConnection = field(init=False)
    match: MatchConnection | None = None
    renderer: Renderer = field(init=False)
    trouble: str = ""
    is_over: bool = False
    frame_count: int = 0
    _arenas: ArenaCache = field(init=False)
    _playing: trio.CancelScope = field(factory=trio.CancelScope)

    def __attrs_post_init__(self) -> None:
        """Build all parts from the settings."""
        values = self.settings.values
        self.lobby = LobbyConnection(self.address, self.nursery, self.take_seat, values.name)
        self.renderer = Renderer(values, self.speaker)
        self._arenas = ArenaCache(self.address)
        self.stage.hands.bind(values.keys)
        self.stage.focus.texts["name"] = values.name
        self.trouble = self.trouble or self.settings.trouble

    async def frames(self) -> None:
        """Run frames until the player quits. A late frame is not made up for."""
        due_s = trio.current_time()
        while not self.is_over:
            self.frame(trio.current_time())
            frame_s = 1 / self.settings.values.frames_per_second
            due_s = max(due_s + frame_s, trio.current_time())
            await trio.sleep_until(due_s)
        if self.match is not None:
            await self.match.leave()

    def frame(self, now_s: float) -> None:
        """Read input, advance time, paint."""
        self.frame_count += 1
        page = self._page(now_s)
        for event in self.window.signals():
            self._do(self.stage.take(event, page))
            page = self._page(now_s)
        self.stage.hands.are_free = page is None
        picture = None
        if self.match is not None:
            self.match.advance(now_s, self._sample)
            picture = self.match.frame(now_s)
            self._window_keys()
            page = self._page(now_s)
        self._paint(page, picture)

    def take_seat(self, seat: Seat) -> None:
        """Take the seat that the lobby offers, and drop the match before it, if any."""
        self._playing.cancel()
        self._playing = trio.CancelScope()
        self.nursery.start_soon(self._play, seat, self._playing)

    async def _play(self, seat: Seat, scope: trio.CancelScope) -> None:
        match = MatchConnection(seat, self._arenas, self.nursery)
        self.match, self.lobby.is_away, self.trouble = match, True, ""
        self.stage.overlays.clear()
        with scope:
            await match.run()
        if self.match is match:  # and not another one by now
            self.match, self.lobby.is_away = None, False
            self.stage.overlays.clear()
            self.trouble = match.state.reason

    def _paint(self, page: Page | None, picture: Frame | None) -> None:
        surface = self.window.surface
        hands = self.stage.hands
        if picture is not None:
            wants_scores = hands.is_held("scoreboard")
            self.renderer.paint_match(
                surface, picture, self.stage.pointer, wants_scores=wants_scores
            )
        else:
            self.speaker.prepare_one()
        if page is not None:
            is_over_match = picture is not None
            self.renderer.paint_page(surface, page, self.stage.focus, is_over_match=is_over_match)
        is_aiming = page is None and picture is not None and picture.own is not None
        self.window.show_pointer(not is_aiming)
        self.window.show()

    def _page(self, now_s: float) -> Page | None:
        """The page to show; None in a match without an overlay."""
        colours, size = self.renderer.paints.colours, self.window.size
        lobby, values = self.lobby.state, self.settings.values
        match self.stage.overlay:
            case "menu":
                return menu_page(colours, size)
            case "settings":
                return settings_page(values, colours, size)
            case "keys":
                return keys_page(values, self.stage.awaited_control, colours, size)
            case "create":
                return create_page(lobby, colours, size)
        if self.match is not None:
            if self.match.session.shown is not None:
                return None
            return opening_page(self.match.state, now_s, colours, size)
        if lobby.doing is LobbyActivity.QUEUED:
            return queue_page(lobby, colours, size)
        if lobby.doing is LobbyActivity.ROOM and lobby.room is not None:
            return room_page(lobby, lobby.room, colours, size)
        server = f"{self.address.host}:{self.address.port}"
        return start_page(lobby, PageContext(server, now_s, self.trouble), colours, size)

    def _do(self, action: Action) -> None:
        """Carry out what a person asked for."""
        if isinstance(action, ToLobby):
            self._take_name()
            self.stage.overlays.clear()
            self.lobby.ask(action)
            self.lobby.connection.hurry()  # a click should not wait for a countdown
            return
        word, *rest = action
        if word in _OVERLAYS:
            self.stage.open(word)
        elif word in _REPAIRS:
            self._mend(word)
        elif word == "close":
            self.stage.close()
        elif word == "join_typed":
            self._do(JoinRoom(self.stage.focus.texts.get("code", "")))
        elif word == "rename":
            self._take_name()
        elif word == "set":
            self._change(**{str(rest[0]): rest[1]})
        elif word == "full_screen":
            self._change(full_screen=not self.settings.values.full_screen)
        elif word in ("rebind", "bind"):
            self._bind(*map(str, rest))
        elif word == "vote" and self.match is not None:
            self._vote(rest[0])
        elif word == "leave":
            self.nursery.start_soon(self._leave)
        elif word == "quit":
            self.is_over = True

    def _bind(self, control: str, key: str = "") -> None:
        """Bind a key to a control; without one, wait for it."""
        if key:
            self._change(keys=rebound(self.settings.values.keys, control, key))
        else:
            self.stage.awaited_control = control

    def _mend(self, word: str) -> None:
        """Restart what ended or was unplugged: the lobby, the loudspeakers."""
        if word == "reconnect":
            self.lobby.connection.hurry()
        elif word == "sound_lost" or not self.speaker.is_there:
            self.speaker.close()
            self.trouble = self.speaker.open()

    def _vote(self, option: object) -> None:
        welcome = self.match.session.replica.welcome if self.match is not None else None
        if self.match is None or welcome is None or not isinstance(option, int):
            return
        if option < len(welcome.vote_maps):
            self.match.vote(option)

    async def _leave(self) -> None:
        match = self.match
        self.stage.overlays.clear()
        if match is not None:
            await match.leave()
            if self.match is match:
                self._playing.cancel()

    def _take_name(self) -> None:
        name = self.stage.focus.texts.get("name", "").strip()
        if name != self.settings.values.name:
            self._change(name=name)
            self.lobby.rename(name)

    def _change(self, **values: object) -> None:
        try:
            self.settings.change(**values)
        except SettingsError as error:
            self.trouble = str(error)
            return
        self.trouble = self.settings.trouble
        self.renderer.use(self.settings.values)
        self.stage.hands.bind(self.settings.values.keys)
        self.window.set_full_screen(self.settings.values.full_screen)

    def _window_keys(self) -> None:
        """Handle the keys that are for the window and not for the match."""
        hands, match = self.stage.hands, self.match
        if hands.take_presses("menu"):
            self.stage.open("menu")
        if hands.take_presses("net_graph") % 2:
            self._change(net_graph=not self.settings.values.net_graph)
        if hands.take_presses("full_screen") % 2:
            self._change(full_screen=not self.settings.values.full_screen)
        round_ = match.session.shown if match is not None else None
        if match is not None and round_ is not None and may_look_around(round_):
            for control in STEER:
                by = -1 if control == "previous_weapon" else 1
                for _ in range(hands.take_presses(control)):
                    match.session.spectator.step(round_, by)

    def _sample(self, tick: int, round_: Round) -> Input:
        """The player's input for a tick."""
        fighter = round_.prediction.self
        if fighter is None:
            return NEUTRAL
        x, y = self.renderer.scene.camera.world(*self.stage.pointer)
        ammo = (-1, *fighter.ammo[1:])
        mouse = x - int(fighter.x), y - int(fighter.y)
        situation = AimContext(tick, fighter.weapon, round_.confirmed_weapon, ammo, mouse)
        return self.stage.hands.sample(situation)


async def run_app(
    address: Address, settings: SettingsFile, window: Window, speaker: Speaker
) -> None:
    """Run until the window is closed. Both `window` and `speaker` are open, and stay open."""
    async with trio.open_nursery() as nursery:
        app = App(address, settings, window, speaker, nursery)
        nursery.start_soon(_watch_signals, app)
        nursery.start_soon(app.lobby.run)
        await app.frames()
        app.renderer.painter.close()
        nursery.cancel_scope.cancel()


async def _watch_signals(app: App) -> None:
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            app.is_over = True
