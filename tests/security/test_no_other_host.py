"""The program and the child that reads its files speak to the marketplace of the settings and to nobody else.

Python tells of every address and every name before it is used; what a library written in C did by itself would not be seen.
"""

import json
import os
import sys
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from processes import ColdProcess, Desk, Ended
from security.echoing_marketplace import EchoingMarketplace
from security.test_nothing_leaks import SETTINGS, sit_down

GUARD = """
import os, sys
ALLOWED = ("127.0.0.1", {port})
ASKING = {{"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}}
def guard(event, told):
    if event in {{"socket.connect", "socket.sendto", "socket.sendmsg"}}:
        found = told[1][:2] if isinstance(told[1], tuple) else ALLOWED
    elif event in ASKING:
        found = (told[0], ALLOWED[1])
    else:
        return
    if found != ALLOWED:
        os.write(2, f"contacted {{found}}\\n".encode())
        os._exit(99)
sys.addaudithook(guard)
"""
COMMANDS = """
import json, sys
from bulk_orders.__main__ import main
codes = [main(arguments) for arguments in json.loads(sys.argv[1])]
print("codes", codes)
"""


def guarded(desk: Desk, code: str, *arguments: str, port: int) -> Ended:
    """Run the code in a process that ends at the first other address, as its children do."""
    folder = desk.folder / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD.format(port=port), encoding="utf-8")
    path = os.pathsep.join([str(folder), os.environ["PYTHONPATH"]])
    return ColdProcess(
        [sys.executable, "-c", code, *arguments],
        folder=desk.folder,
        environment={**desk.environment, "PYTHONPATH": path},
    ).wait()


@pytest.mark.long
def test_no_other_host_is_contacted(desk: Desk) -> None:
    live = ("--profile", "live")
    commands = [
        ("check", "orders.xlsx", *live, "--online", "--estimate"),
        ("run", "orders.xlsx", *live, "--new-ledger", "--confirm", "1"),
        ("status", "last", *live),
        ("audit", "last", *live),
        ("report", "last", *live),
        ("history", *live),
        ("doctor", *live),
        ("template", "--with-catalog", *live, "-o", "new.xlsx"),
        ("explain", "backups"),
    ]
    with EchoingMarketplace(post=400) as market:
        sit_down(desk, market)
        settings = SETTINGS.format(port=market.port, proxy_password="", user="api-user").replace(
            "proxy =", "#"
        )
        (desk.home / "settings.toml").write_text(settings, encoding="utf-8")
        write_book(desk.folder / "orders.xlsx", order_rows(1))
        told = guarded(desk, COMMANDS, json.dumps(commands), port=market.port)

    assert "contacted" not in told.err
    assert told.code == 0, told.err
    assert len(json.loads(told.out.splitlines()[-1].removeprefix("codes "))) == len(commands)
    assert "POST /orders" in market.seen
    assert "GET /products" in market.seen


@pytest.mark.long
def test_the_guard_sees_names_and_addresses(desk: Desk, tmp_path: Path) -> None:
    code = "import socket, sys\nsocket.getaddrinfo('updates.example.com', 443)"
    told = guarded(desk, code, port=1)

    assert (told.code, told.err) == (99, "contacted ('updates.example.com', 1)\n")
