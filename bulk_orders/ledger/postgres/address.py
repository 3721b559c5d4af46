"""Where a ledger's database is: what a profile's `ledger_url` says, without ever showing the password in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bulk_orders.errors import SetupError

_SCHEMES: Final = ("postgresql://", "postgres://")
_ON_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS_FIX: Final = "Write it as postgresql://USER:PASSWORD@HOST/DATABASE."
# A server or a network that is gone is noticed within half a minute, and not after hours.
_LIVELY: Final = {
    "connect_timeout": "10",
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database, and how it is connected to."""

    name: str
    """Without user and password, for people."""
    parameters: Mapping[str, Any]
    """Of libpq. Never shown: a password may be among them."""

    def __repr__(self) -> str:
        return f"Address({self.name})"


def address_of(url: str) -> Address:
    """Read the address. Raises `SetupError`, which does not repeat it.

    A server elsewhere has to prove who it is (TLS, `sslmode=verify-full`), unless the address says otherwise.
    """
    url = url.strip()
    if not url.startswith(_SCHEMES):
        raise SetupError("The ledger URL is not the address of a PostgreSQL database.", fix=_ADDRESS_FIX)
    try:
        given = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # its words quote the address
        raise SetupError("The ledger URL cannot be read.", fix=_ADDRESS_FIX) from None
    database, host, port = (str(given.get(name) or "") for name in ("dbname", "host", "port"))
    if "@" in f"{database} {host[1:]}" or (port and not port.replace(",", "").isdigit()):
        raise SetupError(
            "The ledger URL cannot be read: a character in it ends the password too early.",
            fix="In its user and password write @ as %40, : as %3A, / as %2F and % as %25.",
        )
    if not database:
        raise SetupError("The ledger URL names no database.", fix=_ADDRESS_FIX)
    parameters: dict[str, Any] = _LIVELY | given
    if not _is_here(host):
        parameters.setdefault("sslmode", "verify-full")
        if parameters["sslmode"].startswith("verify"):
            parameters.setdefault("sslrootcert", "system")
    parameters |= {"application_name": "bulk-orders", "client_encoding": "UTF8"}
    return Address(name=f"postgresql://{host or 'localhost'}/{database}", parameters=parameters)


def _is_here(hosts: str) -> bool:
    """Tell whether all hosts are this machine; a path is that of a Unix socket."""
    return all(
        not host or host.startswith(("/", "@")) or host in _ON_THIS_MACHINE for host in hosts.split(",")
    )
