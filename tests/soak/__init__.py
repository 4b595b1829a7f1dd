"""Long runs: `python -m tests.soak`."""
