"""An attachment without a client library: what the tests of hostile clients write with."""

import array
import mmap
import os
import select
import socket
import struct
import time

PAGE = "<IIQQQQHHI"
READ, STAT, LIST, WATCH, CANCEL, DESCRIBE, READ_GROUP = 1, 2, 3, 5, 6, 8, 9
HIT_ONLY, FORCE_MISS, NO_COMPLETION, CHAINED, EACH = 1, 2, 4, 8, 128
STOP_ON_ERROR, STOP_ON_NONZERO, STOP_ON_ZERO, STOP_ON_ABSENT, STOP_ON_READING, SKIP = 16, 32, 64, 1024, 2048, 4096
BACKGROUND, EACH_AS_GROUP = 256, 512

# Offsets, named as in the *Descriptor classes: of both files, a page, an outcome, and a welcome.
TAIL, HEAD, WAKE_AT, DONE, RING = 64, 192, 320, 448, 4096
ENTRY_BYTES, UNIT_BYTES = 16, 64
PATH_LENGTH, PATH = 40, 64
KIND, OUTCOME_FLAGS, LENGTH, VALUE = 8, 10, 48, 64
ERROR, ENTRIES, PAGES_AT, SENTENCE_LENGTH, SENTENCE = 32, 36, 56, 68, 72
WELCOME_BYTES = 256


def said(welcome):
    """Errno and sentence of a welcome that is a refusal or a farewell."""
    errno, length = (struct.unpack_from("<I", welcome, at)[0] for at in (ERROR, SENTENCE_LENGTH))
    return errno, welcome[SENTENCE : SENTENCE + length].decode()


def until(holds, seconds=10):
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("it never was")
        time.sleep(0.001)


class Raw:
    """The memory that is shared with a daemon, as words and bytes."""

    def __init__(self, root, pages=16, page_bytes=256, outcome_bytes=256, arena_bytes=0, minor=3):
        place = open(f"{root}/.aeiou/attach").read().strip() if os.path.isdir(root) else root
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(place)
        self.socket.sendall(struct.pack("<8sQIIII32x", b"aeiouHEL", 1 << 32 | minor, pages, page_bytes, outcome_bytes, arena_bytes))
        message, control, _, _ = self.socket.recvmsg(WELCOME_BYTES, socket.CMSG_SPACE(32))
        fds = array.array("i")
        for _, _, data in control:
            fds.frombytes(data[: len(data) - len(data) % 4])
        errno, sentence = said(message)
        if errno:
            raise OSError(sentence)
        (self.entries,) = struct.unpack_from("<I", message, ENTRIES)
        self.pages_at, self.outcomes_at, self.arena_at = struct.unpack_from("<III", message, PAGES_AT)
        self.page_bytes, self.outcome_bytes = page_bytes, outcome_bytes
        self.fds = list(fds)
        self.out = mmap.mmap(fds[0], os.fstat(fds[0]).st_size)
        self.into = mmap.mmap(fds[1], os.fstat(fds[1]).st_size, prot=mmap.PROT_READ)
        self.bell = fds[3]
        self.tail = self.number = 0
        self.head = 0

    def word(self, memory, at, value=None):
        """Reads a word, or writes it: as a whole, while the daemon looks at it."""
        with memoryview(memory) as octets, octets.cast("Q") as words:
            if value is None:
                return words[at // 8]
            words[at // 8] = value & (1 << 64) - 1

    def page(self, page, operation, path, flags=0, target=0, group=0, following=0, number=0):
        """Fills a page; returns its number."""
        self.number += 1
        name = path.encode()
        at = self.pages_at + page * self.page_bytes
        head = struct.pack(PAGE, operation, flags, page + 1, number or self.number, target, group, len(name), 0, following)
        self.out[at : at + len(head)] = head
        self.out[at + PATH : at + PATH + len(name)] = name
        return number or self.number

    def enter(self, *pages):
        """Puts pages into the ring and rings."""
        for page in pages:
            struct.pack_into("<I", self.out, RING + 4 * (self.tail % self.entries), page)
            self.tail += 1
        self.word(self.out, TAIL, self.tail)
        self.socket.send(b"\1")

    def number_of(self, page):
        """The number of the request that a page's outcome is of; 0 while there is none."""
        return self.word(self.into, self.outcomes_at + page * self.outcome_bytes)

    def flags(self, page):
        """The flags of a page's outcome: 1 if the request goes on."""
        return struct.unpack_from("<H", self.into, self.outcomes_at + page * self.outcome_bytes + OUTCOME_FLAGS)[0]

    def done(self):
        """Says that nothing of what was taken is needed any more."""
        self.word(self.out, DONE, self.head)

    def outcome(self, page):
        """What there is of a page: kind, reason, value."""
        at = self.outcomes_at + page * self.outcome_bytes
        kind, _, reason = struct.unpack_from("<HHI", self.into, at + KIND)
        length, unit = struct.unpack_from("<II", self.into, at + LENGTH)
        begin = self.arena_at + (unit - 1) * UNIT_BYTES if unit else at + VALUE
        return kind, reason, bytes(self.into[begin : begin + length])

    def take(self, count, seconds=10):
        """Waits for so many completions: a list of page and flags."""
        taken = []
        end = time.monotonic() + seconds
        while len(taken) < count and time.monotonic() < end:
            if self.word(self.into, TAIL) == self.head:
                if select.select([self.socket], [], [], 0.0005)[0]:
                    raise OSError("the daemon hung up")
                continue
            word = self.word(self.into, RING + ENTRY_BYTES * (self.head % self.entries))
            self.head += 1
            self.word(self.out, HEAD, self.head)
            taken.append((word & 0xFFFFFFFF, word >> 48))
        return taken

    def close(self):
        """Lets go of everything."""
        self.socket.close()
        for fd in self.fds:
            os.close(fd)
        self.out.close()
        self.into.close()
