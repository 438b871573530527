"""From a Book to the cells of the form, each with sheet and address. Judges nothing."""
