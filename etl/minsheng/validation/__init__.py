"""Deciding about a submission: facts, rules, what Great Expectations says of them, findings."""
