"""`doctor --first-steps` leads from nothing to the first practice order: each command that it names is typed, and works."""

import json
import shlex
from pathlib import Path

import pytest
from processes import Desk


@pytest.mark.long
def test_whoever_types_what_it_says_has_placed_the_first_orders(desk: Desk) -> None:
    typed = []
    for _ in range(3):
        told = desk.run("doctor", "--first-steps", "--json")
        assert told.code == 0, told.words
        waiting = [step["command"] for step in told.json["steps"] if not step["done"] and step["command"]]
        assert told.json["next"] == waiting[:1]
        if "template" in waiting[0]:
            break
        for command in waiting[:2]:
            ended = desk.run(*shlex.split(command)[1:])
            assert ended.code == 0, ended.words
            typed.append(command)

    assert typed == ["bulk-orders check first-orders.xlsx", "bulk-orders run first-orders.xlsx --practice"]
    journal = (desk.home / "practice" / "marketplace.jsonl").read_text("utf-8").splitlines()
    assert len([json.loads(line)["sent"] for line in journal]) == 2
    (results,) = desk.folder.glob("first-orders.results-*.xlsx")
    assert results.name in desk.run("doctor", "--first-steps").out


@pytest.mark.long
def test_a_workbook_that_is_there_is_left_as_it_is(desk: Desk) -> None:
    path = desk.folder / "first-orders.xlsx"
    path.write_bytes(b"mine")
    assert desk.run("doctor", "--first-steps").code == 0
    assert path.read_bytes() == b"mine"


@pytest.mark.long
def test_what_is_not_well_comes_first(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_HOME"] = str(desk.folder / "file" / "home")
    (desk.folder / "file").write_text("in the way", encoding="utf-8")
    told = desk.run("doctor", "--first-steps")
    assert told.code != 0
    assert "Fix:" in told.words
    assert not Path(desk.folder / "first-orders.xlsx").exists()
