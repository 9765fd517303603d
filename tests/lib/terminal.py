# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a terminal of its own, driven by keys and read by its screen; w3m and lynx on top of it."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

import pyte

ENTER, DOWN, BACK_TAB, ERASE_LINE, CANCEL = "\r", "\x1b[B", "\x1b\t", "\x15", "\x07"


class Terminal:
    def __init__(self, *command, rows=150, columns=132, env=None):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, {**os.environ, "TERM": "linux", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
                                             **(env or {})})
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def read(self, seconds):
        """What the program writes now, if it does within that time."""
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                self.stream.feed(os.read(self.fd, 65536))
            except OSError:
                return
            seconds = 0

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys):
        for key in keys:
            os.write(self.fd, key.encode())

    def wait(self, what, seconds=20):
        """Until the screen shows that text or pattern; gives the match."""
        deadline = time.monotonic() + seconds
        pattern = what if isinstance(what, re.Pattern) else re.compile(re.escape(what))
        while True:
            found = pattern.search(self.text)
            if found:
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"{pattern.pattern} is not on the screen:\n{self.text.strip()}")
            self.read(0.05)

    def wait_for_cursor(self, words, seconds=20):
        """Until the cursor stands in a line with these words."""
        deadline = time.monotonic() + seconds
        while words not in self.screen.display[self.screen.cursor.y]:
            if time.monotonic() > deadline:
                raise AssertionError(f"the cursor is not at {words}:\n{self.text.strip()}")
            self.read(0.05)


TICK = True


class Choice(str):
    """One of the options of a field."""


class Reader:
    """What both text browsers can do. A link, button or field is named by its words on the screen."""

    def open(self, url, expect):
        raise NotImplementedError

    def follow(self, words, expect):
        raise NotImplementedError

    def send(self, button, expect, *fields):
        """Fills in the fields, (label, value) each, in the order in which they stand, and presses the button. The
        value: text; a list of lines; TICK for a box; Choice(option)."""
        raise NotImplementedError

    def expect(self, words):
        return self.terminal.wait(words)

    def lacks(self, words):
        return words not in self.terminal.text

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.terminal.end()


class W3m(Reader):
    def __init__(self, url, home):
        self.lines = os.path.join(home, "lines")   # what its editor, a copy, puts into a field of several lines
        self.terminal = Terminal("w3m", "-cookie", "-o", "accept_cookie=1", "-o", "display_link_number=0",
                                 "-o", "use_mouse=0", "-o", "ignorecase_search=0", "-o", f"editor=cp {self.lines} %s",
                                 url, env={"HOME": str(home)})

    def at(self, words, active):
        """The cursor on these words where they are (or are not) a link or button, found from the top of the page."""
        self.terminal.wait(words)
        screen, before = self.terminal.screen, 0
        for y, line in enumerate(screen.display):
            for found in re.finditer(re.escape(words), line):
                char = screen.buffer[y][found.start()]
                if active == (char.underscore or char.reverse or char.fg != "default"):
                    pattern = re.sub(r"([][.*?+^$\\()|])", r"\\\1", words)
                    self.terminal.press("g", "/" + pattern + ENTER, *["n"] * before)
                    return
                before += 1
        raise AssertionError(f"no {'link' if active else 'label'} {words}:\n{self.terminal.text.strip()}")

    def open(self, url, expect):
        self.terminal.press("U", ERASE_LINE, url, ENTER)
        self.expect(expect)

    def follow(self, words, expect):
        self.at(words, True)
        self.terminal.press(ENTER)
        self.expect(expect)

    def fill(self, label, value):
        if value is TICK:
            self.at(label, False)
            self.terminal.press(BACK_TAB, ENTER)
            self.terminal.wait(re.compile(r"\[\*\] *" + re.escape(label)))
            return
        self.at(label, False)
        if isinstance(value, list):
            with open(self.lines, "w", encoding="utf-8") as file:
                file.write("\n".join(value) + "\n")
        self.terminal.press("\t", ENTER)
        if isinstance(value, list):
            self.terminal.wait(value[-1][:20])
        elif isinstance(value, Choice):
            self.terminal.wait("└")
            options = re.findall(r"│([^│]+?) *│", self.terminal.text)
            self.terminal.press(*["k"] * len(options), *["j"] * options.index(value), ENTER)
            self.terminal.wait(re.compile(r"\[" + re.escape(value)))
        else:
            self.terminal.wait(re.compile(r"^(TEXT|Password):", re.M))
            self.terminal.press(ERASE_LINE, value, ENTER)
        self.terminal.wait("Viewing")

    def send(self, button, expect, *fields):
        for label, value in fields:
            self.fill(label, value)
        self.follow(button, expect)


