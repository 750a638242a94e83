"""A proxy that has signed its reader in: it names the reader to the page, whatever they say."""

import asyncio
import threading
from contextlib import asynccontextmanager, contextmanager, suppress
from socket import create_server
from urllib.parse import urlsplit


@contextmanager
def signing_proxy(address, headers, drops=()):
    """The address of a proxy for the server at `address`, which writes these headers.

    What a reader sends under a name of `drops` does not get through.
    """
    target = urlsplit(address)
    written = [f"{name}: {value}".encode() for name, value in headers]
    dropped = tuple(f"{name.lower()}:".encode() for name in drops)

    async def pass_on(reader, writer):
        async with _closed(writer):
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[:-2]
            is_upgrade = any(line.lower().startswith(b"upgrade:") for line in head)
            # One request a connection, since every request needs its headers.
            closing = () if is_upgrade else (b"Connection: close",)
            dropped_here = (*dropped, *(() if is_upgrade else (b"connection:",)))
            kept = [line for line in head if not line.lower().startswith(dropped_here)]
            far_reader, far_writer = await asyncio.open_connection(target.hostname, target.port)
            async with _closed(far_writer):
                far_writer.write(b"\r\n".join([*kept, *written, *closing, b"", b""]))
                await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))

    with create_server(("127.0.0.1", 0)) as listener:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()

        async def start():
            return await asyncio.start_server(pass_on, sock=listener)

        async def stop(server):
            server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        server = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            asyncio.run_coroutine_threadsafe(stop(server), loop).result(20)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(20)
            loop.close()


async def _pour(reader, writer):
    with suppress(ConnectionError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def _closed(writer):
    """Closes a connection for good: one left to the garbage collector fails a later test."""
    try:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            yield
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
