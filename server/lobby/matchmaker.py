"""The matchmaker: a pure function from the queue and the running matches to assignments.

Owns: the order of preference. Must not know: sessions, sockets, how a match is made. Invariants:
nobody is assigned twice or to more seats than there are; a player who has waited `fill_after_s` is
assigned at the next run, with whoever is there; first come, first served.
"""

from collections.abc import Iterable, Sequence

from attrs import frozen

RATING_ANY = 10**6

# The longer players wait, the fewer people and the larger rating differences they settle for.
# (share of the time to fill that has passed, share of the preferred size, rating points)
WIDENING: tuple[tuple[float, float, int], ...] = (
    (0.0, 1.0, 150),
    (0.25, 0.75, 300),
    (0.5, 0.5, 600),
    (0.75, 0.25, RATING_ANY),
)


@frozen
class Waiting:
    """A player in the queue."""

    player_id: str
    mode: str
    joined_s: float
    rating: int = 1_500


@frozen
class OpenMatch:
    """A running public match. `open_seats` counts seats that are empty or held by bots."""

    match_id: str
    mode: str
    people: int
    open_seats: int


@frozen
class ModeSize:
    """How many people a new match of a mode wants (`preferred`), needs to be worth making without
    bots (`least`), and can take (`most`).
    """

    preferred: int
    least: int
    most: int


@frozen
class Assignment:
    """These people go together into `match_id`, or, when it is empty, into a new match."""

    mode: str
    player_ids: tuple[str, ...]
    match_id: str = ""


def assign(
    queue: Sequence[Waiting],
    matches: Iterable[OpenMatch],
    sizes: dict[str, ModeSize],
    fill_after_s: float,
    now_s: float,
) -> list[Assignment]:
    """Return the assignments for now; players without one keep waiting."""
    running = list(matches)
    assignments: list[Assignment] = []
    for mode in sorted({waiting.mode for waiting in queue}):
        line = sorted(
            (waiting for waiting in queue if waiting.mode == mode),
            key=lambda waiting: (waiting.joined_s, waiting.player_id),
        )
        open_here = [match for match in running if match.mode == mode and match.open_seats > 0]
        joined = _into_running(line, open_here)
        assignments += joined
        line = line[sum(len(assignment.player_ids) for assignment in joined) :]
        assignments += _into_new(line, sizes[mode], fill_after_s, now_s)
    return assignments


def _into_running(line: Sequence[Waiting], matches: Sequence[OpenMatch]) -> list[Assignment]:
    # The fullest first: people want company, and empty matches should be left to end.
    assignments = []
    start = 0
    for match in sorted(matches, key=lambda match: (-match.people, match.match_id)):
        group = line[start : start + match.open_seats]
        if group:
            ids = tuple(waiting.player_id for waiting in group)
            assignments.append(Assignment(match.mode, ids, match.match_id))
        start += len(group)
    return assignments


def _into_new(
    line: list[Waiting], size: ModeSize, fill_after_s: float, now_s: float
) -> list[Assignment]:
    assignments = []
    left = list(line)
    for anchor in line:
        if anchor not in left:
            continue
        waited_s = now_s - anchor.joined_s
        wanted, window = _terms(waited_s, size, fill_after_s)
        near = [it for it in left if abs(it.rating - anchor.rating) <= window]
        group = [anchor, *(it for it in near if it is not anchor)][: size.most]
        if len(group) >= wanted or waited_s >= fill_after_s:
            assignments.append(Assignment(anchor.mode, tuple(it.player_id for it in group)))
            left = [it for it in left if it not in group]
    return assignments


def _terms(waited_s: float, size: ModeSize, fill_after_s: float) -> tuple[int, int]:
    """Return the group size and the rating window that a player wants after waiting `waited_s`."""
    passed = waited_s / fill_after_s if fill_after_s > 0 else 1.0
    people_share, window = next(
        (people, rating) for share, people, rating in reversed(WIDENING) if max(passed, 0) >= share
    )
    # Rounded up without float noise; never below the least that makes a match.
    wanted = -(-size.preferred * round(people_share * 100) // 100)
    return max(size.least, wanted), window
