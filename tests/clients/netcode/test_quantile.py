"""An estimate that follows what is usual, and not what happened once."""

import random

from clients.netcode.quantile import Quantile
from clients.netcode.tuning import QUANTILE_STEP


def test_it_learns_what_is_seldom_exceeded() -> None:
    dice, quantile = random.Random(1), Quantile(0.9, 100)
    values = []
    for _ in range(4_000):
        quantile.add(dice.random() * 10)
        values.append(quantile.value)
    assert 8 < sum(values[1_000:]) / 3_000 < 10


def test_one_hiccup_moves_it_by_a_step_and_the_limit_holds() -> None:
    quantile = Quantile(0.99, 2)
    quantile.add(1_000)
    assert 0 < quantile.value <= QUANTILE_STEP
    for _ in range(100):
        quantile.add(1_000)
    assert quantile.value == 2
