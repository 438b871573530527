"""What was published, and how people are shown it."""
