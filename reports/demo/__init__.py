"""Demo data: real institutions and published figures, invented people. Loaded in one transaction by `manage.py demo`."""
