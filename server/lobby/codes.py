"""Room codes: nine letters that can be read out over a phone, and a rate limit on guessing them.

Owns: the alphabet, which typed texts count as a code, and how many wrong codes are allowed.
Must not know: rooms, how an address became a key. Invariant: the guard remembers at most
`remembered_max` keys, and each call costs the same however many it remembers.

The length of a code keeps strangers out: there are 18^9, or 198 billion. The rate limit slows
guessing in two steps. A key (a session, or the site of its address) may be wrong `wrong_max`
times at once and once more every `WRONG_EVERY_S`. All keys together may be wrong `OVERALL_BURST`
times at once and `OVERALL_PER_S` times a second; while they exceed that, each key that was wrong
may try once in `CROWDED_S` or a little more.

So the overall limit slows a key down and never shuts it out: a key that has not been wrong lately
may always try. During an attack, members who type the right code get in at once, and within a
minute after a typing mistake. The price is that an attacker with 65,536 sites (an IPv6 /48) gets
1,100 guesses a second, enough to find one of a thousand open rooms every second day. Closing that
too would lock members out for as long as an attack lasts.
"""

import random
import unicodedata
from collections.abc import Container

from attrs import define, field

from server.budget.bucket import Bucket

# Without I, L and O (they look like digits), U and V (the same in much handwriting) and Q; also
# without A and E, so that no group of three is a word.
ALPHABET = "BCDFGHJKMNPRSTWXYZ"
GROUPS = 3
GROUP_LETTERS = 3
LENGTH = GROUPS * GROUP_LETTERS
EXAMPLE = "BCD-FGH-JKM"  # for messages about codes

WRONG_EVERY_S = 6.0
OVERALL_PER_S = 20.0
OVERALL_BURST = 500
CROWDED_S = 60.0
REMEMBERED_MAX = 65_536  # some 13 MiB


def new_code(taken: Container[str], rng: random.Random) -> str:
    """Return a code that is not taken; earlier codes do not help to guess it."""
    while True:
        code = _grouped("".join(rng.choice(ALPHABET) for _ in range(LENGTH)))
        if code not in taken:
            return code


def normalise(text: str) -> str:
    """Return typed text in the form of `new_code`, whatever its case, width and grouping; "" when
    it cannot be a code.
    """
    wide = unicodedata.normalize("NFKC", text).upper()
    letters = "".join(filter(str.isalnum, wide))
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return ""
    return _grouped(letters)


def _grouped(letters: str) -> str:
    starts = range(0, LENGTH, GROUP_LETTERS)
    return "-".join(letters[start : start + GROUP_LETTERS] for start in starts)


@define
class GuessGuard:
    """Counts wrong codes by key; see the module. Policy of a full table: forget the key that has
    not been wrong for longest. Getting a key forgotten costs an attacker more guesses than it
    returns.
    """

    wrong_max: int
    remembered_max: int = REMEMBERED_MAX
    # When a key's wrong codes are all paid off, at one each `WRONG_EVERY_S`; the key that was wrong
    # last is at the end.
    _paid_off_s: dict[str, float] = field(factory=dict)
    _overall: Bucket | None = None

    def wait_s(self, keys: tuple[str, ...], now_s: float) -> float:
        """Return how long these keys have to wait before the next try; 0: no wait."""
        known = [paid_s for key in keys if (paid_s := self._paid_off_s.get(key)) is not None]
        if not known:
            return 0.0
        owed_s = max(known) - now_s
        if self._overall is not None and self._overall.level(now_s) < 1:
            return max(0.0, owed_s + CROWDED_S - WRONG_EVERY_S)
        return max(0.0, owed_s - (self.wrong_max - 1) * WRONG_EVERY_S)

    def was_wrong(self, keys: tuple[str, ...], now_s: float) -> None:
        """Count one wrong code."""
        if self._overall is None:
            self._overall = Bucket(OVERALL_PER_S, OVERALL_BURST, now_s)
        self._overall.take(now_s)
        for key in keys:
            paid_s = max(now_s, self._paid_off_s.pop(key, now_s)) + WRONG_EVERY_S
            if len(self._paid_off_s) >= self.remembered_max:
                del self._paid_off_s[next(iter(self._paid_off_s))]
            self._paid_off_s[key] = min(paid_s, now_s + self.wrong_max * WRONG_EVERY_S)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._paid_off_s)
