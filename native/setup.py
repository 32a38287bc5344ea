"""Builds `skirmish_native`. What it is, and who needs it: docs/NATIVE.md."""

from pathlib import Path

from setuptools import Extension, setup

SOURCES = sorted(Path("src").glob("*.c"))
HEADERS = sorted(Path("src").glob("*.h"))

setup(
    packages=[],
    ext_modules=[
        Extension(
            "skirmish_native",
            [str(path) for path in SOURCES],
            depends=[str(path) for path in HEADERS],
            extra_compile_args=["-std=c11", "-O2", "-fwrapv", "-Wall", "-Wextra"],
            libraries=["m"],
        )
    ],
)
