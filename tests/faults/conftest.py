"""The scripted server lives with the client's own tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "edge"))