class Lynx(Reader):
    """Every link, button and field has a number; the digits go to it."""

    def __init__(self, url, home):
        config = os.path.join(home, "lynx.cfg")
        with open(config, "w", encoding="ascii") as file:
            file.write("DEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED\nACCEPT_ALL_COOKIES:TRUE\nPARTIAL:FALSE\n"
                       "CHARACTER_SET:utf-8\n")
        # -tna: a digit is a command also where the cursor stands in a field; Enter opens the field
        self.terminal = Terminal("lynx", "-nopause", "-tna", f"-cfg={config}", url, rows=300, env={"HOME": str(home)})

    def expect(self, words):
        """A page that is being drawn still holds numbers of the one before: a key is answered when it stands."""
        self.terminal.wait(words)
        for _ in range(100):   # what is pressed while a page comes is dropped
            self.terminal.press("0")
            try:
                self.terminal.wait("number: 0", 0.2)
                break
            except AssertionError:
                pass
        self.terminal.press(CANCEL)
        self.terminal.wait(re.compile(r"\A(?!.*number: 0)", re.S))
        return self.terminal.wait(words)

    def number(self, pattern):
        return int(self.terminal.wait(re.compile(pattern)).group(1))

    def go(self, number):
        """A digit opens a prompt, which drops what was typed before it stood: so one after the other."""
        for n in range(1, len(str(number)) + 1):
            self.terminal.press(str(number)[n - 1])
            self.terminal.wait(f"number: {str(number)[:n]}")
        self.terminal.press(ENTER)

    def follow(self, words, expect):
        self.go(self.number(r"\[(\d+)\]" + re.escape(words)))
        self.expect(expect)

    def open(self, url, expect):
        self.terminal.press("g")
        self.terminal.wait("URL to open")
        self.terminal.press(ERASE_LINE, url, ENTER)
        self.expect(expect)

    def place(self, label, value):
        """The number of a field. A box stands before its label, all others behind."""
        if value is TICK:
            return self.number(r"\[(\d+)\]\[ \] *" + re.escape(label))
        return self.number(rf"(?m)^\s*{re.escape(label)}(?!\w)[^\[]*\[(\d+)\]")

    def move(self, number, before):
        if before is None:
            self.go(number)
        else:
            self.terminal.press(*["\t"] * (number - before))

    def fill(self, number, value):
        self.terminal.press(ENTER)
        if value is TICK:
            self.terminal.wait(f"[{number}][X]")
        elif isinstance(value, Choice):
            option = self.terminal.wait(re.compile(r"\((\d+)\)_*" + re.escape(value))).group(1)
            self.terminal.press(option)
            self.terminal.wait("Select option")
            self.terminal.press(ENTER)
            self.terminal.wait(re.compile(rf"\[{number}\]\[[(\d)_]*{re.escape(value)}"))
        else:
            lines = value if isinstance(value, list) else [value]
            for n, line in enumerate(lines):
                self.terminal.wait_for_cursor(f"[{number + n}]")
                self.terminal.press(ERASE_LINE, line, *[ENTER] * (n + 1 < len(lines)))
                self.terminal.wait(re.compile(re.escape(line[-8:]) + rf"|\*{{{min(len(line), 8)}}}"))
            if isinstance(value, list):
                self.terminal.press("\t")   # which leaves all lines of the field
                return None
        return number

    def send(self, button, expect, *fields):
        before = None
        for label, value in fields:
            number = self.place(label, value)
            self.move(number, before)
            before = self.fill(number, value)
        self.move(self.number(r"\(\[(\d+)\][^)]+\) " + re.escape(button)), before)
        self.terminal.press(ENTER)
        self.expect(expect)
