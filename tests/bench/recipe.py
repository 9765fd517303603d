# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program really sends to the database for a page: a listener between the two that reads the client's
side of the protocol (prepare, execute, values), so that the floor can send the very same. MariaDB's protocol,
"COM_STMT_PREPARE" and "COM_STMT_EXECUTE" of its Knowledge Base."""
import os
import socket
import struct
import threading

PREPARE, EXECUTE, CLOSE, QUERY = 0x16, 0x17, 0x19, 0x03
NUMBERS = {1: "b", 2: "h", 3: "i", 8: "q"}   # tiny, short, long, longlong


class Listener:
    """A unix socket before the database's; `taken` are the statements that came: (connection, sql, values)."""

    def __init__(self, path, database):
        self.path, self.database = path, database
        self.taken = []
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(path)
        os.chmod(path, 0o666)
        self.door.listen(32)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.door.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            database = socket.socket(socket.AF_UNIX)
            database.connect(self.database)
            talk = Talk(self, client, database)
            for target in (talk.to_database, talk.to_client):
                threading.Thread(target=target, daemon=True).start()


class Talk:
    """One connection."""

    def __init__(self, listener, client, database):
        self.listener, self.client, self.database = listener, client, database
        self.asked = []        # texts whose statement id has not come yet
        self.statements = {}   # id: [sql, number of values, their types]

    def to_database(self):
        for packet in self._pump(self.client, self.database):
            command = packet[4:5]
            if packet[3] == 0 and command == bytes([PREPARE]):
                self.asked.append(packet[5:].decode("utf-8"))
            elif packet[3] == 0 and command == bytes([EXECUTE]):
                self._execute(packet[5:])

    def to_client(self):
        for packet in self._pump(self.database, self.client):
            if self.asked and packet[3] == 1 and packet[4] == 0 and len(packet) >= 16:
                number, _, values = struct.unpack("<IHH", packet[5:13])
                self.statements[number] = [self.asked.pop(0), values, b""]

    @staticmethod
    def _pump(here, there):
        """Passes everything on; yields each packet with its header, before it is passed on."""
        buffer = b""
        while True:
            try:
                data = here.recv(1 << 20)
            except OSError:
                data = b""
            if not data:
                for end in (here, there):
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
                return
            buffer += data
            while len(buffer) >= 4:
                length = 4 + int.from_bytes(buffer[:3], "little")
                if len(buffer) < length:
                    break
                yield buffer[:length]
                buffer = buffer[length:]
            there.sendall(data)

    def _execute(self, packet):
        number = struct.unpack("<I", packet[:4])[0]
        sql, count, types = self.statements[number]
        at, values = 9, []
        if count:
            nulls = packet[at:at + (count + 7) // 8]
            at += len(nulls)
            if packet[at]:
                types = packet[at + 1:at + 1 + 2 * count]
                at += 2 * count
                self.statements[number][2] = types
            at += 1
            for i in range(count):
                kind = types[2 * i]
                if nulls[i // 8] >> (i % 8) & 1 or kind == 6:
                    values.append(None)
                elif kind in NUMBERS:
                    size = struct.calcsize(NUMBERS[kind])
                    values.append(struct.unpack("<" + NUMBERS[kind], packet[at:at + size])[0])
                    at += size
                else:
                    length, at = lenenc(packet, at)
                    values.append(packet[at:at + length])
                    at += length
        self.listener.taken.append((id(self), sql, values))


def lenenc(packet, at):
    first = packet[at]
    size = {0xfc: 2, 0xfd: 3, 0xfe: 8}.get(first, 0)
    return (int.from_bytes(packet[at + 1:at + 1 + size], "little"), at + 1 + size) if size else (first, at + 1)


def statements_of(taken):
    """Of what came during a request: the worker's, not the job runner's."""
    workers = {connection for connection, sql, _ in taken if "FROM session" in sql}
    return [(sql, values) for connection, sql, values in taken if connection in workers]


def write(file, key, answer, statements):
    """One page, as floor.c reads it."""
    raw = b"".join(f"{name}: {value}\r\n".encode() for name, value in answer.headers) + b"\r\n" + answer.body
    file.write(b"P %d %d %d\n" % (len(key.encode()), len(statements), len(raw)) + key.encode() + raw)
    for sql, values in statements:
        file.write(b"S %d %d\n" % (len(sql.encode()), len(values)) + sql.encode())
        for value in values:
            kind = b"n" if value is None else b"i" if isinstance(value, int) else b"t"
            data = b"" if value is None else str(value).encode() if isinstance(value, int) else value
            file.write(b"V %s %d\n" % (kind, len(data)) + data)
