"""A run is of one account, and only what that account says counts for it."""

from bulk_orders.errors import UsageError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.sending.services import Services
from bulk_orders.texts import runs as words


def check_account(services: Services, run: RunRecord) -> None:
    """Raise `UsageError` when the services are of another account than the run: what it lists says nothing of its orders."""
    if run.account != str(services.profile.account):
        raise UsageError(
            words.OTHER_ACCOUNT.format(run_id=run.run_id, profile=run.profile),
            fix=words.OTHER_ACCOUNT_FIX.format(profile=run.profile),
        )
