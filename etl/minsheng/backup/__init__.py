"""All of an installation copied while it works, and put back from the copy (docs/adr/0041)."""
