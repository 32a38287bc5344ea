"""`skirmish replay` and `skirmish debug` as they are called from a shell."""

import io
import json
from pathlib import Path

import pytest

from game.world import Phase
from server import cli
from server.commands import replay
from server.replays.verify import PlayerRow, Verification
from server.version import build
from tests.journals import Recorder, played
from tests.strategies import world_of

MATCH = played(200, 3)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One journal file, in a folder without a secret."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "match.skj"
    path.write_bytes(MATCH.journal)
    return path


def test_a_whole_journal_is_verified(journal: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["replay", str(journal)]) == 0
    words = capsys.readouterr().out
    assert "verified  199 traces and 3 checkpoints, and the final digest are as recorded" in words
    assert "signed; the secret to check the signature with is not available here" in words
    assert "Cleo (bot)" in words


def test_that_another_build_wrote_it_is_said(
    journal: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert cli.main(["replay", str(journal)]) == 0
    assert f"This is Skirmish {build()}: its rules may be others" in capsys.readouterr().out
    monkeypatch.setattr(replay, "build", lambda: "test")
    assert cli.main(["replay", str(journal)]) == 0
    assert "its rules may be others" not in capsys.readouterr().out


def test_a_torn_journal_is_verified_up_to_there(journal: Path, capsys: pytest.CaptureFixture[str]):
    journal.write_bytes(MATCH.journal[:-200])
    assert cli.main(["replay", str(journal)]) == 0
    words = capsys.readouterr().out
    assert "ends in the middle of a record" in words
    assert "checkpoints are as recorded" in words


def test_a_damaged_journal_fails(journal: Path, capsys: pytest.CaptureFixture[str]):
    spoilt = bytearray(MATCH.journal)
    spoilt[len(spoilt) // 2] ^= 1
    journal.write_bytes(spoilt)
    assert cli.main(["replay", str(journal)]) == 1
    assert "match.skj is damaged at byte" in capsys.readouterr().out


def test_the_answer_for_programs_has_the_same(journal: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["replay", "--json", str(journal)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["first_tick"], answer["last_tick"], answer["differs"]) == (0, 200, None)
    assert answer["mode"] == "deathmatch"
    assert [row["name"] for row in answer["players"]] == ["Ada", "Basil", "Cleo"]
    assert answer["compared"] == {"traces": 199, "checkpoints": 3}


@pytest.mark.parametrize(
    ("winner", "points", "words"),
    [
        (1, (), ["won by    Bo"]),
        (-1, (), ["won by    nobody: a draw"]),
        (2, (3, 5), ["won by    blue (red to blue: 3 to 5)"]),
        (-1, (3, 3), ["won by    nobody: a draw (red to blue: 3 to 3)"]),
    ],
)
def test_the_winner_is_shown_once_the_match_is_over(winner, points, words):
    verification = Verification(0, 9, phase=Phase.SCOREBOARD, winner=winner, team_scores=points)
    verification.rows = [PlayerRow(0, "Ada", False, 5, 5, 0), PlayerRow(1, "Bo", False, 3, 3, 0)]
    assert replay.winner_lines(verification) == words
    verification.phase = Phase.OVERTIME
    assert replay.winner_lines(verification) == []


def test_seeking_shows_the_world_of_a_tick(journal: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["replay", "--seek", "190", str(journal)]) == 0
    assert capsys.readouterr().out.startswith("tick 190: PLAY")
    assert cli.main(["replay", "--seek", "201", str(journal)]) == 1
    assert "there is no tick 201 here, only 0 to 200" in capsys.readouterr().err


def test_the_export_has_a_line_for_each_tick(journal: Path, tmp_path: Path):
    target = tmp_path / "out.jsonl"
    assert cli.main(["replay", "--export", str(target), str(journal)]) == 0
    first, *lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert first["names"] == {"0": "Ada", "1": "Basil", "2": "Cleo"}
    assert [line["tick"] for line in lines] == list(range(1, 201))
    assert lines[0]["commands"] == [[1, slot, 1] for slot in range(3)]
    assert [line["tick"] for line in lines if "world" in line] == [60, 120, 180]
    assert lines[59]["world"]["digest"] == MATCH.digests[60].hex()


def test_the_digests_are_those_of_the_match(journal: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["replay", "--digests", str(journal)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [f"{tick} {digest.hex()}" for tick, digest in MATCH.digests.items()]


@pytest.mark.parametrize("command", ["replay", "debug"])
def test_a_file_that_is_no_journal_gets_a_sentence(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "x.skj"
    path.write_bytes(b"GIF89a")
    assert cli.main([command, str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"skirmish {command}: x.skj: ")
    assert cli.main([command, str(tmp_path / "nowhere.skj")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_map_that_is_not_here_gets_a_sentence(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["replay", "--maps", str(tmp_path), str(journal)]) == 1
    assert "which is no map in" in capsys.readouterr().err


def test_a_script_of_the_debugger_is_run_to_its_end(
    journal: Path, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["debug", str(journal), "-c", "goto 190 # here; step; quit; show"]) == 0
    words = capsys.readouterr().out
    assert "(skirmish) step\ntick 191: PLAY" in words
    assert "show" not in words


def test_a_wrong_command_of_a_script_fails_it(
    journal: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", io.StringIO("goto 500\n\nshow\n"))
    assert cli.main(["debug", str(journal)]) == 1
    words = capsys.readouterr().out
    assert "there is no tick 500 here" in words
    assert "(skirmish) show\ntick 0: WARMUP" in words


def test_a_journal_of_a_failing_test_can_be_debugged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    recorder = Recorder(world_of())
    recorder.tick([], [])
    path = tmp_path / "failed.skj"
    path.write_bytes(recorder.journal())
    assert cli.main(["debug", str(path), "-c", "step"]) == 0
    assert "tick 1: WARMUP" in capsys.readouterr().out
