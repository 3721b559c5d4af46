"""What is wrong with a template of an order body that somebody wrote: each fault with its line and its placeholder.

A template may say more than ours, or say it elsewhere (the period in the product line, say). It may not lose what an order is known
by: whose it is, which subscription it acts on, what and how many, and the PO number under which it is found again after a lost answer.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bulk_orders.core.body import FORMS, KNOWN_NAMES, PLACEHOLDER, fill
from bulk_orders.core.identity import PO_NAMES
from bulk_orders.core.model import Row
from bulk_orders.core.order_types import IMPORT, ORDER_TYPES, USUAL, OrderType, parameter_names, type_of
from bulk_orders.errors import SetupError

_STRING: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LOOKS_LIKE_ONE: Final = re.compile(r"\{[^{}]*\}")
_OF_THE_LINE: Final = {"mpn": ("{mpn}",), "quantity": ("{quantity:int}",)}
_PO_NUMBER: Final = "{po_number}"
_FIRST_LINE: Final = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and on which line of the file."""

    line: int
    what: str


def faults_of(text: str, name: str = USUAL.template) -> list[Fault]:
    """Return what is wrong with the template of this name, in the order of its lines; nothing for one that can be used."""
    try:
        template = json.loads(text, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        return [
            Fault(
                error.lineno,
                "it is not JSON from character {column} on ({reason}).".format(
                    column=error.colno, reason=error.msg
                ),
            )
        ]
    except (ValueError, RecursionError) as error:
        return [Fault(_FIRST_LINE, str(error))]
    return [*_placeholder_faults(text), *_missing(template, name)] or [*_not_recognised(template, name)]


def _placeholder_faults(text: str) -> Iterator[Fault]:
    for found in _STRING.finditer(text):
        said = found[0][1:-1]
        if what := _fault_of(said):
            yield Fault(text.count("\n", 0, found.start()) + 1, what)


def _fault_of(said: str) -> str:
    """Return what is wrong with one text of the template: a placeholder is the whole of it, or there is none in it."""
    whole = PLACEHOLDER.fullmatch(said)
    if whole is None:
        inside = _LOOKS_LIKE_ONE.search(said)
        return (
            'the placeholder {placeholder} must be a text by itself, but it is part of "{text}".'.format(
                placeholder=inside[0], text=said
            )
            if inside
            else ""
        )
    name, form = whole["name"], whole["form"] or ""
    if name not in KNOWN_NAMES:
        near = difflib.get_close_matches(name, sorted(KNOWN_NAMES), n=1)
        meant = " Is {name} meant?".format(name=near[0]) if near else ""
        return "the placeholder {placeholder} is unknown: no column is called {name}.{meant}".format(
            placeholder=said, name=name, meant=meant
        )
    if form not in FORMS:
        return "the placeholder {placeholder} has an unknown form; known forms are {forms}.".format(
            placeholder=said, forms=", ".join(filter(None, FORMS))
        )
    return ""


def _of_the_order(name: str) -> dict[str, tuple[str, ...]]:
    types = [known for known in ORDER_TYPES if known.template == name]
    api = types[0].api
    wanted: dict[str, tuple[str, ...]] = {"customerId": ("{customer_id}",)}
    wanted |= {"type": (api, "{order_type}")} if api else {"renewalStatus": ("{auto_renew:bool}",)}
    if any(known.scheduled_on for known in types):
        wanted["scheduledOn"] = ("{scheduled_on}",)  # without it what is wanted at renewal would be done now
    return wanted | ({"subscriptionId": ("{subscription_id}",)} if types[0].acts_on_subscription else {})


def _missing(template: Any, name: str) -> Iterator[Fault]:
    """Yield what an order cannot do without."""
    if not isinstance(template, Mapping):
        yield Fault(_FIRST_LINE, "it must be an object, in curly brackets.")
        return
    yield from _unlike(template, _of_the_order(name), "the order")
    order_type = next(known for known in ORDER_TYPES if known.template == name)
    if not order_type.api:
        return  # nothing is ordered, and nothing has to be found again
    po_names = [name for name in sorted(PO_NAMES) if name in template]
    is_everywhere = json.dumps(template).count(_PO_NUMBER)
    if len(po_names) != 1 or template[po_names[0]] != _PO_NUMBER or is_everywhere != 1:
        yield Fault(
            _FIRST_LINE,
            (
                'the order must say "ponumber" (or "poNumber"): '
                '"{placeholder}", once: an order whose answer is lost is found by it.'
            ).format(placeholder=_PO_NUMBER),
        )
    if not order_type.needs_line and "products" not in template:
        return
    lines = template.get("products")
    if not isinstance(lines, list) or len(lines) != 1 or not isinstance(lines[0], Mapping):
        yield Fault(_FIRST_LINE, "products must have exactly one product line.")
        return
    yield from _unlike(lines[0], _OF_THE_LINE, "the product line")
    if name == IMPORT.template and IMPORT.parameter not in parameter_names(template):
        # Without it the subscription would be bought once more.
        yield Fault(
            _FIRST_LINE,
            'the product line must have the parameter "{name}".'.format(name=IMPORT.parameter),
        )


def _not_recognised(template: Mapping[str, Any], name: str) -> Iterator[Fault]:
    """Yield the types whose orders would be taken for others: what they say beside ours would hide what they are."""
    for known in ORDER_TYPES:
        if known.template == name and not _is_recognised(template, known):
            yield Fault(
                _FIRST_LINE,
                'an order of the type "{label}" would not be known as one. Leave out what ours does not say.'.format(
                    label=known.label
                ),
            )


def _is_recognised(template: Mapping[str, Any], known: OrderType) -> bool:
    filled = ("customer_id", "mpn", "quantity", "subscription", "microsoft_subscription", "microsoft_order")
    row = Row(sheet_row=1, values={**dict.fromkeys(filled, "1"), "order_type": known.key})
    try:
        return type_of(json.dumps(fill(template, row, po_number="1"))) is known
    except SetupError:
        return False
    except (
        KeyError,
        ValueError,
    ):  # of a form that does not suit its placeholder, which says nothing of the type
        return True


def _unlike(part: Mapping[str, Any], wanted: Mapping[str, Sequence[str]], where: str) -> Iterator[Fault]:
    for key, values in wanted.items():
        if part.get(key) not in values:
            yield Fault(
                _FIRST_LINE,
                '{where} must say "{key}": "{value}".'.format(where=where, key=key, value=values[-1]),
            )


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(
            'the key "{key}" is in one object twice.'.format(
                key=next(key for key in keys if keys.count(key) > 1)
            )
        )
    return found
