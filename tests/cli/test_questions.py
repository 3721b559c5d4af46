"""An answer that is not understood is asked for again, with what is expected; no answer, or a no, ends it."""

import pytest

from bulk_orders.cli.terminal import ask_for, ask_number
from bulk_orders.errors import GuardStopped


class Person:
    """Somebody who types these answers."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.shown: list[str] = []

    def ask(self, *lines: str) -> str:
        self.shown += lines
        return self.answers.pop(0)


@pytest.mark.parametrize("typed", [("3",), (" 2 ",), ("y", "3"), ("yes", "4", "1")])
def test_a_number_is_asked_for_again_after_what_is_none(typed: tuple[str, ...]) -> None:
    person = Person(*typed)
    assert ask_number(person.ask, "How many?", orders=3) == int(typed[-1])
    again = ["Type a number from 1 to 3, or Enter to stop:"] * (len(typed) - 1)
    assert (person.shown, person.answers) == (["How many?", *again], [])


@pytest.mark.parametrize("typed", [("",), ("No",), ("y", "n"), ("y", "yes", "0")])
def test_a_no_ends_it_and_so_does_a_third_answer_that_is_none(typed: tuple[str, ...]) -> None:
    person = Person(*typed, "1")
    with pytest.raises(GuardStopped, match="Nothing was sent"):
        ask_number(person.ask, "How many?", orders=1)
    assert person.answers == ["1"]
    assert person.shown[1:] == ["Type 1, or Enter to stop:"] * (len(typed) - 1)


def test_a_no_can_be_an_answer() -> None:
    person = Person("no", "2")
    typed = ask_for(person.ask, "Which?", expected="A number:", is_answer="2".__eq__, no=("",))
    assert (typed, person.shown) == ("2", ["Which?", "A number:"])
