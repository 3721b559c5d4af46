"""A run is of one account, and only what that account says counts for it."""

from bulk_orders.errors import UsageError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.sending.services import Services


def check_account(services: Services, run: RunRecord) -> None:
    """Raise `UsageError` when the services are of another account than the run: what it lists says nothing of its orders."""
    if run.account != str(services.profile.account):
        raise UsageError(
            "Run {run_id} belongs to another account ({profile}).".format(
                run_id=run.run_id, profile=run.profile
            ),
            fix="Name its profile: --profile {profile}.".format(profile=run.profile),
        )
