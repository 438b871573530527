"""Power cuts for real: a file system on a disk that remembers every write, cut at any of them. Needs root."""
