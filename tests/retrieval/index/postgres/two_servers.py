"""A primary with an index, and its standby."""

from __future__ import annotations

from pathlib import Path

from retrieval.index.opening import open_place
from tests.retrieval.contract.engines import NOWHERE, document
from tests.support.encoders import BagEncoder
from tests.support.postgres_server import PostgresServer, start_server, start_standby


class TwoServers:
    """A primary with an index and its standby, and their common address."""

    def __init__(self, caches: Path) -> None:
        self._caches = caches
        self.primary = start_server()
        self.build(70)
        self.standby = start_standby(self.primary)  # after the build: pg_textsearch 1.0 does not log a new index

    @property
    def address(self) -> str:
        both = f"@127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return self.alone(self.primary).replace(f"@127.0.0.1:{self.primary.port}", both)

    def alone(self, server: PostgresServer) -> str:
        return server.address(caches=self._caches)

    def build(self, tons: int, address: str = "") -> None:
        documents = [document(f"d{number}", f"Kho số {number} có {tons} tấn gạo.") for number in range(6, 9)]
        open_place(address or self.alone(self.primary)).build(documents, BagEncoder(), **NOWHERE)
