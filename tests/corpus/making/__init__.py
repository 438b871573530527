"""Making the files of the corpus: the real template, filled in truly, then changed as clerks change it."""
