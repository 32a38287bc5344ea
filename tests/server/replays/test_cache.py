"""Costly results are made once for all viewers, in bounded memory."""

import trio
from hypothesis import given
from hypothesis import strategies as st

from server.replays.cache import ResponseCache


class Workshop:
    """Makes things, and notes how many were in progress at once."""

    def __init__(self, cache: ResponseCache) -> None:
        self.cache, self.busy, self.busiest = cache, 0, 0

    async def get(self, name: str, size: int = 1) -> bytes:
        async def make() -> bytes:
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            await trio.sleep(1)
            self.busy -= 1
            return name.encode() * size

        return await self.cache.get(name, make)


async def test_a_hundred_who_want_the_same_at_once_have_it_made_once(autojump_clock: object):
    shop = Workshop(ResponseCache(1_000))
    async with trio.open_nursery() as nursery:
        for _ in range(100):
            nursery.start_soon(shop.get, "a")
    assert shop.cache.made_count == 1
    assert await shop.get("a") == b"a"


async def test_one_thing_is_made_after_the_other(autojump_clock: object):
    shop = Workshop(ResponseCache(1_000))
    async with trio.open_nursery() as nursery:
        for name in "abcdef":
            nursery.start_soon(shop.get, name)
    assert (shop.busiest, shop.cache.made_count) == (1, 6)


async def test_failed_writes_are_retried(autojump_clock: object):
    cache, tries = ResponseCache(10), []

    async def make() -> bytes:
        await trio.lowlevel.checkpoint()
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        return b"x"

    for _ in range(3):
        try:
            await cache.get("a", make)
        except OSError:
            continue
    assert len(tries) == 2


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40)), max_size=40))
def test_all_that_is_kept_has_room_and_the_least_wanted_goes_first(
    wishes: list[tuple[str, int]],
) -> None:
    cache = ResponseCache(60)
    wanted: list[str] = []

    async def ask(name: str, size: int) -> None:
        async def make() -> bytes:
            await trio.lowlevel.checkpoint()
            return bytes(size)

        await cache.get(name, make)

    async def ask_all() -> None:
        for name, size in wishes:
            await ask(name, size)
            wanted.append(name)
            assert cache.kept_bytes == sum(map(len, cache._kept.values())) <= 60
            newest_first = list(dict.fromkeys(reversed(wanted)))
            kept = [each for each in newest_first if each in cache._kept]
            assert list(cache._kept) == kept[::-1]

    trio.run(ask_all)
