"""The proxies of `deploy/`, each run for real before a server: its site as it is shipped, with the
ports, the certificate and the paths of a test.
"""

import os
import shutil
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from attrs import define, field

from tests.docs.pages import ROOT, Block, blocks
from tests.docs.workshop import Workshop, free_port

CERTIFICATE = ROOT / "tests" / "clients" / "net" / "certificates" / "good.pem"
PATIENCE_S = 20.0


def replaced(text: str, changes: dict[str, str]) -> str:
    """Replace parts of a shipped file, each of which has to be there."""
    for before, after in changes.items():
        assert before in text, f"the site has no {before}"
        text = text.replace(before, after)
    return text


@define
class Proxy(ABC):
    """One program with its site; subclasses say how it is started and told to reload."""

    folder: Path
    backend_port: int
    port: int = field(factory=free_port)
    _process: "subprocess.Popen[bytes] | None" = None

    name = ""
    package = ""
    site_file = ""
    root_location = ""  # the part of the site that forwards everything

    @property
    def site(self) -> str:
        """The site as it is shipped."""
        return (ROOT / "deploy" / self.site_file).read_text()

    def below_a_path(self, location: str) -> str:
        """The site with lines of OPERATIONS in place of those that forward everything."""
        assert self.root_location in self.site
        return self.site.replace(self.root_location, location)

    @property
    def url(self) -> str:
        """The address of the site."""
        return f"https://127.0.0.1:{self.port}"

    def program(self) -> str:
        """Find the program; without it the test is skipped, but never where all must run."""
        found = shutil.which(self.name, path=f"{os.environ['PATH']}:/usr/sbin")
        if found is None and os.environ.get("CI") == "true":
            pytest.fail(f"no {self.name} on the PATH, and CI=true wants every test", pytrace=False)
        if found is None:
            pytest.skip(f"no {self.name} on the PATH (sudo apt install {self.package})")
        return found

    @abstractmethod
    def write(self, site: str) -> None:
        """Write the configuration with this site into the folder."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command that serves it, in the foreground."""

    @abstractmethod
    def check_command(self) -> list[str]:
        """The command that only checks it."""

    def reload(self) -> None:
        """Have the running program read its configuration again."""
        raise NotImplementedError

    @contextmanager
    def running(self, site: str | None = None) -> Iterator["Proxy"]:
        """Run it until the block ends, with the shipped site or a changed one."""
        self.write(self.site if site is None else site)
        tried = subprocess.run(self.check_command(), capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr + tried.stdout
        said = tried.stderr.replace('the "user" directive', "")
        assert "[warn" not in said.lower(), said
        with (self.folder / "proxy.log").open("wb") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, env=self.environment()
            )
        try:
            yield self
        finally:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def environment(self) -> dict[str, str]:
        """Nothing is kept outside of the folder."""
        places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(self.folder))
        return {**os.environ, **places}

    def signal(self, number: signal.Signals) -> None:
        """Send the running program a signal."""
        assert self._process is not None, "it is running"
        self._process.send_signal(number)


class Nginx(Proxy):
    """nginx, with its site inside of `http { … }`."""

    name, package, site_file = "nginx", "nginx-light", "nginx.conf"
    root_location = "    location / {\n        proxy_pass http://skirmish;\n    }\n"

    def write(self, site: str) -> None:
        site = replaced(
            site,
            {
                "listen 443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
                "listen 80;": f"listen 127.0.0.1:{free_port()};",
                "127.0.0.1:8000": f"127.0.0.1:{self.backend_port}",
                "/etc/ssl/play.example/fullchain.pem": str(CERTIFICATE),
                "/etc/ssl/play.example/privkey.pem": str(CERTIFICATE),
            },
        )
        site = "".join(line for line in site.splitlines(True) if "listen [::]" not in line)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        main = f"pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log; daemon off;\n"
        main += f"events {{ }}\nhttp {{ access_log off; {temporary}\n{site}\n}}\n"
        (self.folder / "nginx.conf").write_text(main)

    def command(self) -> list[str]:
        return [self.program(), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]

    def check_command(self) -> list[str]:
        return [*self.command(), "-t"]

    def reload(self) -> None:
        self.signal(signal.SIGHUP)


