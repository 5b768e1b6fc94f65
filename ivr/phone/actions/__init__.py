"""The actions of call scripts: what people do, what they heard, who was rung, and what goes wrong."""

from ivr.phone.actions import heard, people, rung, trouble
from ivr.phone.actions.action import ACTIONS, Step

__all__ = ["ACTIONS", "Step", "heard", "people", "rung", "trouble"]
