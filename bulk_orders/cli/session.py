"""What every command works in, and how it finds a run."""

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from bulk_orders.cli.signals import InFlight
from bulk_orders.cli.terminal import Ask, Terminal
from bulk_orders.errors import UsageError
from bulk_orders.library.opening import find_run as run_in
from bulk_orders.machine.private_files import exposure
from bulk_orders.sending.events import Observer, fan_out
from bulk_orders.settings.folders import Folders, who_am_i
from bulk_orders.settings.profiles import PRACTICE, Profile, load_profile
from bulk_orders.settings.secrets import keyring_secret
from bulk_orders.settings.shared_ledgers import shared_ledgers
from bulk_orders.wiring import has_ledger, open_ledger, open_services

if TYPE_CHECKING:
    from bulk_orders.ledger.interface import PlanRecord, RunRecord
    from bulk_orders.sending.services import Services


class Given(TypedDict):
    """What every verb of the library takes."""

    home: Folders
    stop: threading.Event
    operator: str
    on_event: Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What every command works in."""

    terminal: Terminal
    folders: Folders
    environment: Mapping[str, str]
    stop: threading.Event
    in_flight: InFlight = field(default_factory=InFlight)
    ask: Ask | None = None
    """None where nobody is there to ask."""
    warned: set[str] = field(default_factory=set)

    def profile(self, name: str, **flags: Any) -> Profile:
        """Return the profile with this command's flags laid over it."""
        profile = load_profile(
            name,
            config_file=self.folders.config_file,
            environment=self.environment,
            keyring=keyring_secret,
            flags=flags,
            warn=self._warn,
        )
        ledger = self.folders.ledger(is_practice=profile.is_practice)
        if (others := exposure(ledger)) and not others.is_severe:
            self._warn(f"{others.message} {others.fix}")
        return profile

    def open_services(
        self, profile: Profile, observers: tuple[Observer, ...] = (), *, awaited_s: float = 0.0
    ) -> "AbstractContextManager[Services]":
        """Open all parts for one command; they end with the block. A database is waited for `awaited_s`."""
        return open_services(
            profile,
            self.folders,
            operator=who_am_i(self.environment),
            observers=(self.in_flight, *observers),
            stop=self.stop,
            awaited_s=awaited_s,
        )

    def given(self, *observers: Observer) -> "Given":
        """Return what each verb of the library is given by this command."""
        return {
            "home": self.folders,
            "stop": self.stop,
            "operator": who_am_i(self.environment),
            "on_event": fan_out((self.in_flight, *observers)),
        }

    def shared_ledgers(self) -> list[Profile]:
        """Return profiles whose ledger is a database, one for each, with nothing but its URL. Raises `SetupError`."""
        return shared_ledgers(
            config_file=self.folders.config_file,
            environment=self.environment,
            keyring=keyring_secret,
            warn=self._warn,
        )

    def _warn(self, sentence: str) -> None:
        """Print each sentence once, however often the profile is asked for."""
        if sentence not in self.warned:
            self.warned.add(sentence)
            self.terminal.say(f"⚠ {sentence}")


def find_run(session: Session, run_id: str, profile_name: str | None) -> "tuple[RunRecord, Profile]":
    """Return the run and its profile; `last` is the newest run. Raises `UsageError`."""
    candidates: list[RunRecord] = []
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders) as ledger:
            found = run_in(ledger, run_id)
        candidates += [found] if found else []
    if not candidates:
        if run_id == "last":
            raise UsageError(
                "There is no run of the profile {name} yet.".format(name=profile_name)
                if profile_name
                else "There is no run yet.",
                fix="`bulk-orders history` lists the runs of all profiles.",
            )
        raise UsageError(
            "There is no run {run_id}.".format(run_id=run_id), fix="`bulk-orders history` lists them."
        )
    run = max(candidates, key=lambda run: run.started_at)
    return run, session.profile(profile_name or run.profile, base_url=practice_address(run))


def practice_address(run: "RunRecord | PlanRecord") -> str | None:
    """Return where a run's or a plan's --practice-at marketplace listens; None for the built-in one and for live runs."""
    host = run.account.partition("|")[0]
    return f"http://{host}" if run.profile == PRACTICE and host != PRACTICE else None


def profiles_to_search(session: Session, profile_name: str | None) -> list[Profile]:
    """Return the profiles whose ledgers to search: the named one, else practice and live where their ledgers exist, and shared ones."""
    if profile_name:
        return [session.profile(profile_name)]
    if session.folders.named_ledger:
        return [Profile(name=PRACTICE)]
    shared = session.shared_ledgers()
    in_files = [Profile(name=name) for name in (PRACTICE, "live")]
    is_elsewhere = {profile.name for profile in shared}
    return [
        profile
        for profile in (*in_files, *shared)
        if profile in shared or (profile.name not in is_elsewhere and has_ledger(profile, session.folders))
    ]
