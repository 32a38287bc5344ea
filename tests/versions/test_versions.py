"""`make versions` finds the Pythons that answer, keeps a fair sample, and names what differs."""

import gzip
import os
import sys
from pathlib import Path

import pytest

from build_compiled import CompilerError
from dev import Refusal
from game.journal import RecordKind, read_journal
from tests.game.journal.forging import forged, values_of
from tests.journals import played
from tests.versions import __main__ as program
from tests.versions import pythons
from tests.versions.answers import answers
from tests.versions.compare import differences, faults_of, missing_kinds
from tests.versions.sample import KEPT_PER_KIND, keep_sample

MATCH = played(130, 3)


def server_wrote(base: Path, name: str, journal: bytes, test: str = "test_x0") -> Path:
    place = base / test / "journals" / "place-0"
    (place / "live").mkdir(parents=True, exist_ok=True)
    (place / "at-work").touch()
    (place / "live" / name).write_bytes(journal)
    return place


def said(folder: Path, journal: bytes) -> dict:
    folder.mkdir(exist_ok=True)
    (folder / "a.skj").write_bytes(journal)
    return answers([folder])


def script(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_journal_leads_to_the_digests_of_the_match(tmp_path: Path):
    (answer,) = said(tmp_path, MATCH.journal).values()
    digests = {tick: it for tick, it in answer["digests"].items() if tick}
    assert digests == {tick: MATCH.digests[tick].hex() for tick in (30, 60, 90, 120, 130)}
    assert (answer["fault"], answer["ticks"], answer["bots"]) == ("", 130, True)


def test_a_digest_that_differs_is_named_with_its_journal_and_tick(tmp_path: Path):
    expected, other = said(tmp_path, MATCH.journal), said(tmp_path, MATCH.journal)
    assert list(differences(expected, other)) == []
    other["a.skj"]["digests"][90] = "00"
    other["a.skj"]["digests"][120] = "00"
    (told,) = differences(expected, other)
    assert told.startswith("a.skj: after tick 90 the digest is 00, not ")


def test_a_journal_in_which_a_digest_was_changed_is_named(tmp_path: Path):
    starts = [record.offset for record in read_journal(MATCH.journal).records]
    values = values_of(MATCH.journal, [*starts, len(MATCH.journal)])
    (result,) = [it for it in values if it[0] == RecordKind.RESULT]
    result[2] = bytes(16)
    (told,) = faults_of(said(tmp_path, forged(values)))
    assert told.startswith("a.skj is not what was played: tick 130: the world's digest")


def test_a_journal_that_one_of_them_cannot_read_is_named(tmp_path: Path):
    expected = said(tmp_path, MATCH.journal)
    assert list(differences(expected, {})) == ["a.skj was read by one of them alone"]
    broken = said(tmp_path, MATCH.journal[:50])
    assert list(faults_of(broken))
    assert len(list(differences(expected, broken))) == 1


def test_a_sample_that_shows_too_little_says_what_it_lacks(tmp_path: Path):
    lacks = list(missing_kinds(said(tmp_path, MATCH.journal), {"deathmatch", "duel"}))
    assert lacks == ["no journal of duel", "no journal of a match that was gone on with"]


def test_a_sample_has_some_of_each_kind_and_no_more(tmp_path: Path):
    for number in range(KEPT_PER_KIND + 2):
        server_wrote(tmp_path / "base", f"m{number}-r0000-s000.skj", MATCH.journal)
    server_wrote(tmp_path / "base", "m9-r0000-s000.skj", MATCH.journal, "test_y0")
    assert keep_sample(tmp_path / "base", tmp_path / "kept") == KEPT_PER_KIND + 1
    kept = sorted((tmp_path / "kept").rglob("*.skj.gz"))
    assert [path.parent.name for path in kept] == ["test_x"] * KEPT_PER_KIND + ["test_y"]
    assert gzip.decompress(kept[0].read_bytes()) == MATCH.journal


def test_journals_of_other_rules_or_rubbish_are_left_out(tmp_path: Path):
    base = tmp_path / "base"
    name = "m0-r0000-s000.skj"
    (server_wrote(base, name, MATCH.journal) / "at-work").unlink()
    server_wrote(base, name, MATCH.journal, "test_of_other_rules0")
    (base / "test_of_other_rules0" / "changed").touch()
    server_wrote(base, name, b"no journal", "test_of_rubbish0")
    assert keep_sample(base, tmp_path / "kept") == 0


def test_a_shim_without_a_python_behind_it_is_passed_over(tmp_path: Path):
    shim = script(tmp_path / "shims", "python3.12", "echo command not found >&2; exit 127")
    real = script(tmp_path / "bin", "python3.12", "echo 3 12")
    assert pythons.find_others({"PATH": str(shim.parent)}) == {}
    path = f"{shim.parent}{os.pathsep}{real.parent}"
    assert pythons.find_others({"PATH": path}) == {"3.12": str(real)}


def test_pyenvs_pythons_are_found_behind_its_shims(tmp_path: Path):
    real = script(tmp_path / "versions" / "3.13.0" / "bin", "python", "echo 3 13")
    text = f"case $1 in root) echo {tmp_path};; *) echo 2.7.18; echo 3.13.0;; esac"
    pyenv = script(tmp_path / "bin", "pyenv", text)
    assert pythons.find_others({"PATH": str(pyenv.parent)}) == {"3.13": str(real)}


def test_only_the_pythons_that_are_named_are_looked_at(tmp_path: Path):
    on_path = script(tmp_path / "bin", "python3.12", "echo 3 12")
    named = script(tmp_path, "another", "echo 3 13")
    found = pythons.find_others(
        {"PATH": str(on_path.parent), "PYTHONS": f"{named} {sys.executable}"}
    )
    assert found == {"3.13": str(named)}
    with pytest.raises(Refusal, match="no Python that answers"):
        pythons.find_others({"PYTHONS": str(tmp_path / "missing")})


def without_a_compiler() -> None:
    raise CompilerError("get a compiler")


@pytest.mark.slow
def test_a_complete_run_requires_compiled_modules(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(program, "find_others", dict)
    monkeypatch.setattr(program, "PLAYED_TICKS", 60)
    monkeypatch.setattr(program, "TESTS", ("tests/game/test_trig.py",))
    monkeypatch.setattr(program, "TESTS_HERE", ())
    monkeypatch.setattr(program, "build", without_a_compiler)
    monkeypatch.setenv("CI", "true")
    assert program.main(["--journals", str(tmp_path)]) == 1


@pytest.mark.slow
def test_versions_that_are_not_here_are_named_loudly(tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(program, "find_others", dict)
    monkeypatch.setattr(program, "PLAYED_TICKS", 60)
    monkeypatch.setattr(program, "TESTS", ("tests/game/test_trig.py",))
    monkeypatch.setattr(program, "TESTS_HERE", ())
    monkeypatch.setattr(program, "build", without_a_compiler)
    monkeypatch.delenv("CI", raising=False)
    assert program.main(["--journals", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "NOTHING WAS COMPILED" in told
    assert "get a compiler" in told
    for version in set(pythons.WANTED) - {program.OWN}:
        assert f"PYTHON {version} WAS NOT FOUND" in told
    assert program.main(["--journals", str(tmp_path), "--whole"]) == 1
    assert "no journal of a match that was gone on with" in capsys.readouterr().out
