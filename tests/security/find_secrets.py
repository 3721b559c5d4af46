"""Whether a secret is in the history: in any file of any commit, or in what a commit says.

    python tests/security/find_secrets.py

Looks for what is a secret by its form: private keys, tokens, keys of well-known services, addresses with a password, and
headers of a sign-in. Workbooks are unpacked. Prints where each stands, never the secret itself; exit code 1 if there is any.
Without a repository, as in an unpacked source distribution, the files are read.
"""

import io
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORMS = {
    "private key": rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}",
    "JSON web token": rb"eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "key of a service": rb"\b(?:AKIA[0-9A-Z]{16}|gh[opsu]_\w{36}|github_pat_\w{22,}|glpat-[\w-]{20}|xox[abpr]-[\w-]{10,}|sk-[\w-]{32,}|pypi-[\w-]{40,})",
    "sign-in of a header": rb"(?i)\b(?:basic|bearer)\s+[a-z0-9+/_-]{24,}={0,2}(?![\w-])",
    "address with a password": rb"\b[a-z]{3,6}://[^\s:/@\"'<>{}]+:[^\s:/@\"'<>{}]{4,}@[\w.-]+",
    "subscription key": rb"(?i)subscription[-_]key[\"']?\s*[:=]\s*[\"']?[0-9a-f]{32}\b",
}
MADE_UP = re.compile(
    rb"(?i)canary|example|c2lnbmF0dXJl|localhost|127\.0\.0\.1|password|passw|secret|p%40|user:"
)
"""What tests and pages invent says so."""
_PACKED = b"PK\x03\x04"
_LARGEST_PART_BYTES = 50_000_000


def found_in(content: bytes) -> Iterator[str]:
    """Yield what kind of secret stands in the content, and at which byte."""
    for kind, form in FORMS.items():
        for match in re.finditer(form, content):
            if not MADE_UP.search(match[0]):
                yield f"{kind} at byte {match.start()}"


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the content, or the parts of a workbook."""
    if not content.startswith(_PACKED):
        yield content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            yield from (book.read(part) for part in book.infolist() if part.file_size < _LARGEST_PART_BYTES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error):
        yield content  # broken on purpose


def files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below the folder."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and not any(part.startswith(".venv") for part in path.parts):
            yield path.relative_to(root).as_posix(), path.read_bytes()


def history(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every version of every file that a commit of any branch has, and every commit."""
    told = subprocess.run(
        ["git", "rev-list", "--objects", "--all"], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    names = dict(line.partition(" ")[::2] for line in told.splitlines())
    with tempfile.TemporaryFile() as wanted:
        wanted.write("".join(f"{name}\n" for name in names).encode())
        wanted.seek(0)
        command = ["git", "cat-file", "--batch", "--buffer"]
        reader = subprocess.Popen(command, cwd=root, stdin=wanted, stdout=subprocess.PIPE)
    with reader:
        assert reader.stdout is not None
        for head in iter(reader.stdout.readline, b""):
            name, kind, size = head.decode().split()
            content = reader.stdout.read(int(size))
            reader.stdout.read(1)
            if kind != "tree":
                yield f"{names.get(name) or kind} ({name[:10]})", content


def main(root: Path = ROOT) -> int:
    everything = history(root) if (root / ".git").exists() else files(root)
    looked_at = 0
    found: list[str] = []
    for name, content in everything:
        looked_at += 1
        found += [f"{name}: {what}" for part in unpacked(content) for what in found_in(part)]
    print("\n".join([*found, f"{looked_at} versions of files and commits looked at, {len(found)} secrets"]))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
