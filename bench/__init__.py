"""Speed as ratios: our stages against the plainest thing that touches the same data, in one run on one machine."""
