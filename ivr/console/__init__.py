"""The pages on which staff see and do what the helpline needs of them; a process of its own, `ivr console`."""
