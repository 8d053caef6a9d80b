"""PostgreSQL and a broker out of the locked packages, for demo, development and tests only.

No module in here imports Django: these servers must run before the settings are read. See docs/decisions/0001.
"""
