"""The small space whole: every crash point, every end of a placing, every end of a reading, of one to three rows."""

import itertools
from collections.abc import Iterator

import pytest
from sim_platform import POST_FAULTS, READ_FAULTS
from sim_world import Line, Script, play_script, tagged

POSTS = ("", *POST_FAULTS)
READS = (None, *READ_FAULTS)


def line(number: int, *, customer_id: str = "c1", po_number: str = "", reference: bool = True) -> Line:
    made = Line(
        reference=f"R{number}" if reference else "",
        po_number=po_number,
        customer_id=customer_id,
        mpn="M1",
        quantity=1,
    )
    return tagged(made, by_content=False)


ONE = (line(1),)
TWO = (line(1), line(2))
TWO_CUSTOMERS = (line(1), line(2, customer_id="c2"))
TWO_ALIKE = (line(1, po_number="PO-A", reference=False), line(2, po_number="PO-A", reference=False))
THREE = (line(1), line(2, po_number="PO-A"), line(3, customer_id="c2", reference=False))


def steps_of(script: Script) -> int:
    """How many steps the first run takes when nothing kills it."""
    return play_script(script).counted["steps"]


def with_every_crash(script: Script) -> Iterator[Script]:
    """The script as it is, and dying at each step of its first run."""
    yield script
    for dies_at in range(1, steps_of(script) + 1):
        yield Script(**{name: getattr(script, name) for name in Script.__slots__} | {"dies_at": dies_at})


def failures(scripts: Iterator[Script]) -> tuple[int, list[str]]:
    """How many histories there were, and what the judge found, with the script that shows it."""
    played, found = 0, []
    for script in scripts:
        played += 1
        end = play_script(script)
        if not end.is_good:
            found.append(f"{[*end.judgement.lines(), *end.broken][0]} in {script}")
    return played, found


@pytest.mark.parametrize("then", ["", "deletes", "decides"])
@pytest.mark.parametrize("resumes", [False, True])
def test_one_row_survives_every_crash_at_every_end_of_a_placing(then: str, resumes: bool) -> None:
    scripts = (
        crashed
        for post in POSTS
        for crashed in with_every_crash(Script(lines=ONE, posts=(post,), then=then, resumes=resumes))
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 400


@pytest.mark.parametrize("read", READS[1:])
def test_one_row_survives_every_crash_at_every_end_of_a_reading(read: str) -> None:
    posts = ("timeout_before", "timeout_after", "short_timeout_late", "reset_after", "truncated_201")
    scripts = (
        crashed
        for post in posts
        for first in range(3)
        for crashed in with_every_crash(Script(lines=ONE, posts=(post,), reads=(None,) * first + (read,) * 3))
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 150


@pytest.mark.parametrize("post", POSTS)
def test_one_row_survives_every_end_of_its_second_placing(post: str) -> None:
    scripts = (
        Script(lines=ONE, posts=(first, post), reads=(read,), resumes=resumes)
        for first in POSTS
        for read in READS
        for resumes in (False, True)
    )
    _, found = failures(itertools.islice(scripts, 0, None, 4))
    assert found == []


@pytest.mark.parametrize("lines", [TWO, TWO_CUSTOMERS, TWO_ALIKE], ids=["one customer", "two customers", "alike"])
def test_two_rows_survive_every_pair_of_ends(lines: tuple[Line, ...]) -> None:
    scripts = (Script(lines=lines, posts=pair, workers=2) for pair in itertools.product(POSTS, POSTS))
    _, found = failures(itertools.islice(scripts, 0, None, 2))
    assert found == []


@pytest.mark.parametrize("lines", [TWO, TWO_ALIKE, THREE], ids=["two", "alike", "three"])
def test_rows_survive_every_crash_with_one_lost_answer(lines: tuple[Line, ...]) -> None:
    scripts = (
        crashed
        for post in ("", "timeout_after", "reset_late", "server_error_before")
        for place in range(len(lines))
        for crashed in with_every_crash(Script(lines=lines, posts=("",) * place + (post,), workers=2))
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 100
