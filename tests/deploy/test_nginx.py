"""nginx's site, and what OPERATIONS says about paths, in a real nginx before a real server."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks
from tests.docs.workshop import Workshop, free_port

SITE = (ROOT / "deploy" / "nginx.conf").read_text()
CERTIFICATE = ROOT / "tests" / "clients" / "net" / "certificates" / "good.pem"
ROOT_LOCATION = "    location / {\n        proxy_pass http://skirmish;\n    }\n"
LOCATIONS = [b.text for b in blocks(ROOT / "docs" / "OPERATIONS.md") if b.language == "nginx"]

pytestmark = pytest.mark.slow


def nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no nginx on the PATH, and CI=true wants every test", pytrace=False)
    if found is None:
        pytest.skip("no nginx on the PATH (sudo apt install nginx-light)")
    return found


@contextmanager
def serving(workshop: Workshop, site: str, settings: str = "") -> Iterator[int]:
    """Run nginx with this site before a server; yields its TLS port."""
    program, folder, port = nginx(), workshop.folder, free_port()
    changes = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "127.0.0.1:8000": f"127.0.0.1:{workshop.port}",
        "/etc/ssl/play.example/fullchain.pem": str(CERTIFICATE),
        "/etc/ssl/play.example/privkey.pem": str(CERTIFICATE),
    }
    for before, after in changes.items():
        assert before in site, f"the site has no {before}"
        site = site.replace(before, after)
    site = "".join(line for line in site.splitlines(True) if "listen [::]" not in line)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"pid {folder}/nginx.pid; error_log {folder}/nginx.log; daemon off;\n"
    main += f"events {{ }}\nhttp {{ access_log off; {temporary}\n{site}\n}}\n"
    (folder / "nginx.conf").write_text(main)
    command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr.replace('the "user" directive', ""), tried.stderr
    workshop.serve(f"skirmish serve --net.trusted_proxies 127.0.0.1 {settings}")
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)
        workshop.stop()


def checked(workshop: Workshop, url: str) -> str:
    """The output of `skirmish check`, once nginx listens."""
    environment = {**workshop.environment(), "SSL_CERT_FILE": str(CERTIFICATE)}
    environment["PYTHONPATH"] = str(ROOT)
    deadline_s = time.monotonic() + 20
    while True:
        command = [sys.executable, "-m", "server.cli", "check", url]
        done = subprocess.run(
            command,
            cwd=workshop.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if "nothing listens" not in done.stdout or time.monotonic() > deadline_s:
            return f"{done.stdout}{done.stderr}status {done.returncode}"


def test_players_get_through_the_site_as_it_is(tmp_path: Path):
    workshop = Workshop(tmp_path)
    with serving(workshop, SITE) as port:
        said = checked(workshop, f"https://127.0.0.1:{port}")
    assert said.endswith("status 0"), said


@pytest.mark.parametrize("location", LOCATIONS)
def test_players_get_through_below_a_path(tmp_path: Path, location: str):
    workshop = Workshop(tmp_path)
    assert ROOT_LOCATION in SITE
    settings = "--net.base_path /game" if "http://skirmish;" in location else ""
    with serving(workshop, SITE.replace(ROOT_LOCATION, location), settings) as port:
        said = checked(workshop, f"https://127.0.0.1:{port}/game/")
        bare = checked(workshop, f"https://127.0.0.1:{port}/game")
    assert said.endswith("status 0"), said
    assert bare.endswith("status 0"), bare


def test_a_site_that_takes_upgrades_away_is_found(tmp_path: Path):
    workshop = Workshop(tmp_path)
    site = SITE.replace("    proxy_set_header Upgrade $http_upgrade;\n", "")
    with serving(workshop, site) as port:
        said = checked(workshop, f"https://127.0.0.1:{port}")
    assert "drops the Upgrade header" in said
    assert said.endswith("status 1")
