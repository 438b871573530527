"""The pages leaders read: a month in a minute, the whole month, and an indicator through its year."""
