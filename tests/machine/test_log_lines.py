"""Lines of the log: both forms say the same, on one line, and no e-mail address gets into either."""

import json
import logging
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_orders.machine.log_lines import FORMATTERS, LogFormat, log


def both(record: logging.LogRecord) -> tuple[str, str]:
    return FORMATTERS[LogFormat.WORDS]().format(record), FORMATTERS[LogFormat.JSON]().format(record)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["file", "reference", "row", "is_found"]),
        st.one_of(st.none(), st.booleans(), st.integers(0), st.text(max_size=30)),
    )
)
def test_both_forms_say_the_same_on_one_line(
    log_records: list[logging.LogRecord], facts: dict[str, object]
) -> None:
    log_records.clear()
    log("order", **facts)
    line, told = both(log_records[0])

    assert line.isascii()
    assert line.isprintable()
    assert "\n" not in told
    read = json.loads(told)
    head = {name: read.pop(name) for name in ("at", "level", "process", "thread", "event")}
    begins = f"{head['at'][:19]}Z INFO {head['thread']} order"
    assert line.startswith(begins)
    said = re.findall(r' (\w+)=("(?:\\.|[^"\\])*"|[^ "]+)', line.removeprefix(begins))
    assert "".join(f" {name}={word}" for name, word in said) == line.removeprefix(begins)
    assert [(name, json.loads(word) if word.startswith('"') else word) for name, word in said] == [
        (name, str(value)) for name, value in read.items()
    ]
    assert list(read) == [name for name, value in facts.items() if value is not None and value != ""]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("orders.xlsx", "orders.xlsx"),
        ("orders november.xlsx", '"orders november.xlsx"'),
        ('a="b"', r'"a=\"b\""'),
        ("two\nlines outcome=accepted", r'"two\nlines outcome=accepted"'),
        ("Zoë", r'"Zo\u00eb"'),
        ("\x1b[2J", r'"\u001b[2J"'),
        ("for anna@customer.example, please", '"for (e-mail), please"'),
        (7, "7"),
        (True, "True"),
    ],
)
def test_what_steers_a_terminal_or_looks_like_another_fact_is_quoted(
    log_records: list[logging.LogRecord], value: object, word: str
) -> None:
    log("order", file=value)
    assert both(log_records[0])[0].endswith(f" order file={word}")


def test_what_nobody_asked_for_is_not_even_made(log_records: list[logging.LogRecord]) -> None:
    log("order", level=logging.DEBUG, row=4)
    assert log_records == []


def test_of_a_bug_json_has_the_traceback(log_records: list[logging.LogRecord]) -> None:
    try:
        {}["row"]
    except KeyError:
        logging.getLogger("bulk_orders").exception("the program failed")
    told = json.loads(both(log_records[0])[1])
    assert told["event"] == "the program failed"
    assert told["traceback"].endswith("KeyError: 'row'")
