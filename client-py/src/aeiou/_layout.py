"""The layouts of closures/ABI.md, version 1.3: every offset there is, and nothing else."""

from __future__ import annotations

MAJOR = 1
MINOR = 4
VERSION = MAJOR << 32 | MINOR


def magic(letters: str) -> int:
    """A magic number of eight letters, as they are seen in the file."""
    return int.from_bytes(letters.encode("ascii"), "little")


# The beginning of every file; offsets in bytes.
MAGIC = 0
VERSION_WORD = 8
EPOCH = 16
LENGTH = 24

# Hello and welcome.
HELLO_MAGIC = magic("aeiouHEL")
HELLO = "<QQIIII32x"
WELCOME_MAGIC = magic("aeiouWEL")
WELCOME = "<QQQQIIIIIIIIII"
WELCOME_BYTES = 256
WELCOME_SENTENCE = 72

# The value table. Offsets of a slot are in words of eight bytes.
TABLE_MAGIC = magic("aeiouTBL")
TABLE_SLOTS = 32
TABLE_DATA = 40
TABLE_DATA_BYTES = 48
TABLE_OWNER = 80
FIRST_SLOT = 4096
SLOT_WORDS = 8
SLOT_SEQUENCE = 0
SLOT_HASH_LENGTH_KIND = 1
SLOT_FRESH = 2
SLOT_USABLE = 3
SLOT_TAKEN = 4
SLOT_CHANGED = 5
SLOT_LENGTH_UNIT = 6
SLOT_MODE_SIZE = 7
UNIT = 64
PROBES = 64

# Kinds of slots besides NOTHING, READING and ABSENT, as those of outcomes.
UNKNOWN_NAME = 3
LISTING = 4
KNOWN = 5

# The longest values of slots, and of listings.
LONGEST_VALUE = 16384
LONGEST_LISTING = 1 << 20

# Of a slot that has what a describe says, the path has this behind it.
DESCRIBED = b"\0"

# The value of a listing: names, buckets, bytes of the names, mode, taken and changed of files that nothing was read of;
# then where each name begins, the buckets, a mark for each name, the names.
LISTING_HEAD = "<4I2Q"
DIRECTORY_MARK = 1
UNREAD_MARK = 2
UNREAD_SIZE = 4096

# Submissions.
SUBMISSION_MAGIC = magic("aeiouSUB")
SUBMISSION_TAIL = 64
COMPLETION_HEAD = 192
WAKE_AT = 320
COMPLETIONS_DONE = 448
RING = 4096
PAGE_HEAD = "<IIQQQQHxxI8x8x"
PAGE_PATH = 64

# The minor version from which on the daemon sees to deadlines and to what is asked for in the background.
MINOR_OF_DEADLINES = 3

# Completions.
COMPLETION_MAGIC = magic("aeiouCPL")
COMPLETION_TAIL = 64
SUBMISSION_HEAD = 192
ASLEEP = 320
OUTCOME_NUMBER = 0
OUTCOME_KIND_FLAGS_REASON = 1
OUTCOME_TAKEN = 2
OUTCOME_CHANGED = 3
OUTCOME_FRESH = 4
OUTCOME_USABLE = 5
OUTCOME_LENGTH_UNIT = 6
OUTCOME_TIMES = 7
OUTCOME_WORDS = 8
OUTCOME_VALUE = 64
MORE = 1

# Kinds of outcomes.
NOTHING = 0
READING = 1
ABSENT = 2
FAILURE = 3
CANCEL = 4

# Operations, and their flags.
READ = 1
STAT = 2
LIST = 3
WRITE = 4
WATCH = 5
CANCEL_REQUEST = 6
CANCEL_GROUP = 7
DESCRIBE = 8
READ_GROUP = 9
HIT_ONLY = 1
FORCE_MISS = 2
NO_COMPLETION = 4
CHAINED = 8
STOP_ON_ERROR = 16
STOP_ON_NONZERO = 32
STOP_ON_ZERO = 64
EACH = 128
BACKGROUND = 256
EACH_AS_GROUP = 512
STOP_ON_ABSENT = 1024
STOP_ON_READING = 2048
SKIP = 4096
MOST_STEPS = 16

# The value of a stat: mode, uid, gid, size, taken, changed, links.
STAT_VALUE = "<7Q8x"

# The value of a group read: rows, columns, form, bytes of the names; the kinds follow.
GROUP_HEAD = "<4I"
GROUP_KINDS = 16
GROUP_ATTRIBUTES = 1
GROUP_COLUMN = 2
GROUP_TABLE = 3

REASONS = (
    "",
    "timeout",
    "unreachable",
    "refused",
    "not writable",
    "cancelled",
    "bad answer",
    "not cached",
    "overloaded",
    "unknown name",
    "stopped",
    "bad request",
    "is a directory",
    "not a directory",
    "name too long",
    "out of range",
    "not done",
)

CANCEL_ANSWERS = ("", "cancelled", "too late", "unknown")
