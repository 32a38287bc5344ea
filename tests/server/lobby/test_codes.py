"""Room codes can be read aloud, and cannot be found by guessing."""

import random

from hypothesis import given
from hypothesis import strategies as st

from server.lobby import codes
from server.lobby.codes import CROWDED_S, OVERALL_BURST, WRONG_EVERY_S, GuessGuard


def guess(guard: GuessGuard, key: str, now_s: float, tries: int = 1) -> int:
    """Try wrong codes for as long as allowed; returns how many were looked up."""
    for number in range(tries):
        if guard.wait_s((key,), now_s) > 0:
            return number
        guard.was_wrong((key,), now_s)
    return tries


def crowded() -> GuessGuard:
    """A guard at second 0, after enough wrong codes to trip the overall limit."""
    guard = GuessGuard(wrong_max=3)
    for number in range(OVERALL_BURST):
        assert guess(guard, f"attacker {number}", 0.0)
    return guard


def test_a_code_is_three_groups_of_letters_that_nobody_mistakes():
    code = codes.new_code((), random.Random(1))
    assert [len(group) for group in code.split("-")] == [3, 3, 3]
    assert set(code.replace("-", "")) <= set(codes.ALPHABET)
    assert not set(codes.ALPHABET) & set("0O1IL2UVQ")


def test_there_are_more_codes_than_a_crowd_of_guessers_can_try():
    assert len(set(codes.ALPHABET)) ** codes.LENGTH > 10**11


def test_a_taken_code_is_not_given_again():
    first = codes.new_code((), random.Random(1))
    assert codes.new_code({first}, random.Random(1)) not in ("", first)


@given(st.randoms(use_true_random=False), st.data())
def test_a_code_is_known_in_any_case_and_grouping(rng: random.Random, data: st.DataObject):
    code = codes.new_code((), rng)
    typed = ""
    for letter in code.replace("-", ""):
        typed += data.draw(st.sampled_from(["", " ", "-", ".", "\u2013", " - "]))
        shift = 0xFEE0  # from ASCII to the full-width letters of an East Asian keyboard
        typed += data.draw(st.sampled_from([letter, letter.lower(), chr(ord(letter) + shift)]))
    assert codes.normalise(typed) == code


@given(st.text(max_size=24))
def test_any_text_is_a_code_or_nothing(text: str):
    code = codes.normalise(text)
    assert code in ("", codes.normalise(code))
    assert len(code) in (0, codes.LENGTH + codes.GROUPS - 1)


def test_a_key_may_be_wrong_only_so_often_and_others_are_not_hindered():
    guard = GuessGuard(wrong_max=3)
    assert guess(guard, "a", 0.0, tries=9) == 3
    assert guard.wait_s(("a",), 0.0) == WRONG_EVERY_S
    assert guess(guard, "b", 0.0) == 1
    assert guess(guard, "a", WRONG_EVERY_S, tries=9) == 1
    assert guess(guard, "a", 3 * WRONG_EVERY_S + WRONG_EVERY_S, tries=9) == 3


def test_the_slowest_of_several_keys_decides():
    guard = GuessGuard(wrong_max=3)
    guess(guard, "session", 0.0, tries=3)
    assert guard.wait_s(("site", "session"), 0.0) > 0
    assert guard.wait_s(("site",), 0.0) == 0


def test_a_site_for_each_guess_is_looked_up_once_a_minute_while_all_guess_too_much():
    guard = crowded()
    assert guess(guard, "attacker 0", 0.0) == 0
    busy_s = CROWDED_S - 1
    for number in range(10 * OVERALL_BURST):
        guard.was_wrong((f"further {number}",), busy_s)
    assert guess(guard, "attacker 0", busy_s) == 0


def test_members_with_the_right_code_come_in_while_all_guess_too_much():
    assert crowded().wait_s(("member",), 0.0) == 0


def test_a_slip_of_the_finger_during_an_attack_costs_a_minute():
    guard = crowded()
    guard.was_wrong(("member",), 0.0)
    wait_s = guard.wait_s(("member",), 0.0)
    assert 0 < wait_s <= CROWDED_S
    for number in range(10 * OVERALL_BURST):  # the attack goes on
        guard.was_wrong((f"further {number}",), wait_s)
    assert guard.wait_s(("member",), wait_s) == 0


def test_an_attack_that_is_over_slows_nobody_down():
    guard = crowded()
    assert guard.wait_s(("attacker 0",), 1.0) == 0


def test_the_guard_remembers_a_bounded_number_and_forgets_the_longest_well_behaved():
    guard = GuessGuard(wrong_max=5, remembered_max=10)
    for number in range(100):
        guard.was_wrong((f"address {number}",), 0.0)
        guard.was_wrong(("bad",), 0.0)
        assert len(guard) <= 10
    assert guard.wait_s(("bad",), 0.0) > 0
    assert guard.wait_s(("address 0",), 0.0) == 0


class CountedDict(dict):
    """A dict that notes when it is iterated."""

    walks = 0

    def __iter__(self):
        iterator = super().__iter__()
        for steps, key in enumerate(iterator):
            CountedDict.walks += steps > 0
            yield key

    def items(self):
        raise AssertionError("somebody walks through the whole table")

    values = items


def test_a_full_table_costs_as_little_as_an_empty_one():
    guard = GuessGuard(wrong_max=5, remembered_max=100, paid_off_s=CountedDict())
    for number in range(1_000):
        guard.was_wrong((f"address {number}",), 0.0)
        guard.wait_s((f"address {number}",), 0.0)
    assert (len(guard), CountedDict.walks) == (100, 0)
