# SPDX-License-Identifier: GPL-3.0-or-later
"""A FastCGI client that does what web servers do, and what they never should.

`request` is the honest one. The rest builds records (FastCGI 1.0, section 3) piece by piece,
so that a test can send half of one, a wrong one, or one that lies.
"""
import socket
import struct

BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT, STDERR, DATA, GET_VALUES = range(1, 10)
RESPONDER, AUTHORIZER, FILTER = 1, 2, 3
KEEP_CONN = 1


class Closed(Exception):
    """The pool closed the connection, or cut the answer."""


def connect(address, timeout=10.0):
    """`address`: the path of a unix socket, or (host, port)."""
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(timeout)
    s.connect(address if isinstance(address, tuple) else str(address))
    return s


def record(kind, content=b"", request_id=1, version=1, padding=0, length=None):
    """`length`: what the header says, where that shall not be the truth."""
    n = len(content) if length is None else length
    return struct.pack(">BBHHBB", version, kind, request_id, n, padding, 0) + content + b"\0" * padding


def begin(role=RESPONDER, flags=0, request_id=1, **header):
    return record(BEGIN_REQUEST, struct.pack(">HB5x", role, flags), request_id, **header)


def length(n):
    return bytes([n]) if n < 128 else struct.pack(">I", n | 0x80000000)


def pair(name, value):
    name, value = _bytes(name), _bytes(value)
    return length(len(name)) + length(len(value)) + name + value


def stream(kind, content, request_id=1, chunk=32000, end=True):
    parts = [record(kind, content[i:i + chunk], request_id) for i in range(0, len(content), chunk)]
    return b"".join(parts) + (record(kind, b"", request_id) if end else b"")


def params(values, request_id=1, end=True):
    return stream(PARAMS, b"".join(pair(k, v) for k, v in values.items()), request_id, end=end)


def whole(values, body=b"", flags=0, request_id=1):
    """The bytes of an honest request; CONTENT_LENGTH is added unless it is there."""
    values = {"REQUEST_METHOD": "POST" if body else "GET", "REQUEST_URI": "/", "QUERY_STRING": "",
              "CONTENT_LENGTH": str(len(body)) if body else "", **values}
    return (begin(flags=flags, request_id=request_id) + params(values, request_id)
            + stream(STDIN, body, request_id))


def answer(s):
    """Reads to the end record: (status, headers, body). Header names are lower case, in a list of pairs
    so that repeated ones are kept; `dict(headers)` is fine where that does not matter."""
    out = bytearray()
    while True:
        head = _read(s, 8)
        _, kind, _, n, padding, _ = struct.unpack(">BBHHBB", head)
        content = _read(s, n + padding)[:n]
        if kind == STDOUT:
            out += content
        elif kind == END_REQUEST:
            break
    top, found, body = bytes(out).partition(b"\r\n\r\n")
    if not found:
        raise Closed("no header in the answer")
    headers = [(k.strip().lower(), v.strip())
               for k, _, v in (line.partition(":") for line in top.decode("utf-8").split("\r\n"))]
    status = int(dict(headers).get("status", "200").split()[0])
    return status, headers, body


def request(address, values, body=b"", timeout=10.0):
    """One honest request: (status, headers, body). Raises Closed where there was no whole answer."""
    with connect(address, timeout) as s:
        try:
            s.sendall(whole(values, body))
        except (BrokenPipeError, ConnectionResetError):
            pass   # it may have answered before it read all
        return answer(s)


def send_raw(address, data, timeout=10.0):
    """Sends any bytes and returns what comes back until the pool closes; b'' if it closes at once."""
    with connect(address, timeout) as s:
        out = bytearray()
        try:
            s.sendall(data)
            while True:
                got = s.recv(65536)
                if not got:
                    break
                out += got
        except (BrokenPipeError, ConnectionResetError):
            pass
        return bytes(out)


def _bytes(value):
    return value if isinstance(value, bytes) else str(value).encode()


def _read(s, n):
    data = bytearray()
    while len(data) < n:
        try:
            got = s.recv(n - len(data))
        except ConnectionResetError:
            got = b""
        if not got:
            raise Closed(f"closed after {len(data)} of {n} bytes")
        data += got
    return bytes(data)
