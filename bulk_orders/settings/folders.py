"""Where the program keeps things on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from bulk_orders.errors import SetupError
from bulk_orders.machine.logins import login_name
from bulk_orders.machine.private_files import make_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Folders and files of this user; nothing is created by naming them."""

    data: Path
    config_file: Path
    logs: Path
    named_ledger: Path | None = None
    """The ledger's file, where somebody named one; it then serves practice and real orders alike."""

    def ledger(self, *, is_practice: bool) -> Path:
        """Return the file of what is remembered of orders; practice has its own, so that it never touches that of real ones."""
        own = self.practice if is_practice else self.data
        return self.named_ledger or own / "ledger.sqlite"

    @property
    def practice(self) -> Path:
        """Everything of the practice marketplace; delete the folder to start practising afresh."""
        return self.data / "practice"

    @property
    def practice_state(self) -> Path:
        """What the practice marketplace itself remembers."""
        return self.practice / "marketplace.jsonl"

    def answers(self, *, is_practice: bool) -> Path:
        """Return where an online check that was interrupted left its answers, and every one the ids of its drafts."""
        return (self.practice if is_practice else self.data) / "online-answers.jsonl"

    def subscriptions(self, *, is_practice: bool) -> Path:
        """Return where pulls keep the seats of subscriptions, so that one that was interrupted goes on where it was."""
        return (self.practice if is_practice else self.data) / "subscriptions.jsonl"


def folders(
    environment: Mapping[str, str], *, config: Path | None = None, ledger: Path | None = None
) -> Folders:
    """Return the user's folders; BULK_ORDERS_HOME puts them all into one. Settings and ledger may be elsewhere."""
    home = environment.get("BULK_ORDERS_HOME")
    data = Path(home) if home else Path(platformdirs.user_data_dir("bulk-orders", appauthor=False))
    folder = Path(home) if home else Path(platformdirs.user_config_dir("bulk-orders", appauthor=False))
    return Folders(
        data=data,
        config_file=config or folder / "settings.toml",
        logs=data / "logs",
        named_ledger=ledger,
    )


def private_folder(path: Path) -> Path:
    """Return the folder, made for this user alone if it was not there. Raises `SetupError`."""
    try:
        return make_folder(path)
    except OSError as error:
        raise SetupError(
            "The folder {path} cannot be made: {reason}.".format(path=path, reason=error.strerror),
            fix="Make it yourself, or name another with the environment variable BULK_ORDERS_HOME.",
        ) from None


def templates_folder() -> Path:
    """Return the shipped templates: inside the installed package, or beside it in a source tree."""
    package = Path(__file__).parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


def who_am_i(environment: Mapping[str, str]) -> str:
    """Return the operator's login name, for the record of a run."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if environment.get(name):
            return environment[name]
    try:
        name = login_name()
    except OSError:  # Windows, without a console
        return "unknown"
    return f"uid {name}" if name.isdigit() else name
