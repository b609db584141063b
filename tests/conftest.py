"""What holds for every test: no premise on the machine's pace, and Ctrl-C as on a terminal."""

from __future__ import annotations

import signal

from hypothesis import settings

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("any pace")
settings.load_profile("any pace")

# A background job of a shell ignores SIGINT, and so would the programs that tests start and interrupt. A handler of our
# own is reset to the default when a program is started; an ignored signal would stay ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
