"""
Benchmarks, run by command and never as timed tests; see README.md.
"""

import retrieval  # noqa: F401 - before NumPy, whose threads it settles as it does for `trichdan` and the bot
