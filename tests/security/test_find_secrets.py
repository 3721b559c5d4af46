"""The scan of the history finds what is a secret by its form, wherever it stands and however long ago it was removed."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from security.find_secrets import found_in, main

HEX = "0123456789abcdef" * 2
SECRETS = {
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "MIIE" * 16,
    "JSON web token": "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w",
    "key of a service": "AK" + "IAIOSFODNN7ABCDEFG",
    "sign-in of a header": "Authorization: Basic " + "cmVzZWxsZXI6UDRzc3cwcmQtMTIzNDU2",
    "address with a password": "http://reseller:" + "h4rd-to-guess@proxy.partner.com:8080",
    "subscription key": '"X-Subscription-Key": "' + HEX + '"',
}


@pytest.mark.parametrize("kind", SECRETS)
def test_each_form_of_a_secret_is_found(kind: str) -> None:
    found = list(found_in(f"before {SECRETS[kind]} behind".encode()))

    assert [what.partition(" at byte ")[0] for what in found] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "http://user:password@proxy.example:8080",
        "Authorization: Bearer canary-of-a-token-0123456789",
        "https://api.cloud.im/marketplace/na",
        f"sha256:{HEX}{HEX}",
    ],
)
def test_what_tests_and_pages_make_up_is_none(text: str) -> None:
    assert list(found_in(text.encode())) == []


def test_ci_looks_for_secrets_in_the_history() -> None:
    steps = (Path(__file__).parents[2] / ".ci" / "run").read_text(encoding="utf-8")

    assert '"$bin/python" tests/security/find_secrets.py\n' in steps


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("where", ["file", "workbook", "message", "branch"])
def test_what_was_removed_long_ago_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    secret = SECRETS["subscription key"]
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/a.xml", secret)
    content = {"file": secret.encode(), "branch": secret.encode(), "workbook": book.getvalue()}
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    (tmp_path / "a.bin").write_bytes(b"nothing")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    assert main(tmp_path) == 0

    if where == "branch":
        git(tmp_path, "checkout", "--quiet", "-b", "other")
    (tmp_path / "a.bin").write_bytes(content.get(where, b"something"))
    git(tmp_path, "commit", "--quiet", "--all", "--message", secret if where == "message" else "second")
    (tmp_path / "a.bin").write_bytes(b"nothing")
    git(tmp_path, "commit", "--quiet", "--all", "--message", "third")
    if where == "branch":
        git(tmp_path, "checkout", "--quiet", "main")

    assert main(tmp_path) == 1
    told = capsys.readouterr().out
    assert "subscription key" in told
    assert HEX not in told
