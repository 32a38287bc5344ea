"""Links, names and files on the pages exist, and every block is of a kind that is tested."""

import configparser
import re
import tomllib
from pathlib import Path

import pytest

from clients.desktop.settings_file import SettingsFile
from server.config.options import options
from server.config.settings import Settings
from server.config.sources import read_settings
from tests.docs import names
from tests.docs.nginx import NginxError, directives
from tests.docs.pages import PAGES, REMARKS, ROOT, Block, all_blocks, anchors, code_words, links

BLOCKS = all_blocks()
# `text` is program output and drawings; a program runs or reads every other kind.
# A real nginx, HAProxy and Caddy read theirs in tests/deploy/test_proxies.py.
LANGUAGES = {"sh", "console", "python", "toml", "ini", "yaml", "text", "nginx", "haproxy", "caddy"}
OPERATIONS = (ROOT / "docs" / "OPERATIONS.md").read_text()
SOURCES = re.compile(r"[\w./-]+\.(py|ts|c|h|tmj|toml|md|conf|service|json|html)")


FILES = [
    Block(ROOT / "deploy" / name, 1, language, (ROOT / "deploy" / name).read_text())
    for name, language in (("nginx.conf", "nginx"), ("skirmish.service", "ini"))
]


def of(*languages: str) -> list[Block]:
    return [block for block in [*BLOCKS, *FILES] if block.language in languages]


def each_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_block_says_what_it_is(block: Block):
    assert block.language in LANGUAGES
    assert set(block.remarks) <= set(REMARKS)


@each_page()
def test_links_lead_somewhere(page: Path):
    for link in links(page):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_page()
def test_settings_that_are_named_exist(page: Path):
    known = options(Settings)
    for word in code_words(page):
        found = re.match(r"(?:--)?([a-z]+)\.([a-z_]+)(?= |$)", word)
        if found and found[1] in names.GROUPS and not SOURCES.fullmatch(word):
            assert f"{found[1]}.{found[2]}" in known, word


@each_page()
def test_variables_that_are_named_are_read(page: Path):
    known = options(Settings)
    for variable in re.findall(r"\bSKIRMISH_[A-Z_]+\b", page.read_text()):
        if not names.is_of_others(variable) and not variable.endswith("_"):
            assert names.setting_of_variable(variable) in known, variable


@each_page()
def test_flags_that_are_named_are_taken_by_some_command(page: Path):
    flags = names.flags_of_commands()
    for word in code_words(page):
        if found := re.match(r"--[a-z][a-z._-]*", word):
            assert found[0].rstrip("_.") in flags, word


@each_page()
def test_files_that_are_named_exist(page: Path):
    """By their whole path, or by its end where the room is clear."""
    for word in code_words(page):
        if SOURCES.fullmatch(word) and "/" in word and not word.startswith((".", "/", "~")):
            found = [path for path in names.tracked_files() if f"/{path}".endswith(f"/{word}")]
            assert found, word


@each_page()
def test_metrics_that_are_named_are_counted(page: Path):
    table = set(re.findall(r"^\| `(skirmish_\w+)` \|", OPERATIONS, re.MULTILINE))
    for word in code_words(page):
        if re.fullmatch(r"skirmish_[a-z_]+", word):
            assert word.removesuffix("_total") in table, word


def test_log_events_of_the_tables_are_written_somewhere():
    events = names.events_of_tables(OPERATIONS)
    assert len(events) > 40
    source = names.source_of_the_server()
    assert [event for event in events if f'"{event}"' not in source] == []


@pytest.mark.parametrize("block", of("toml"), ids=str)
def test_settings_files_are_read(block: Block, tmp_path: Path):
    file = tmp_path / "settings.toml"
    file.write_text(block.text)
    if block.page.name == "DESKTOP.md":
        assert not SettingsFile.read(file).trouble
    else:
        assert tomllib.loads(block.text)
        read_settings({}, {}, file)


@pytest.mark.parametrize("block", of("ini"), ids=str)
def test_units_are_read(block: Block):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(block.text)
    for section in unit.sections():
        for name, value in unit[section].items():
            if name == "Environment":
                assert value.partition("=")[0] in text_of_variables(), value


def text_of_variables() -> set[str]:
    dotted = {name.replace(".", "__").upper() for name in options(Settings)}
    return {f"SKIRMISH_{name}" for name in dotted} | names.BUILD_VARIABLES


@pytest.mark.parametrize("block", of("nginx"), ids=str)
def test_nginx_blocks_are_whole(block: Block):
    assert directives(block.text)


@pytest.mark.parametrize("text", ["a b", "a { b; ", "a; }", "a 'b;"])
def test_a_block_that_nginx_would_refuse_is_refused(text: str):
    with pytest.raises(NginxError):
        directives(text)
