"""Unattended nights: one pass over an inbox by the verbs of `runs`; outside schedulers call it."""
