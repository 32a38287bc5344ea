"""The place where commands of a page are tried: a folder, a journal, free ports, environments.

The checkout is not changed and no package index is used: pip installs into an environment
in the folder, and finds everything else in the tests' environment. A command that serves until it
is stopped gets a terminal's Ctrl-C when the block has ended.
"""

import os
import re
import shutil
import signal
import site
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path

from attrs import define, field

from tests.docs.pages import ROOT, Block
from tests.journals import played

PATIENCE_S = 120.0
SERVES = re.compile(r"(skirmish (serve|play|chaos --(?!list))|make (play|serve))\b")
COPIED = ("clients", "game", "maps", "server")
NOT_COPIED = shutil.ignore_patterns("node_modules", "__pycache__", ".venv")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@define
class Workshop:
    """A folder to work in; `run` tries one block there."""

    folder: Path
    port: int = field(factory=free_port)
    second_port: int = field(factory=free_port)
    _serving: "list[subprocess.Popen[bytes]]" = field(factory=list)

    def environment(self) -> dict[str, str]:
        """The commands' environment: these programs, this folder, no index and no screen."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SKIRMISH_", "PIP_", "MAKE", "MFLAGS"))
            and name not in ("DISPLAY", "WAYLAND_DISPLAY", "VIRTUAL_ENV")
        }
        programs = [self.folder / "spoiled" / "bin", Path(sys.executable).parent]
        return {
            **kept,
            "PATH": os.pathsep.join([*map(str, programs), kept["PATH"]]),
            "PYTHONPATH": os.pathsep.join(site.getsitepackages()),
            "HOME": str(self.folder),
            "PORT": str(self.port),
            "BROWSER": "true",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say that there is none
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "SKIRMISH_STORE__DATA_DIR": str(self.folder / "data"),
            "SKIRMISH_COMPILED": "0",
        }

    def furnish(self, text: str) -> None:
        """Create what the commands refer to."""
        if "pip " in text:
            for name in COPIED:
                shutil.copytree(ROOT / name, self.folder / name, ignore=NOT_COPIED)
            for file in (file for file in ROOT.iterdir() if file.is_file()):
                shutil.copy(file, self.folder)
            spoiled = self.folder / "spoiled"
            subprocess.run([sys.executable, "-m", "venv", str(spoiled)], check=True)
        if ".skj" in text or "skirmish debug" in text:
            match = played(2_000, 6, seed=3, map_name="foundry")
            (self.folder / "match.skj").write_bytes(match.journal)
            (self.folder / "report.txt").write_text("goto end\nshow  # the end\n")
            (self.folder / "skirmish-next").symlink_to(ROOT)

    def adapted(self, text: str) -> str:
        """The same commands with free ports, and with the journal of this folder."""
        text = re.sub(r"\b8000\b", str(self.port), text)
        text = re.sub(r"\b9000\b", str(self.second_port), text)
        return re.sub(r"\S+\.skj", str(self.folder / "match.skj"), text)

    def run(self, lines: list[str], status: int = 0, typed: str = "") -> str:
        """Run lines one by one, servers in the background; returns their output."""
        self.furnish("\n".join([*lines, typed]))
        rest = [line for line in lines if not SERVES.match(line)]
        try:
            for line in lines:
                if SERVES.match(line):
                    self.serve(line)
            return self._run_to_the_end("\n".join(rest), status, self.adapted(typed))
        finally:
            self.stop()

    def serve(self, line: str) -> None:
        """Start a server, and wait until it serves."""
        command = self.adapted(line.partition("#")[0])
        log = self.folder / f"log-{len(self._serving)}"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                ["bash", "-c", command],
                cwd=self._place_for(line),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                start_new_session=True,
            )
        self._serving.append(process)
        address = f"http://127.0.0.1:{self.second_port if 'chaos' in line else self.port}/healthz"
        deadline_s = time.monotonic() + PATIENCE_S
        while not self._answers(address):
            said = log.read_text()
            assert process.poll() is None, f"{command} ended: {said}"
            assert time.monotonic() < deadline_s, f"{command} does not answer: {said}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Send Ctrl-C to each server, the last first; all of them must end."""
        for process in reversed(self._serving):
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(30)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
        self._serving.clear()

    def _run_to_the_end(self, script: str, status: int, typed: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.adapted(script)],
            cwd=self._place_for(script),
            env=self.environment(),
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == status, f"status {done.returncode}\n{script}\n{done.stdout}"
        return done.stdout

    def _place_for(self, command: str) -> Path:
        return ROOT if command.startswith("make ") else self.folder

    def _answers(self, address: str) -> bool:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return True
        except OSError:
            return False


def typed_lines(blocks: Iterable[Block]) -> str:
    """The commands typed at the debugger's prompt in transcripts."""
    text = "\n".join(block.text for block in blocks)
    return "".join(f"{line}\n" for line in re.findall(r"^\(skirmish\) (.+)$", text, re.MULTILINE))
