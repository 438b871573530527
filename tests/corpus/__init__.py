"""A corpus of files as units send them: each with what was done to it, and what must become of it."""
