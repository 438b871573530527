"""What units are told: whom to write to, in which words, what waits and what has gone."""
