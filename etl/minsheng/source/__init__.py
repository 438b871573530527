"""Where reports come from: one module a kind of source. Looks into no file, judges nothing, removes nothing."""
