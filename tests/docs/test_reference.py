"""The reference names every public object: each room has a page, and each exported name stands on it."""

import re
from importlib import import_module
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "docs/reference"
SOURCE = Path(import_module("erlangen").__file__).parent
ROOMS = sorted(
    path.parent.name
    for path in SOURCE.glob("*/__init__.py")
    if path.parent.name not in {"cli"}  # its page is made from the command itself
)
MODULES = ("edges", "errors", "native", "random", "validation")
PARTS = sorted(f"estimators.{path.parent.name}" for path in SOURCE.glob("estimators/*/__init__.py"))

pytestmark = pytest.mark.skipif(not REFERENCE.is_dir(), reason="needs the documentation's source")


def documented():
    """Return the modules whose every member stands on a page, and the single names that do."""
    whole, single = set(), set()
    for path in REFERENCE.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for module, options in re.findall(r"automodule:: erlangen\.(\S+)\n((?:   :.*\n)*)", text):
            members = re.search(r":members:(.*)", options)
            if members is None:
                continue
            names = [name.strip() for name in members[1].split(",") if name.strip()]
            single.update(f"{module}.{name}" for name in names)
            whole.update(() if names else (module,))
        for module, rest in re.findall(r"currentmodule:: erlangen\.(\S+)\n(.*?)```", text, re.DOTALL):
            single.update(f"{module}.{name}" for name in re.findall(r"auto(?:class|function):: (\S+)", rest))
    return whole, single


@pytest.mark.parametrize("room", [*ROOMS, *MODULES])
def test_every_exported_name_of_a_room_is_documented(room):
    whole, single = documented()
    if room in whole:
        return
    exported = import_module(f"erlangen.{room}").__all__
    rooms = {part.rpartition(".")[2] for part in PARTS if part.startswith(f"{room}.")}
    assert [name for name in exported if name not in rooms and f"{room}.{name}" not in single] == []


@pytest.mark.parametrize("part", PARTS)
def test_every_exported_name_of_a_part_of_the_estimators_is_documented(part):
    whole, single = documented()
    if part in whole:
        return
    exported = import_module(f"erlangen.{part}").__all__
    assert [name for name in exported if not {f"estimators.{name}", f"{part}.{name}"} & single] == []


def test_every_page_is_listed():
    listed = re.findall(r"^([\w-]+)$", (REFERENCE / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted([*listed, "index"]) == sorted(path.stem for path in REFERENCE.glob("*.md"))
