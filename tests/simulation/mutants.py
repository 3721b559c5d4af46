"""Broken variants of the protocol, kept as data: each a sentence and what it replaces. The simulation must catch each."""

import mutants_of_actions
import mutants_of_answers
import mutants_of_looking
import mutants_of_machines
import mutants_of_sending
import mutants_of_telling
from mutant_registry import MUTANTS, applied, catch

KEPT_IN = (
    mutants_of_actions,
    mutants_of_answers,
    mutants_of_sending,
    mutants_of_looking,
    mutants_of_machines,
    mutants_of_telling,
)
"""Where the mutants stand; each registers its own."""

__all__ = ["KEPT_IN", "MUTANTS", "applied", "catch"]
