"""Room codes: five letters that can be read out over a phone, and a brake on guessing them.

Owns: the alphabet and how often an address may be wrong. Must not know: rooms. Invariant: the
guard remembers at most `ADDRESSES_MAX` addresses, whatever comes.
"""

import random
from collections.abc import Container

from attrs import define, field

from server.lobby.budget import Budget

# No I, L, O (digits in disguise), no U and V (one letter in many hands), no Q. 20 letters, 3.2
# million codes.
ALPHABET = "ABCDEFGHJKMNPRSTWXYZ"
LENGTH = 5
WRONG_PER_S = 1 / 6  # ten minutes of guessing cover 100 of 3.2 million codes
ADDRESSES_MAX = 10_000


def new_code(taken: Container[str], rng: random.Random) -> str:
    """Return a code that is not taken; nobody can tell it from the codes before."""
    while True:
        code = "".join(rng.choice(ALPHABET) for _ in range(LENGTH))
        if code not in taken:
            return code


def normalise(text: str) -> str:
    """Return what somebody typed as a code; it may still be none."""
    return text.strip().upper()


@define
class GuessGuard:
    """Counts wrong codes by address. Policy of a full table: forget whoever is best behaved."""

    wrong_max: int
    addresses_max: int = ADDRESSES_MAX
    _budgets: dict[str, Budget] = field(factory=dict)

    def may_try(self, address: str, now_s: float) -> bool:
        """Whether `address` has not been wrong too often."""
        budget = self._budgets.get(address)
        return budget is None or budget.level(now_s) >= 1

    def was_wrong(self, address: str, now_s: float) -> None:
        """Count one wrong code."""
        budget = self._budgets.get(address)
        if budget is None:
            self._make_room(now_s)
            budget = self._budgets[address] = Budget(WRONG_PER_S, self.wrong_max, now_s)
        budget.take(now_s)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._budgets)

    def _make_room(self, now_s: float) -> None:
        if len(self._budgets) < self.addresses_max:
            return
        budgets = self._budgets
        for address in [key for key, it in budgets.items() if it.level(now_s) >= self.wrong_max]:
            del budgets[address]
        if len(budgets) >= self.addresses_max:
            del budgets[max(budgets, key=lambda address: budgets[address].level(now_s))]
