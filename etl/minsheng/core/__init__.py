"""What everything stands on: errors, files, clock, month, home, settings, outcomes."""
