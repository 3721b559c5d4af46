"""All that can come of placing an order and of reading, as tables. Who draws from them is `sim_fate`."""

from dataclasses import dataclass
from typing import Final

DEADLINE_S: Final = 330.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFault:
    """One way in which the placing of an order ends."""

    name: str
    commits: str
    """`no`, `yes`, or `late`: after we were told that it failed."""
    answer: str
    after_s: float = 0.2


def _kinds() -> dict[str, PostFault]:
    table = [
        ("refused_400", "no", "words 400", 0.2),
        ("refused_422", "no", "words 422", 0.2),
        ("refused_html", "no", "html 400", 0.2),
        ("taken_html", "yes", "html 400", 0.2),
        ("truncated_400", "no", "cut 400", 0.2),
        ("unauthorised", "no", "words 401", 0.1),
        ("throttled", "no", "throttle 429", 0.1),
        ("throttled_plain", "no", "plain 429", 0.1),
        ("throttled_behind", "yes", "behind 429", 0.2),
        ("quota", "no", "quota 403", 0.1),
        ("forbidden", "no", "words 403", 0.1),
        ("timeout_408", "yes", "words 408", 1.0),
        ("conflict_before", "no", "words 409", 0.2),
        ("conflict_after", "yes", "words 409", 0.2),
        ("redirect_before", "no", "redirect 302", 0.1),
        ("redirect_after", "yes", "redirect 307", 0.1),
        ("server_error_before", "no", "words 500", 0.5),
        ("server_error_after", "yes", "words 500", 0.5),
        ("bad_gateway_before", "no", "html 502", 0.5),
        ("bad_gateway_after", "yes", "html 502", 0.5),
        ("unavailable_before", "no", "later 503", 0.2),
        ("unavailable_after", "yes", "later 503", 0.2),
        ("gateway_timeout_late", "late", "html 504", 60.0),
        ("server_error_late", "late", "words 500", 20.0),
        ("timeout_before", "no", "silence", DEADLINE_S),
        ("timeout_after", "yes", "silence", DEADLINE_S),
        ("short_timeout_late", "late", "silence", 15.0),
        ("reset_before", "no", "reset", 0.3),
        ("reset_after", "yes", "reset", 0.3),
        ("reset_late", "late", "reset", 0.3),
        ("refused_connection", "no", "refused", 0.05),
        ("connect_timeout", "no", "connect timeout", 10.0),
        ("no_sign_in", "no", "no sign-in", 0.05),
        ("truncated_201", "yes", "cut 201", 0.3),
        ("nameless_201", "yes", "nameless 201", 0.3),
        ("empty_200", "yes", "empty 200", 0.3),
        ("html_200", "no", "html 200", 0.3),
        ("accepted_202", "yes", "whole 202", 0.3),
        ("errors_in_200_before", "no", "errors 200", 0.3),
        ("errors_in_200_after", "yes", "errors 200", 0.3),
        ("unmarked_201", "yes", "unmarked 201", 0.3),
        ("another_customer", "yes", "echo customer 201", 0.3),
        ("another_po", "yes", "echo po 201", 0.3),
        ("bare_id", "yes", "bare 201", 0.3),
        ("under_data", "yes", "data 200", 0.3),
        ("slow", "yes", "whole 201", 290.0),
    ]
    return {name: PostFault(name=name, commits=how, answer=what, after_s=s) for name, how, what, s in table}


POST_FAULTS: Final = _kinds()
FINE: Final = PostFault(name="fine", commits="yes", answer="whole 201")
DEFINITE: Final = frozenset(
    {"refused_400", "refused_422", "unauthorised", "throttled", "throttled_plain", "quota"}
)
READ_FAULTS: Final = ("read_failed", "read_timeout", "read_unauthorised", "incomplete", "drift")
PO_MODES: Final = (
    "kept",
    "kept",
    "kept",
    "kept",
    "kept",
    "dropped",
    "upper",
    "cut 8",
    "cut 10",
    "cut 14",
    "only_poNumber",
    "only_ponumber",
)