class Haproxy(Proxy):
    """HAProxy, with a master that a reload leaves alive."""

    name, package, site_file = "haproxy", "haproxy", "haproxy.cfg"
    root_location = "    default_backend skirmish\n\nbackend skirmish\n"

    def write(self, site: str) -> None:
        site = replaced(
            site,
            {
                "bind :443 ssl": f"bind 127.0.0.1:{self.port} ssl",
                "bind :80": f"bind 127.0.0.1:{free_port()}",
                "127.0.0.1:8000": f"127.0.0.1:{self.backend_port}",
                "/etc/ssl/play.example/both.pem": str(CERTIFICATE),
                "maxconn 10000": "maxconn 500",  # a test may have few descriptors
            },
        )
        (self.folder / "haproxy.cfg").write_text(site)

    def command(self) -> list[str]:
        return [self.program(), "-W", "-f", str(self.folder / "haproxy.cfg")]

    def check_command(self) -> list[str]:
        return [self.program(), "-c", "-f", str(self.folder / "haproxy.cfg")]

    def reload(self) -> None:
        self.signal(signal.SIGUSR2)


class Caddy(Proxy):
    """Caddy, with a certificate of the test in place of one that it would fetch."""

    name, package, site_file = "caddy", "caddy", "Caddyfile"

    @property
    def root_location(self) -> str:  # type: ignore[override]
        """The whole of `reverse_proxy`."""
        begin = self.site.index("\treverse_proxy")
        return self.site[begin : self.site.rindex("}")]

    def write(self, site: str) -> None:
        own = f"tls {CERTIFICATE} {CERTIFICATE}"
        site = replaced(
            site,
            {
                "play.example {": f"https://127.0.0.1:{self.port} {{\n\t{own}",
                "127.0.0.1:8000": f"127.0.0.1:{self.backend_port}",
            },
        )
        admin = f"unix/{self.folder}/admin.sock"
        options = f"{{\n\tadmin {admin}\n\tauto_https disable_redirects\n}}\n"
        (self.folder / "Caddyfile").write_text(options + site)

    def command(self) -> list[str]:
        return [self.program(), "run", "--config", str(self.folder / "Caddyfile")]

    def check_command(self) -> list[str]:
        path = str(self.folder / "Caddyfile")
        return [self.program(), "validate", "--config", path, "--adapter", "caddyfile"]

    def reload(self) -> None:
        path, admin = self.folder / "Caddyfile", f"unix/{self.folder}/admin.sock"
        command = [self.program(), "reload", "--config", str(path), "--address", admin, "--force"]
        subprocess.run(command, check=True, capture_output=True, env=self.environment())


class ByteHaproxy(Haproxy):
    """HAProxy as OPERATIONS has it for servers with TLS of their own: it forwards bytes."""

    @property
    def site(self) -> str:
        page = blocks(ROOT / "docs" / "OPERATIONS.md")
        return next(block.text for block in page if "send-proxy-v2" in block.text)

    def write(self, site: str) -> None:
        ports = {
            "bind :443": f"bind 127.0.0.1:{self.port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.backend_port}",
        }
        (self.folder / "haproxy.cfg").write_text(
            f"global\n    maxconn 500\n{replaced(site, ports)}"
        )


PROXIES: tuple[type[Proxy], ...] = (Nginx, Haproxy, Caddy)


def paths_of(kind: type[Proxy]) -> list[Block]:
    """The lines of OPERATIONS that put the game below a path of this proxy."""
    page = blocks(ROOT / "docs" / "OPERATIONS.md")
    found = [block for block in page if block.language == kind.name]
    return [block for block in found if "/game" in block.text]


@contextmanager
def serving(
    kind: type[Proxy], folder: Path, site: str | None = None, settings: str = ""
) -> Iterator[tuple[Workshop, Proxy]]:
    """Run a server and a proxy before it."""
    workshop = Workshop(folder)
    proxy = kind(folder, workshop.port)
    proxy.program()
    workshop.serve(f"skirmish serve --net.trusted_proxies 127.0.0.1 {settings}")
    try:
        with proxy.running(site):
            yield workshop, proxy
    finally:
        workshop.stop()
