"""The verbs: check, run, follow, report, fix, ask the marketplace."""
