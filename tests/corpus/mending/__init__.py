"""A clerk who does what an answer says."""
