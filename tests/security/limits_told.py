"""Runs in the child that reads untrusted bytes, and tells which limits it has."""

import json
import resource
from typing import BinaryIO


def tell(argument: dict[str, str], source: BinaryIO, out: BinaryIO) -> None:
    del argument, source
    names = ("RLIMIT_AS", "RLIMIT_CORE", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CPU")
    out.write(json.dumps({name: resource.getrlimit(getattr(resource, name)) for name in names}).encode())
