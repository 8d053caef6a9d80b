"""What `make bench` measures, in one run, each figure beside its floor; docs/performance.md keeps the results."""
