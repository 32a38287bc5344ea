"""The promises of every store of results, tested on each of them."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from attrs import evolve

from server.store.base import RECENT_MAX, MatchResult, PlayerResult, Store, StoreError
from server.store.memory import RESULTS_MAX, MemoryStore
from server.store.migrations import MIGRATIONS
from server.store.sqlite import open_sqlite

ANN = PlayerResult(0, "a" * 16, "Ann", False, 25, 25, 3)
BOT = PlayerResult(1, "", "Fern", True, 7, 8, 20)
LEAVER = PlayerResult(1, "b" * 16, "Bob", False, 3, 3, 9, left=True)  # a bot took the slot
RESULT = MatchResult(
    match_id="m1",
    round_number=0,
    mode="deathmatch",
    map_name="foundry",
    seed=2**62,
    digest=bytes(range(16)),
    started_s=1_000.5,
    ended_s=1_480.25,
    winner=0,
    red=0,
    blue=0,
    players=(BOT, ANN, LEAVER),
)


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made = MemoryStore() if request.param == "memory" else await open_sqlite(tmp_path / "r.sqlite3")
    yield made
    await made.aclose()


async def test_sides_and_their_points_come_back(store: Store):
    of_sides = evolve(RESULT, red=5, blue=-1, players=(evolve(ANN, team=1), evolve(BOT, team=2)))
    await store.record_result(of_sides)
    assert await store.recent_results(1) == [of_sides]


async def test_recorded_matches_are_read_back_unchanged(store: Store):
    assert await store.record_result(RESULT)
    assert await store.recent_results(10) == [RESULT]


async def test_a_result_told_twice_is_kept_once_and_as_it_was_first_told(store: Store):
    assert await store.record_result(RESULT)
    assert not await store.record_result(evolve(RESULT, winner=1))
    assert await store.recent_results(10) == [RESULT]


async def test_each_round_of_a_match_is_a_result_and_the_newest_comes_first(store: Store):
    rounds = [evolve(RESULT, round_number=n, ended_s=2_000.0 + n) for n in range(5)]
    for result in rounds:
        await store.record_result(result)
    assert await store.recent_results(3) == rounds[:1:-1]


async def test_no_more_is_returned_than_the_limit_says(store: Store):
    await store.record_result(RESULT)
    assert await store.recent_results(0) == []
    assert await store.recent_results(-1) == []


async def test_the_memory_store_forgets_the_oldest():
    store = MemoryStore()
    for number in range(RESULTS_MAX + 1):
        await store.record_result(evolve(RESULT, round_number=number))
    assert len(store.results) == RESULTS_MAX
    assert ("m1", 0) not in store.results
    assert len(await store.recent_results(10**6)) == RECENT_MAX


async def test_a_database_outlives_its_server(tmp_path: Path):
    path = tmp_path / "deep" / "er" / "r.sqlite3"
    first = await open_sqlite(path)
    await first.record_result(RESULT)
    await first.aclose()
    second = await open_sqlite(path)
    assert await second.recent_results(1) == [RESULT]
    await second.aclose()


async def test_a_database_of_the_first_schema_keeps_its_results(tmp_path: Path):
    path = tmp_path / "r.sqlite3"
    connection = sqlite3.connect(path)
    for statement in MIGRATIONS[0]:
        connection.execute(statement)
    connection.execute("insert into results values ('m0', 0, 'duel', 'hall', 7, x'00', 1, 2, 0)")
    connection.execute("insert into result_players values ('m0', 0, 4, 'aa', 'Ann', 0, 9, 8, 7, 1)")
    connection.execute("pragma user_version = 1")
    connection.commit()
    connection.close()
    store = await open_sqlite(path)
    (result,) = await store.recent_results(10)
    assert result.players == (PlayerResult(4, "aa", "Ann", False, 9, 8, 7),)
    assert await store.record_result(RESULT)
    await store.aclose()


async def test_a_database_of_a_newer_skirmish_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "r.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(f"pragma user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(StoreError, match="use a newer one"):
        await open_sqlite(path)


async def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path):
    path = tmp_path / "r.sqlite3"
    path.write_bytes(b"not a database at all, " * 100)
    with pytest.raises(StoreError, match="cannot be used"):
        await open_sqlite(path)


async def test_a_result_that_fails_half_way_leaves_nothing(tmp_path: Path):
    store = await open_sqlite(tmp_path / "r.sqlite3")
    with pytest.raises(StoreError):
        await store.record_result(evolve(RESULT, players=(ANN, evolve(ANN, name=None))))
    assert await store.recent_results(10) == []
    assert await store.record_result(RESULT)
    await store.aclose()


async def test_a_database_is_for_this_user_alone_and_never_a_link(tmp_path: Path):
    path = tmp_path / "new" / "r.sqlite3"
    store = await open_sqlite(path)
    await store.record_result(RESULT)
    modes = {each.stat().st_mode & 0o077 for each in [path.parent, *path.parent.iterdir()]}
    await store.aclose()
    assert modes == {0}
    path.chmod(0o644)  # as an older version left it
    await (await open_sqlite(path)).aclose()
    assert path.stat().st_mode & 0o077 == 0
    (tmp_path / "link.sqlite3").symlink_to(path)
    with pytest.raises(StoreError, match="symbolic link"):
        await open_sqlite(tmp_path / "link.sqlite3")
