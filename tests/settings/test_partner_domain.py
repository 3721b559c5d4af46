"""The partner's own e-mail domain, which customers' e-mails must not have."""

import pytest

from bulk_orders.settings.profiles import Profile


@pytest.mark.parametrize(
    ("user", "domain"),
    [
        ("api@reseller.example", "reseller.example"),
        ("API@Mail.Reseller.Example ", "mail.reseller.example"),
        ("reseller-api", ""),
        ("@reseller.example", ""),
        ("api@localhost", ""),
        ("somebody@gmail.com", ""),
        ("somebody@hotmail.co.uk", ""),
        ("", ""),
    ],
)
def test_it_is_taken_from_a_user_who_is_an_e_mail_address_of_a_company(user: str, domain: str) -> None:
    assert Profile(user=user).partner_domain == Profile(user=user).users_domain == domain


def test_what_the_settings_say_counts() -> None:
    assert Profile(user="api@reseller.example", own_domain="other.example").partner_domain == "other.example"
