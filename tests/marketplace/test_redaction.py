"""What a marketplace says is cleaned and redacted where its reply is made."""

import base64
import html
import json
import re
import time
from datetime import UTC, datetime
from itertools import product
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bulk_orders.core.plain_text import with_unseen_shown, without_unseen
from bulk_orders.core.reply import Reply
from bulk_orders.marketplace.redaction import Redactor

USER = "api-user@partner.example"
PASSWORD = 'p&ss w"ört\\1%7'
KEY = "0f9e8d7c6b5a49382716"
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor(user=USER, password=SecretStr(PASSWORD), others=(SecretStr(KEY),))
    made.learn(SecretStr(TOKEN))
    return made


def reply(body: bytes, **headers: str) -> Reply:
    return Reply(status=400, headers=headers, body=body, is_complete=True, sent_at=datetime.now(UTC))


def said(redactor: Redactor, text: str) -> str:
    """The message as it can be read afterwards."""
    return str(json.loads(redactor.reply(reply(json.dumps({"message": text}).encode())).body)["message"])


def as_base64(text: str, before: str = "") -> str:
    return base64.b64encode(f"{before}{text}".encode()).decode()


SPELLINGS = {
    "as it is": lambda secret: secret,
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "percent-encoded as a form": quote_plus,
    "percent-encoded in small letters": lambda secret: (
        quote(secret, safe="").lower()
        if secret == KEY
        else quote(secret, safe="").replace("%C3%B6", "%c3%b6")
    ),
    "percent-encoded twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "every byte percent-encoded": lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
    "escaped for JSON": lambda secret: json.dumps(secret)[1:-1],
    "escaped for JSON twice": lambda secret: json.dumps(json.dumps(secret))[1:-1],
    "escaped for JSON, not in ASCII": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "escaped for HTML": html.escape,
    "in base64": as_base64,
    "in base64 behind one character": lambda secret: as_base64(secret, "x"),
    "in base64 behind two characters": lambda secret: as_base64(secret, "xy"),
    "in base64 for addresses": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "in base64, percent-encoded": lambda secret: quote(as_base64(secret), safe=""),
    "in capitals": lambda secret: secret.upper() if secret == KEY else secret,
    "percent-encoded in letters of both kinds": lambda secret: "".join(
        f"%{byte:02x}" if place % 2 else f"%{byte:02X}" for place, byte in enumerate(secret.encode())
    ),
    "percent-encoded as scripts do": lambda secret: "".join(f"%u{ord(sign):04X}" for sign in secret),
    "in hexadecimal": lambda secret: secret.encode().hex(),
    "in hexadecimal, in capitals": lambda secret: secret.encode().hex().upper(),
    "in base64, as JSON": lambda secret: as_base64(secret).replace("/", "\\/"),
    "in base64, escaped for JSON": lambda secret: (
        as_base64(secret).replace("+", "\\u002b").replace("=", "\\u003d")
    ),
    "as numbers of signs": lambda secret: "".join(f"&#{ord(sign)};" for sign in secret),
    "with what is not seen in it": lambda secret: f"{secret[:5]}\u200b{secret[5:9]}\x1b{secret[9:]}",
}


@pytest.mark.parametrize("secret", [PASSWORD, KEY, TOKEN, BASIC], ids=["password", "key", "token", "basic"])
def test_no_spelling_of_a_secret_passes(redactor: Redactor, secret: str) -> None:
    for spelling, spell in SPELLINGS.items():
        spelt = spell(secret)
        for text in (spelt, f"before {spelt} behind", f'{{"header":"{spelt}"}}'):
            left = said(redactor, text)
            assert "***" in left, spelling
            core = spelt.strip("=")
            assert core not in left, spelling
            assert core[3:-3] not in left, spelling


def test_what_was_cut_off_behind_a_secret_s_beginning_does_not_pass(redactor: Redactor) -> None:
    assert said(redactor, f"Authorization: Bearer {TOKEN[:30]}") == "Authorization: Bearer ***"


BREAKS = ["\r\n ", "\n", "\t", " ", "\\n", "%0D%0A", "\\r\\n\\t", "&#10;", "\u200b", "%E2%80%8B", "\\u200b"]
LONG = ["a long pass phrase of many words", f"{TOKEN}.{TOKEN}", KEY]


@pytest.mark.parametrize("secret", LONG, ids=["phrase", "token", "key"])
def test_what_is_broken_into_lines_does_not_pass(secret: str) -> None:
    redactor = Redactor(user="u", password=SecretStr(secret), others=[])

    for width, between in product([5, 16, 20, 76], BREAKS):
        for whole in (secret, as_base64(secret), secret.encode().hex()):
            lines = [whole[start : start + width] for start in range(0, len(whole), width)]
            left = said(redactor, f"before {between.join(lines)} behind")
            assert re.fullmatch(r"before \*\*\*\w?=* behind", left), (width, between)


