# SPDX-License-Identifier: GPL-3.0-or-later
"""Another mail server, as far as ours can tell: takes whatever it is given on a port of 127.0.0.1, and remembers it."""
import socketserver
import threading


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.port = self.server_address[1]
        self.mail = []   # (recipients, text) of each message
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def got(self, mark):
        """The recipients of the message with that text in it."""
        return sorted(to for recipients, text in list(self.mail) if mark in text for to in recipients)

    def stop(self):
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def line(self):
        return self.rfile.readline().decode(errors="replace").rstrip("\r\n")

    def handle(self):
        recipients = []
        self.say("220 sink.test ESMTP")
        while line := self.line():
            word = line[:4].upper()
            if word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            if word == "DATA":
                self.say("354 go on")
                text = "\n".join(iter(self.line, "."))
                self.server.mail.append((recipients, text))
                recipients = []
            self.say("221 bye" if word == "QUIT" else "250 ok")
            if word == "QUIT":
                return
