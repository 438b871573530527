"""Beginning a plan: what its keys mean, an office's tables read, and a folder written of them (docs/adr/0055)."""
