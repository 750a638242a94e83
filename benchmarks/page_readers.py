"""Readers of the page without a browser: they get all that one would get, and draw nothing.

A reader speaks Streamlit's own protocol over the page's websocket. Each search goes to a new
address, as following a link does, so that the whole page is made for it.
"""

from __future__ import annotations

import time
from urllib.parse import quote

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

CARD = "<article"


class Reader:
    """One open page."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._page = ""

    @classmethod
    async def arrived(cls, address: str) -> Reader:
        """One who has opened the first page and seen it drawn."""
        where = address.replace("http://", "ws://") + "/_stcore/stream"
        connection = await connect(where, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        reader = cls(connection)
        await reader._run("")
        return reader

    async def ask(self, query: str) -> tuple[float, float]:
        """Milliseconds until the first card is there, and until the whole page is."""
        return await self._run(f"q={quote(query)}")

    async def _run(self, asked: str) -> tuple[float, float]:
        wanted = BackMsg()
        wanted.rerun_script.query_string = asked
        wanted.rerun_script.page_script_hash = self._page
        started, first = time.perf_counter(), 0.0
        await self._connection.send(wanted.SerializeToString())
        async for message in self._connection:
            told = ForwardMsg.FromString(message)
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self._page = told.new_session.page_script_hash
            elif kind == "script_finished":
                break
            elif not first and CARD in told.delta.new_element.html.body:
                first = time.perf_counter()
        if asked and not first:
            raise RuntimeError(f"no card came for {asked!r}")
        return 1000 * (first - started), 1000 * (time.perf_counter() - started)

    async def leave(self) -> None:
        """Close the page."""
        await self._connection.close()
