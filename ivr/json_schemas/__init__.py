"""JSON Schemas of flows and prompts, for completion and validation in editors."""
