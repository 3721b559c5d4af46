"""The small space whole: every crash point, every end of a placing, every end of a reading, of one to three rows.

It takes minutes (`-m long`). The default suite plays one row that dies at every third step of every end of its placing, and
two rows that look alike.
"""

import itertools
from collections.abc import Iterator

import pytest
from sim_faults import POST_FAULTS, READ_FAULTS
from sim_histories import Script, play_script
from sim_plot import Line, tagged

pytestmark = pytest.mark.long

POSTS = ("", *POST_FAULTS)


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


def with_every_crash(script: Script, *, first: int = 1, apart: int = 1) -> Iterator[Script]:
    """The script as it is, and dying at each step of its first run; or at those that are so many `apart`."""
    yield script
    for dies_at in range(first, steps_of(script) + 1, apart):
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


def test_one_row_survives_every_third_crash_at_every_end_of_a_placing() -> None:
    """Another third for each end, so that every step is met."""
    scripts = (
        crashed
        for number, post in enumerate(POSTS)
        for crashed in with_every_crash(Script(lines=ONE, posts=(post,)), first=1 + number % 3, apart=3)
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 130


@pytest.mark.parametrize("resumes", [False, True])
@pytest.mark.parametrize("then", ["", "deletes", "decides"])
def test_one_row_survives_every_crash_at_every_end_of_a_placing(resumes: bool, then: str) -> None:
    scripts = (
        crashed
        for post in POSTS
        for crashed in with_every_crash(Script(lines=ONE, posts=(post,), then=then, resumes=resumes))
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 400


@pytest.mark.parametrize("read", READ_FAULTS)
def test_one_row_survives_every_crash_at_every_end_of_a_reading(read: str) -> None:
    posts = ("timeout_before", "timeout_after", "short_timeout_late", "reset_after", "truncated_201")
    scripts = (
        crashed
        for post in posts
        for first in range(7)  # the account is read before the order is placed, too
        for crashed in with_every_crash(Script(lines=ONE, posts=(post,), reads=(None,) * first + (read,) * 3))
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 150


@pytest.mark.parametrize("resumes", [False, True])
def test_one_row_survives_every_pair_of_ends(resumes: bool) -> None:
    scripts = (Script(lines=ONE, posts=pair, resumes=resumes) for pair in itertools.product(POSTS, POSTS))
    played, found = failures(scripts)
    assert found == []
    assert played == len(POSTS) ** 2


@pytest.mark.parametrize(
    "lines", [TWO, TWO_CUSTOMERS, TWO_ALIKE], ids=["one customer", "two customers", "alike"]
)
@pytest.mark.parametrize("then", ["", "deletes", "decides"])
def test_two_rows_survive_every_pair_of_ends(lines: tuple[Line, ...], then: str) -> None:
    scripts = (
        Script(lines=lines, posts=pair, workers=2, then=then) for pair in itertools.product(POSTS, POSTS)
    )
    _, found = failures(scripts)
    assert found == []


@pytest.mark.parametrize("lines", [TWO_ALIKE, THREE], ids=["alike", "three"])
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


@pytest.mark.parametrize("read", ["", *READ_FAULTS])
@pytest.mark.parametrize(
    ("lines", "place"),
    [(lines, place) for lines in (ONE, TWO, THREE) for place in range(len(lines))],
    ids=[f"order {place + 1} of {rows}" for rows in (1, 2, 3) for place in range(rows)],
)
def test_rows_survive_every_crash_at_every_end_of_each_placing_and_of_the_readings_after_it(
    lines: tuple[Line, ...], place: int, read: str
) -> None:
    scripts = (
        crashed
        for post in POSTS
        for crashed in with_every_crash(
            Script(
                lines=lines,
                posts=("",) * place + (post,),
                reads=(read or None,) * 3,
                reads_after=place + 1,
                workers=len(lines),
            )
        )
    )
    played, found = failures(scripts)
    assert found == []
    assert played > 1000
