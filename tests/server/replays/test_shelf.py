"""Costly results are made once for all viewers, in bounded memory."""

import trio
from hypothesis import given
from hypothesis import strategies as st

from server.replays.shelf import Shelf


class Workshop:
    """Makes things, and notes how many were in progress at once."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.busy, self.busiest = shelf, 0, 0

    async def get(self, name: str, size: int = 1) -> bytes:
        async def make() -> bytes:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            await trio.sleep(1)
            self.busy -= 1
            return name.encode() * size

        return await self.shelf.get(name, make)


async def test_a_hundred_who_want_the_same_at_once_have_it_made_once(autojump_clock: object):
    shop = Workshop(Shelf(1_000))
    async with trio.open_nursery() as nursery:
        for _ in range(100):
            nursery.start_soon(shop.get, "a")
    assert shop.shelf.made_count == 1
    assert await shop.get("a") == b"a"


async def test_one_thing_is_made_after_the_other(autojump_clock: object):
    shop = Workshop(Shelf(1_000))
    async with trio.open_nursery() as nursery:
        for name in "abcdef":
            nursery.start_soon(shop.get, name)
    assert (shop.busiest, shop.shelf.made_count) == (1, 6)


async def test_what_failed_is_tried_again(autojump_clock: object):
    shelf, tries = Shelf(10), []

    async def make() -> bytes:
        await trio.lowlevel.checkpoint()
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        return b"x"

    for _ in range(3):
        try:
            await shelf.get("a", make)
        except OSError:
            continue
    assert len(tries) == 2


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40)), max_size=40))
def test_all_that_is_kept_has_room_and_the_least_wanted_goes_first(
    wishes: list[tuple[str, int]],
) -> None:
    shelf = Shelf(60)
    wanted: list[str] = []

    async def ask(name: str, size: int) -> None:
        async def make() -> bytes:
            await trio.lowlevel.checkpoint()
            return bytes(size)

        await shelf.get(name, make)

    async def ask_all() -> None:
        for name, size in wishes:
            await ask(name, size)
            wanted.append(name)
            assert shelf.kept_bytes == sum(map(len, shelf._kept.values())) <= 60
            newest_first = list(dict.fromkeys(reversed(wanted)))
            kept = [each for each in newest_first if each in shelf._kept]
            assert list(shelf._kept) == kept[::-1]

    trio.run(ask_all)
