"""The documentation pages, parsed: fenced blocks, links, headings and words set as code.

A line before a block's fence, which readers do not see, may say how the block is tested:

    <!-- not run: WHY -->          commands are checked against the program's own parsers, not run
    <!-- status: N -->             its commands end with this status
    <!-- printed by: COMMAND -->   the block is what this command prints, to the letter
"""

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import field, frozen

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)
REMARKS = ("not run", "status", "printed by")
_REMARK = re.compile(r"<!-- ([a-z ]+): (.+) -->")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"(`+)(.+?)\1")


@frozen
class Block:
    """A fenced block and the remarks before it."""

    page: Path
    line: int
    language: str
    text: str
    remarks: dict[str, str] = field(factory=dict)

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    lines = page.read_text().splitlines()
    remarks: dict[str, str] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if remark := _REMARK.fullmatch(line.strip()):
            remarks[remark[1]] = remark[2]
        elif line.startswith("```"):
            begin = at
            while lines[at] != "```":
                at += 1
            yield Block(page, begin, line[3:].strip(), "\n".join(lines[begin:at]) + "\n", remarks)
            at += 1
            remarks = {}
        else:
            remarks = {}


def all_blocks() -> list[Block]:
    """The fenced blocks of all pages."""
    return [block for page in PAGES for block in blocks(page)]


def prose(page: Path) -> str:
    """A page without its blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """Targets of links and pictures."""
    return [link or picture for link, picture in _LINK.findall(prose(page))]


def code_words(page: Path) -> list[str]:
    """Words set as code in sentences and tables."""
    return [text.strip() for _, text in _CODE.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    found = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
