"""Forms convert and validate; an action decides."""
