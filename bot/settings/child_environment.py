"""
The environment of the bot's child processes.
"""

from __future__ import annotations

import os

from retrieval import module_environment

_CACHE = "TRICHDAN_CACHE"


def child_environment() -> dict[str, str]:
    """
    Our environment without our settings, which include the token.

    The cache folder is passed on, or the child would unpack the model again.
    """
    return module_environment(
        {name: value for name, value in os.environ.items() if not name.startswith("TRICHDAN_") or name == _CACHE}
    )
