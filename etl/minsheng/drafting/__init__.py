"""What the keys of a plan mean, written out for who begins one."""
