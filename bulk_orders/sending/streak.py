"""Identical failures in a row: if every order meets the same one, sending more of them would not help."""

import threading


class Streak:
    """Counts equal failures; safe between threads."""

    def __init__(self, stop_after: int) -> None:
        """Take `stop_after`: that many equal failures in a row end the run; 0 never does."""
        self._stop_after = stop_after
        self._lock = threading.Lock()
        self._failure, self._length = "", 0
        self._outage = 0
        self._begun_in: dict[str, int] = {}
        """By order key, how many outages there had been when the attempt was begun."""

    def begin(self, key: str) -> None:
        """Begin an attempt."""
        with self._lock:
            self._begun_in[key] = self._outage

    def count(self, failure: str) -> str:
        """Count an order's verdict, `failure` or an empty text; return why the run is to end, if it is."""
        with self._lock:
            return self._counted(failure)

    def count_doubt(self, key: str, reason: str) -> str:
        """Count a lost answer. All that were in flight when the first of them was lost are one outage, and no streak."""
        with self._lock:
            if self._begun_in.get(key) != self._outage:
                return ""
            self._outage += 1
            return self._counted(reason)

    def _counted(self, failure: str) -> str:
        is_same = bool(failure) and failure == self._failure
        self._failure, self._length = failure, self._length + 1 if is_same else 1
        if failure and self._stop_after and self._length >= self._stop_after:
            return "{number} identical failures in a row: {failure}".format(
                number=self._length, failure=failure
            )
        return ""
