"""Every path to a figure against a plain recount of the rows, and against each other. Nothing here is used to count."""
