"""What every command works in, and how it finds a run."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bulk_orders.cli.terminal import Terminal
from bulk_orders.errors import UsageError
from bulk_orders.ledger.interface import Ledger, PlanRecord, RunRecord
from bulk_orders.machine.private_files import exposure
from bulk_orders.sending.events import Observer
from bulk_orders.sending.services import Services
from bulk_orders.settings.folders import Folders, who_am_i
from bulk_orders.settings.profiles import PRACTICE, Profile, load_profile
from bulk_orders.settings.secrets import keyring_secret
from bulk_orders.texts import commands as words
from bulk_orders.wiring import open_ledger, open_services


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What every command works in."""

    terminal: Terminal
    folders: Folders
    environment: Mapping[str, str]
    stop: threading.Event
    ledger_file: Path | None = None
    read_line: Callable[[], str] | None = None
    """Reads what a person types; None where nobody is there to ask."""
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
        ledger = self.folders.practice_ledger if profile.is_practice else self.folders.ledger
        if (others := exposure(self.ledger_file or ledger)) and not others.is_severe:
            self._warn(f"{others.message} {others.fix}")
        return profile

    def open_services(
        self, profile: Profile, observers: tuple[Observer, ...] = ()
    ) -> AbstractContextManager[Services]:
        """Open all parts for one command; they end with the block."""
        return open_services(
            profile,
            self.folders,
            operator=who_am_i(self.environment),
            ledger_file=self.ledger_file,
            observers=observers,
            stop=self.stop,
        )

    def _warn(self, sentence: str) -> None:
        """Print each sentence once, however often the profile is asked for."""
        if sentence not in self.warned:
            self.warned.add(sentence)
            self.terminal.say(words.WARNING_LINE.format(sentence=sentence))


def find_run(session: Session, run_id: str, profile_name: str | None) -> tuple[RunRecord, Profile]:
    """Return the run and its profile; `last` is the newest run. Raises `UsageError`."""
    candidates: list[RunRecord] = []
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders, session.ledger_file) as ledger:
            candidates.extend(_runs_named(ledger, run_id))
    if not candidates:
        raise UsageError(words.NO_RUN.format(run_id=run_id), fix=words.NO_RUN_FIX)
    found = max(candidates, key=lambda run: run.started_at)
    return found, session.profile(profile_name or found.profile, base_url=practice_address(found))


def practice_address(run: RunRecord | PlanRecord) -> str | None:
    """Return where a run's or a plan's --practice-at marketplace listens; None for the built-in one and for live runs."""
    host = run.account.partition("|")[0]
    return f"http://{host}" if run.profile == PRACTICE and host != PRACTICE else None


def _runs_named(ledger: Ledger, run_id: str) -> list[RunRecord]:
    if run_id == "last":
        return list(ledger.runs()[:1])
    found = ledger.run(run_id)
    return [found] if found else []


def profiles_to_search(session: Session, profile_name: str | None) -> list[Profile]:
    """Return the profiles whose ledgers to search: the named one, else practice and live where their ledgers exist."""
    if profile_name:
        return [session.profile(profile_name)]
    if session.ledger_file:
        return [Profile(name=PRACTICE)]
    kinds = ((session.folders.practice_ledger, PRACTICE), (session.folders.ledger, "live"))
    return [Profile(name=name) for path, name in kinds if path.exists()]
