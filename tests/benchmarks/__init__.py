"""
What is measured by command and never by a timed test; see README.md beside this file.
"""

import retrieval  # noqa: F401 - before NumPy, whose threads it settles as it does for `trichdan` and the bot
