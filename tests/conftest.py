"""Set-up of every test: Hypothesis without deadlines, and a Chromium or a clear error. Also what a
run leaves when asked: some of the journals that its servers wrote.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Run the sources unless a run asks for compiled modules: tests may patch anything in the sources.
os.environ.setdefault("SKIRMISH_COMPILED", "0")
from game.compiled import is_compiled  # it reads the variable

settings.register_profile("house", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)  # `make check`
settings.register_profile("versions", deadline=None, max_examples=25)  # one Python had them all
settings.load_profile("house")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = "no Chromium on the PATH (sudo apt install chromium)"


def find_chromium() -> str | None:
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "leave some journals of each kind here: `make versions` replays them"
    parser.addoption("--journals", type=Path, metavar="FOLDER", help=words)


@pytest.fixture(scope="session", autouse=True)
def journals_kept(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    yield
    folder = pytestconfig.getoption("--journals")
    if folder is not None:
        from tests.versions.sample import keep_sample  # noqa: PLC0415  # not where it is not asked

        keep_sample(tmp_path_factory.getbasetemp(), folder)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests that need the sources when the modules are compiled."""
    if not is_compiled():
        return
    left = [item for item in items if item.get_closest_marker("interpreted")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test that needs a browser without one, but never where everything must run."""
    if item.get_closest_marker("browser") is None or find_chromium():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{NO_CHROMIUM}, and CI=true wants every test", pytrace=False)
    pytest.skip(NO_CHROMIUM)


def pytest_terminal_summary(terminalreporter) -> None:
    skipped = [
        report
        for report in terminalreporter.getreports("skipped")
        if NO_CHROMIUM in str(report.longrepr)
    ]
    if skipped:
        words = f"{len(skipped)} END-TO-END TESTS DID NOT RUN: {NO_CHROMIUM}"
        terminalreporter.write_sep("!", words, red=True)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium; for tests marked `browser`."""
    path = find_chromium()
    assert path, NO_CHROMIUM
    return path
