"""The council's decisions that can be appealed (Children and Families Act 2014, s.51(2))."""

from enum import StrEnum


class CouncilDecision(StrEnum):
    """What the letter says; a refusal to assess again counts as the first (s.51(2)(a) and (d))."""

    no_assessment = "no_assessment"
    no_plan = "no_plan"
    plan = "plan"
    """What a final plan says, new or changed; a draft gives no right to appeal."""
    no_change = "no_change"
    """No change to a plan after a review."""
    ending = "ending"
