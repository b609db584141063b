"""
The program inside the sandbox: confines itself, then reads files one after the other.

    request   a line of JSON, see `retrieval.worker.request`, then the bytes of the file
    reply     eight bytes of length, then JSON

The arguments are the limit of address space in bytes, and the scratch folder.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import signal
import sys
import time
from pathlib import Path
from threading import Thread

from retrieval.reading.sandbox.confinement import confine
from retrieval.reading.sandbox.rlimit import lower_limit

_WATCH = 0.5  # seconds between two checks


def main() -> None:
    """Answer requests until standard input ends."""
    # Before the libraries are imported: threads that they start would not be confined.
    missing = confine(Path(sys.argv[2]))
    memory = lower_limit(resource.RLIMIT_AS, int(sys.argv[1]))
    # Output that libraries print must not mix with the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable()
    Thread(target=_exit_with_parent, args=(os.getppid(),), daemon=True).start()
    from retrieval.worker.request import answer_request

    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        data = sys.stdin.buffer.read(request["length"])
        body = json.dumps({"missing_layers": missing} if request["layers"] else answer_request(data, request, memory))
        replies.write(len(body).to_bytes(8) + body.encode())
        replies.flush()


def _exit_with_parent(parent: int) -> None:
    """End this process group, tesseract included, once its parent is gone."""
    while os.getppid() == parent:
        time.sleep(_WATCH)
    if os.getpgrp() == os.getpid():  # as the sandbox starts it
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
