"""Compiles the modules that `game.compiled` lists into `game/built/<name>`.

Runs under a Python that has mypy and setuptools. Owns: how mypyc and the C compiler are called.
Invariant: a build is complete or absent; builds of other sources are deleted.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent
OPTIMISE = "2"
# Optimise all modules as one unit at link time: saves about 4 % of a server's processor time.
GCC_WORDS = ("-flto=auto", "-fvisibility=hidden", "-fno-semantic-interposition", "-fno-plt")


class CompilerError(RuntimeError):
    """Nothing was compiled; the text says what to do."""


def lacking() -> str:
    """The packages to install before anything can be compiled here, or ""."""
    header = Path(sysconfig.get_path("include")) / "Python.h"
    compiler = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
    if os.name == "nt" or (header.exists() and shutil.which(compiler)):
        return ""  # setuptools finds Windows' compilers
    return "gcc libc6-dev python{}.{}-dev".format(*sys.version_info[:2])


def is_gcc() -> bool:
    """Whether the C compiler is GCC, which includes all that link-time optimisation needs."""
    words = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    told = subprocess.run([*words, "--version"], check=False, capture_output=True, text=True)
    return "Free Software Foundation" in told.stdout


def recipe() -> ModuleType:
    """Load the module `game.compiled` alone: its package would import the whole game."""
    spec = spec_from_file_location("compiled", ROOT / "game" / "compiled.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_fresh() -> bool:
    """Whether a build of exactly these sources exists."""
    compiled = recipe()
    return compiled.is_complete(compiled.BUILDS / compiled.build_name())


def build() -> Path:
    """Compile unless the build exists; returns its folder."""
    compiled = recipe()
    folder = compiled.BUILDS / compiled.build_name()
    if compiled.is_complete(folder):
        return folder
    packages = lacking()
    if packages:
        raise CompilerError(
            "There is no C compiler, or Python's headers are missing. On Debian or Ubuntu: "
            f"sudo apt install {packages}"
        )
    compiled.BUILDS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=compiled.BUILDS, prefix="unfinished-") as scratch:
        sources = [str(compiled.source_of(name).relative_to(ROOT)) for name in compiled.MODULES]
        words = [sys.executable, __file__, scratch, *sources]
        done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
        if done.returncode:
            raise CompilerError(f"mypyc failed:\n{done.stdout}{done.stderr}")
        (Path(scratch) / "out" / compiled.COMPLETE).touch()
        for other in compiled.BUILDS.iterdir():
            if not other.name.startswith("unfinished-"):
                shutil.rmtree(other)
        (Path(scratch) / "out").rename(folder)
    return folder


def compile_sources(scratch: str, sources: list) -> None:
    """Call mypyc and the C compiler, in a process of its own."""
    from mypyc.build import mypycify
    from setuptools import setup

    if hasattr(os, "nice"):
        os.nice(19)  # a server may be running meanwhile
    extensions = mypycify(
        ["--config-file=pyproject.toml", *sources],
        opt_level=OPTIMISE,
        debug_level="0",
        target_dir=f"{scratch}/c",
        multi_file=True,
    )
    if os.name != "nt" and is_gcc():
        for extension in extensions:
            extension.extra_compile_args += GCC_WORDS
            extension.extra_link_args += (*GCC_WORDS, f"-O{OPTIMISE}")
    where = ["--build-lib", f"{scratch}/out", "--build-temp", f"{scratch}/o"]
    setup(
        name="skirmish-compiled",
        packages=[],
        ext_modules=extensions,
        script_args=["--quiet", "build_ext", "--parallel", str(os.cpu_count()), *where],
    )


def main() -> int:
    """`python build_compiled.py` compiles this checkout."""
    if len(sys.argv) > 2:
        compile_sources(sys.argv[1], sys.argv[2:])
        return 0
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # tidies up
    try:
        build()
    except CompilerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
