"""Whatever a marketplace says, no secret and nothing that steers a terminal comes out anywhere."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from books.order_books import order_rows, write_book
from processes import Desk, Ended
from security.echoing_marketplace import (
    KEY,
    PASSWORD,
    PROXY_PASSWORD,
    SECRETS,
    USER,
    EchoingMarketplace,
)

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
IN_ESCAPES = re.compile(
    rb"\\u00(?:[01][0-9a-f]|7f|[89][0-9a-f])|\\u20(?:0[b-f]|2[a-e]|6[6-9])|_x00[01][0-9A-Fa-f]_"
)
SETTINGS = """[profiles.live]
base_url = "http://127.0.0.1:{port}/marketplace/na"
proxy = "http://proxy-user:{proxy_password}@127.0.0.1:{port}"
user = "{user}"
rate_per_s = 0
settle_s = 0
window_s = 0
patience_s = 0
stop_after = 1
read_deadline_s = 5
order_deadline_s = 5
"""


def left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and every part of every workbook."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "settings.toml":
            yield str(path), path.read_bytes()
            if path.suffix == ".xlsx":
                with zipfile.ZipFile(path) as book:
                    yield from ((f"{path}!{name}", book.read(name)) for name in book.namelist())


def views(content: bytes) -> Iterator[bytes]:
    """The content, and what somebody makes of it who undoes escapes and line breaks."""
    yield content
    for _ in range(3):
        content = unquote_to_bytes(content)
        yield content
    yield re.sub(rb"\s+|\\[rnt]", b"", content)


def assert_clean(desk: Desk, *said: Ended) -> None:
    secrets = [secret.encode() for secret in SECRETS]
    streams = [
        (f"{name} {number}", text.encode())
        for number, ended in enumerate(said)
        for name, text in (("out", ended.out), ("err", ended.err))
    ]
    found = [
        (where, secret)
        for where, content in [*streams, *left_behind(desk.folder)]
        for view in dict.fromkeys(views(content))
        for secret in secrets
        if secret in view
    ]
    assert found == []
    for ended in said:
        assert STEERS.findall(ended.words) == []
        assert IN_ESCAPES.findall(ended.words.encode()) == []
        assert "Traceback" not in ended.words
    for where, content in left_behind(desk.folder):
        if where.endswith((".log", ".xml", ".csv", ".json")):
            assert STEERS.findall(content.decode()) == [], where
            assert IN_ESCAPES.findall(content) == [], where


def sit_down(desk: Desk, market: EchoingMarketplace) -> None:
    (desk.home / "settings.toml").write_text(
        SETTINGS.format(port=market.port, proxy_password=PROXY_PASSWORD, user=USER), encoding="utf-8"
    )
    desk.settings.update(BULK_ORDERS_PASSWORD=PASSWORD, BULK_ORDERS_SUBSCRIPTION_KEY=KEY)
    write_book(desk.folder / "orders.xlsx", order_rows(1))


def order(desk: Desk) -> Ended:
    return desk.run("--verbose", "run", "orders.xlsx", "--profile", "live", "--new-ledger", "--confirm", 1)


@pytest.mark.long
@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 429, 404, 409, 422, 500])
def test_an_answer_to_an_order_leaks_nothing(desk: Desk, status: int) -> None:
    with EchoingMarketplace(post=status) as market:
        sit_down(desk, market)
        ran = order(desk)
        more = [
            desk.run("report", "last", "--profile", "live", "--json"),
            desk.run("resolve", "last", "--profile", "live"),
        ]

    assert "POST /orders" in market.seen
    assert "***" in (desk.home / "ledger.sqlite").read_bytes().decode("latin-1")
    assert_clean(desk, ran, *more)


@pytest.mark.long
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500])
def test_a_refused_question_leaks_nothing(desk: Desk, status: int) -> None:
    with EchoingMarketplace(read=status) as market:
        sit_down(desk, market)
        said = [
            order(desk),
            desk.run("check", "orders.xlsx", "--profile", "live", "--online", "--estimate"),
            desk.run("template", "--with-catalog", "--profile", "live", "-o", "new.xlsx"),
        ]

    assert len(market.seen) > 3
    assert_clean(desk, *said)


@pytest.mark.long
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 422, 429, 500])
def test_a_refused_sign_in_leaks_nothing_and_is_logged(desk: Desk, status: int) -> None:
    with EchoingMarketplace(token=status) as market:
        sit_down(desk, market)
        said = [
            order(desk),
            desk.run("doctor", "--profile", "live"),
            desk.run("doctor", "--profile", "live", "--json"),
        ]

    assert set(market.seen) == {"POST /token"}
    assert_clean(desk, *said)
    if status in {401, 403}:
        log = (desk.home / "logs" / "bulk-orders.log").read_text(encoding="utf-8")
        assert f"sign-in refused host=127.0.0.1:{market.port} status={status}" in log


@pytest.mark.long
def test_what_lists_say_leaks_nothing(desk: Desk) -> None:
    with EchoingMarketplace() as market:
        sit_down(desk, market)
        said = [
            desk.run("template", "--with-catalog", "--profile", "live", "-o", "new.xlsx"),
            desk.run(
                "check", "orders.xlsx", "--profile", "live", "--online", "--estimate", "-o", "checked.xlsx"
            ),
            desk.run("check", "orders.xlsx", "--profile", "live", "--online", "--json"),
            order(desk),
            desk.run("audit", "last", "--profile", "live"),
            desk.run("status", "last", "--profile", "live"),
            desk.run("doctor", "--profile", "live"),
        ]

    assert {
        "GET /customers",
        "GET /products",
        "GET /orders",
    } <= {path.replace("/1000106000", "") for path in market.seen}
    assert "It contains 1 Microsoft product and 1 customer." in said[0].err
    assert_clean(desk, *said)


def every_command(desk: Desk) -> list[Ended]:
    """All that asks the marketplace, and all that shows what it said, for people and for programs."""
    live = ("--profile", "live")
    return [
        desk.run("doctor", *live),
        desk.run("doctor", *live, "--json"),
        desk.run("check", "orders.xlsx", *live, "--online", "--estimate", "-o", "checked.xlsx"),
        desk.run("check", "orders.xlsx", *live, "--online", "--json"),
        desk.run("run", "orders.xlsx", *live, "--dry-run", "--json"),
        order(desk),
        desk.run("resume", "last", *live, "--json"),
        desk.run("status", "last", *live),
        desk.run("resolve", "last", *live, "--json"),
        desk.run("resolve", "last", *live, "--row", 2, "--absent", "--reason", "asked"),
        desk.run("audit", "last", *live, "--json"),
        desk.run("report", "last", *live, "-o", "again.xlsx"),
        desk.run("report", "last", *live, "--json"),
        desk.run("history", *live),
        desk.run("verify", *live),
        desk.run("explain", "S-AUTH"),
    ]


KINDS = {
    "taken": {},
    "refused": {"post": 400},
    "in doubt": {"post": 500},
    "nothing is read": {"read": 500},
    "no sign-in": {"token": 403},
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("in doubt", "JSON in ASCII"),
        *((kind, "JSON") for kind in KINDS),
        *(("in doubt", shape) for shape in ("JSON that breaks off", "JSON in Latin-1", "JSON in UTF-16")),
        *(("refused", shape) for shape in ("a page", "a line")),
    ],
)
def test_no_command_leaks_anything_of_any_kind_of_answer(desk: Desk, kind: str, shape: str) -> None:
    with EchoingMarketplace(**KINDS[kind], shape=shape) as market:
        sit_down(desk, market)
        said = every_command(desk)

    assert market.seen
    assert_clean(desk, *said)
