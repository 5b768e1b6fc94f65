"""The actions and expectations of scenarios: one function each, named as it is written in the file."""

from ivr.simulator.scenarios.actions import expectations, failures, people
from ivr.simulator.scenarios.actions.registry import ACTIONS

__all__ = ["ACTIONS", "expectations", "failures", "people"]
