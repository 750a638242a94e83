"""What a server says to requests that no browser makes."""

import socket
from urllib.parse import urlsplit


def status(address, headers=(), host=None):
    """The status of the answer; `headers` are pairs, so that one may come twice."""
    where = urlsplit(address)
    lines = [
        f"GET {where._replace(scheme='', netloc='').geturl() or '/'} HTTP/1.1",
        "Connection: close",
    ]
    return _answered(where, host, lines, headers)


def websocket_status(address, headers=(), host=None):
    """The status of the answer to whoever wants to open the page's websocket; 101 is yes."""
    where = urlsplit(address)
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    return _answered(where, host, lines, headers)


def _answered(where, host, lines, headers):
    lines.append(f"Host: {host or where.netloc}")
    lines += [f"{name}: {value}" for name, value in headers]
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.makefile("rb").readline().split()[1])
