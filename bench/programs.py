"""The bench's programs in C: `bench/NAME.c` becomes `bench/build/NAME` when any has changed.

Owns the compiler's command. Must not know what a program does.
"""

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BUILD = FOLDER / "build"


def program(name: str, *options: str, suffix: str = "") -> Path:
    """The path of the program; compiles it if its source is newer. Raises `RuntimeError` where
    there is no compiler.
    """
    source, compiled = FOLDER / f"{name}.c", BUILD / f"{name}{suffix}"
    changed_ns = max(path.stat().st_mtime_ns for path in FOLDER.glob("*.[ch]"))
    if compiled.exists() and compiled.stat().st_mtime_ns > changed_ns:
        return compiled
    compiler = shutil.which("cc")
    if not compiler:
        raise RuntimeError("the bench needs a C compiler: sudo apt install gcc libc6-dev")
    BUILD.mkdir(exist_ok=True)
    command = [compiler, "-O2", "-Wall", *options, "-o", str(compiled), str(source)]
    subprocess.run(command, check=True)
    return compiled