def test_words_that_stand_side_by_side_are_no_short_secret() -> None:
    redactor = Redactor(user="u", password=SecretStr("lastname"), others=[SecretStr("2024-A")])

    assert said(redactor, "the last name of 2024-a") == "the last name of 2024-a"


def test_headers_are_cleaned_too(redactor: Redactor) -> None:
    left = redactor.reply(reply(b"", **{"x-correlation-id": f"a\x1b[31m{KEY}", "www-authenticate": TOKEN}))

    assert left.headers == {"x-correlation-id": "a[31m***", "www-authenticate": "***"}


def test_a_key_of_digits_does_not_pass_as_a_number() -> None:
    redactor = Redactor(user="u", password=SecretStr(""), others=[SecretStr("123456789012")])

    assert redactor.reply(reply(b'{"id": 123456789012, "n": 5}')).body == b'{"id": "***", "n": 5}'


@pytest.mark.parametrize(
    "unseen",
    [
        "\x1b[2J",
        "\x1b]0;t\x07",
        "\x9b31m",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200d",
        "\ufeff",
        "\x00",
        "\x7f",
        "\ud800",
    ],
)
def test_what_steers_a_terminal_or_is_not_seen_does_not_pass(redactor: Redactor, unseen: str) -> None:
    left = said(redactor, f"a{unseen}b")

    assert left.isprintable()
    assert (left[0], left[-1]) == ("a", "b")


def test_keys_and_texts_deep_inside_lists_are_cleaned(redactor: Redactor) -> None:
    value = {"data": [{"name": KEY, "a\u202eb": [{"deep": f"\x1b{TOKEN}"}]}], "total": 3}

    left = json.loads(redactor.reply(reply(json.dumps(value).encode())).body)

    assert left == {"data": [{"name": "***", "ab": [{"deep": "***"}]}], "total": 3}


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"1","id":"2"}',
        b'{"a":NaN,"b":"\xc3\xa9"}',
        b'{"a":"\\u00e9',
        b"\xff\xfe",
        b"<html>&amp;</html>",
        b"[1, 2]",
    ],
)
def test_a_body_without_secrets_stays_what_it_was(redactor: Redactor, body: bytes) -> None:
    assert redactor.reply(reply(body)).body == body


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(categories=["L", "N", "P", "Zs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefg", max_size=5), inner, max_size=4)
    ),
    max_leaves=15,
)


@pytest.mark.long
@settings(max_examples=200)
@given(json_values, st.booleans())
def test_what_is_seen_and_no_secret_is_not_changed(value: Any, is_ascii: bool) -> None:
    redactor = Redactor(user="u", password=SecretStr("correct horse battery"), others=[])
    seen = json.loads(without_unseen(json.dumps(value, ensure_ascii=False)))

    left = json.loads(redactor.reply(reply(json.dumps(value, ensure_ascii=is_ascii).encode())).body)

    assert left == seen


@given(st.text(), st.text(), st.sampled_from([KEY, TOKEN, "pässwort-12"]))
def test_a_secret_between_any_two_texts_does_not_pass(before: str, behind: str, secret: str) -> None:
    redactor = Redactor(user="u", password=SecretStr(secret), others=[])

    assert secret not in said(redactor, before + secret + behind)


@given(st.text())
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert without_unseen(without_unseen(text)) == without_unseen(text)
    assert with_unseen_shown(with_unseen_shown(text)) == with_unseen_shown(text)


def test_a_short_secret_spoils_no_longer_word() -> None:
    redactor = Redactor(user="u", password=SecretStr("2024"), others=[])

    assert said(redactor, "PO-20240 is not 2024.") == "PO-20240 is not ***."


def test_a_password_that_is_the_user_s_name_is_no_secret() -> None:
    redactor = Redactor(user="practice", password=SecretStr("practice"), others=[SecretStr("practice")])

    assert said(redactor, "practice-1") == "practice-1"


def test_only_so_many_tokens_are_remembered_and_each_once(redactor: Redactor) -> None:
    for number in range(3):
        redactor.learn(SecretStr(f"another-token-{number}"))
        redactor.learn(SecretStr(f"another-token-{number}"))

    assert said(redactor, f"{TOKEN} another-token-0") == "*** ***"


def test_a_large_list_is_cleaned_in_no_time(redactor: Redactor) -> None:
    rows = [
        {"id": str(number), "name": f"Müller & Söhne {number}", "note": "x" * 500} for number in range(2000)
    ]
    body = json.dumps({"data": rows}).encode()
    started_s = time.process_time()

    left = redactor.reply(reply(body))

    assert json.loads(left.body) == {"data": rows}
    assert time.process_time() - started_s < 5
