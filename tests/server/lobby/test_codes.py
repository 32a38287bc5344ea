"""Room codes: readable aloud, and not to be found by trying."""

import random

from server.lobby import codes


def test_codes_are_five_letters_that_nobody_mistakes():
    code = codes.new_code((), random.Random(1))
    assert len(code) == codes.LENGTH
    assert not set(code) & set("0O1IL2UVQ")


def test_a_taken_code_is_not_given_again():
    first = codes.new_code((), random.Random(1))
    assert codes.new_code({first}, random.Random(1)) not in ("", first)


def test_case_and_spaces_do_not_matter():
    assert codes.normalise(" abcde ") == "ABCDE"


def test_an_address_may_be_wrong_only_so_often_and_others_are_not_hindered():
    guard = codes.GuessGuard(wrong_max=3)
    for _ in range(3):
        assert guard.may_try("a", 0.0)
        guard.was_wrong("a", 0.0)
    assert not guard.may_try("a", 0.0)
    assert guard.may_try("b", 0.0)
    assert guard.may_try("a", 1 / codes.WRONG_PER_S + 0.01)


def test_the_guard_remembers_a_bounded_number_and_forgets_the_well_behaved():
    guard = codes.GuessGuard(wrong_max=5, addresses_max=10)
    for _ in range(5):
        guard.was_wrong("bad", 0.0)
    for number in range(100):
        guard.was_wrong(f"address {number}", 0.0)
        assert len(guard) <= 10
    assert not guard.may_try("bad", 0.0)
