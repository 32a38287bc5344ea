"""The others of the match, and people in other matches: `python -m bench.abuse.company`.

A process of its own, on raw sockets. Each comes from an address of their own, walks and shoots.
Tells in one line when all are seated, and in another how many were lost, whenever it is asked.
"""

import argparse
import json
import queue
import sys
import threading

from attrs import frozen

from bench.abuse.wire import Ended, greet, join
from bench.contender_skirmish import SkirmishPlayer
from bench.load import Load, Player, Walk
from game.wire.lobby_messages import JoinMatch, Play, Seat
from game.wire.schema import ToLobby

TURN_S = 0.1  # three inputs of each
SEAT_S = 20.0


@frozen
class Company:
    """The company: `count` people in one match, and one in a match of each of `modes`."""

    port: int
    match_id: str
    count: int
    modes: tuple[str, ...]

    def players(self) -> list[Player]:
        """Seat all players. Raises `Ended`."""
        wishes: list[ToLobby] = [JoinMatch(self.match_id)] * self.count
        wishes += [Play(mode) for mode in self.modes]
        return [self._seated(number, wish) for number, wish in enumerate(wishes)]

    def _seated(self, number: int, wish: ToLobby) -> Player:
        source = f"127.1.1.{number + 1}"
        lobby, _ = greet(self.port, f"Friend {number}", source)
        lobby.say(wish)
        seat = lobby.hear(Seat, patience_s=SEAT_S)
        match, welcome = join(self.port, seat.path, seat.ticket, source)
        lobby.close()
        return SkirmishPlayer(match.link, match.rest(), Walk(number, fights=True), welcome.tick)


def main() -> int:
    """Seat all players, and play until the end of standard input."""
    parser = argparse.ArgumentParser(prog="python -m bench.abuse.company", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("match_id")
    parser.add_argument("count", type=int)
    parser.add_argument("modes", nargs="*")
    chosen = parser.parse_args()
    company = Company(chosen.port, chosen.match_id, chosen.count, tuple(chosen.modes))
    try:
        load = Load(company.players())
    except Ended as ended:
        print(json.dumps({"failure": ended.word}), flush=True)
        return 1
    print(json.dumps({"seated": company.count + len(company.modes)}), flush=True)
    questions: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    while True:
        load.play(TURN_S)
        while not questions.empty():
            question = questions.get()
            print(json.dumps({"lost": load.lost}), flush=True)
            if not question:
                load.close()
                return 0


def _listen(questions: "queue.SimpleQueue[str]") -> None:
    """Queue the lines: each asks how many were lost. The end of input ends the game."""
    for line in sys.stdin:
        questions.put(line)
    questions.put("")


if __name__ == "__main__":
    sys.exit(main())
