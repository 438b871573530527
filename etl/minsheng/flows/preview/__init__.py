"""Letters and answers as they would look, made up for a month and a unit."""
