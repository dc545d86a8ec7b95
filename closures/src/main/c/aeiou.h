/*
 * aeiou.h - attach to the aeiou daemon from C. One header; C11 with GNU's library, Linux, little-endian. It is long
 * because a program gets all of it with one #include, and links with nothing but the C library: first what a program
 * calls, then, from "How" on, how that is done.
 *
 * A program fills an entry with a path and reads, lists or looks at it. What the daemon has told before runs the
 * callback inside the call, with no system call and nothing allocated; what it has not runs it later, in aeiou_wait().
 * The entry, and the program's own structure around it, may be used again as soon as the call returns: a request that
 * has to wait has a copy in its context page.
 *
 *     struct row { int number; struct aeiou_entry status; };
 *
 *     static void on_status(int is_delayed, struct aeiou_entry *entry) {
 *       struct row *row = aeiou_container_of(entry, struct row, status);
 *       printf("%d: %.*s\n", row->number, (int) entry->length, entry->value);
 *     }
 *
 *     struct aeiou *net = aeiou_attach("/net", NULL);
 *     struct aeiou_group group;
 *     aeiou_begin(&group, net, struct aeiou_entry, struct row, status, on_status);
 *     struct row row = {.number = 1, .status = {.path = "core1/interfaces/eth0/ifOperStatus"}};
 *     aeiou_read(&group, &row.status);
 *     aeiou_end(&group);
 *     aeiou_wait(&group, 2000);
 *     aeiou_detach(net);
 *
 * Lifetimes. Every request that was accepted runs its callback exactly once at its end: with its outcome, with
 * AEIOU_CANCELLED, or with AEIOU_STOPPED when the daemon goes or the program detaches.
 *   - An entry that a callback is given, and the structure around it, is the library's if the callback is delayed. It
 *     is gone when the callback returns, and so are path and value of any entry, and what was iterated from them: copy
 *     what is needed for longer. (After a watch's event the next one may bring another entry of the same content.)
 *   - A group must live until its requests have run theirs: until aeiou_wait() has returned 0 or -ENOTCONN, or
 *     aeiou_leave() ends what is left. A group that is declared as AEIOU_SCOPED leaves by itself at the end of its
 *     scope.
 *   - An attachment is gone when aeiou_detach() has returned; if a callback detaches, when the outermost call that
 *     runs callbacks has returned.
 *   - A callback may ask, cancel, leave and detach. It can wait, too, but then callbacks run inside callbacks.
 * With AEIOU_DEBUG defined before the #include, a program that breaks one of these rules (an entry after its callback
 * has returned, an attachment after it was detached, or in the child of a fork, a wait inside a callback) is ended with
 * a sentence about it on standard error.
 *
 * Threads and processes. One thread uses an attachment. After a fork the child's copy refuses everything with
 * -ENOTCONN, runs no callback, and leaves the parent's alone: attach again in the child.
 *
 * The layouts are those of closures/ABI.md, version 1.4. A daemon of 1.2 tells readings inside the call and all else
 * later, and what it cannot do is refused here with -ENOTSUP. With a C library older than glibc 2.34 link with
 * -pthread.
 */
#ifndef AEIOU_H
#define AEIOU_H

#ifdef __cplusplus
#error "aeiou.h is written in C11"
#endif
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* for -std=c11; there it has to be defined before the first header of all */
#endif

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* ---- Attaching ---- */

struct aeiou;

/* How much room an attachment has; all but the pages are multiples of 64. */
struct aeiou_geometry {
  uint32_t pages;         /* requests that may be pending; one is kept for cancels, one in 16 (64 at most) to refresh */
  uint32_t page_bytes;    /* 64, the path, and the program's structure */
  uint32_t outcome_bytes; /* 64, and the value */
  uint32_t arena_bytes;   /* for values that are longer */
};

/*
 * Attaches to a mounted network, or at the daemon's socket. geometry may be NULL. Returns NULL with errno: ETIMEDOUT if
 * it took longer than five seconds.
 */
static inline struct aeiou *aeiou_attach(const char *place, const struct aeiou_geometry *geometry);

/* The same, with a sentence about what went wrong in *why if that is not NULL (256 bytes). */
static inline struct aeiou *aeiou_attach_why(const char *place, const struct aeiou_geometry *geometry, char *why);

/* The same, in so many milliseconds. */
static inline struct aeiou *aeiou_attach_within(const char *place, const struct aeiou_geometry *geometry,
                                                int milliseconds, char *why);

/*
 * Detaches. What is pending has its outcome inside this call: what had come already, the rest AEIOU_STOPPED. Nothing of
 * the attachment may be used after it, but for what a callback that detaches does before it returns. NULL is nothing.
 */
static inline void aeiou_detach(struct aeiou *net);

/* Runs when the daemon is gone, with the reason, and when it is back. */
typedef void (*aeiou_on_connection)(struct aeiou *net, int is_connected, const char *why, void *context);

/*
 * From now on looks for the daemon again when it goes. What it had ends as AEIOU_STOPPED; what it had not taken yet,
 * new requests (as far as there are pages) and watches wait for the next one, whose first value is an event of a watch
 * even if it is the same. Looking is done on a thread of the library; aeiou_wait and aeiou_dispatch take what that has
 * found. on_connection may be NULL. To be called once, before aeiou_fd. Returns 0, or -errno.
 */
static inline int aeiou_reconnect(struct aeiou *net, aeiou_on_connection on_connection, void *context);

/* Whether the daemon was there when something was last asked or waited for. */
static inline int aeiou_is_connected(struct aeiou *net);

/* Why the attachment has ended, or the daemon is gone. */
static inline const char *aeiou_message(const struct aeiou *net);

/* ---- Entries and groups ---- */

/* Kinds of outcomes. */
enum { AEIOU_READING = 1, AEIOU_ABSENT = 2, AEIOU_FAILURE = 3, AEIOU_CANCEL = 4 };

/* Why a request failed. */
enum {
  AEIOU_TIMEOUT = 1,
  AEIOU_UNREACHABLE,
  AEIOU_REFUSED,
  AEIOU_NOT_WRITABLE,
  AEIOU_CANCELLED,
  AEIOU_BAD_ANSWER,
  AEIOU_NOT_CACHED,
  AEIOU_OVERLOADED,
  AEIOU_UNKNOWN_NAME,
  AEIOU_STOPPED,
  AEIOU_BAD_REQUEST,
  AEIOU_IS_DIRECTORY,
  AEIOU_NOT_DIRECTORY,
  AEIOU_NAME_TOO_LONG,
  AEIOU_OUT_OF_RANGE,
  AEIOU_NOT_DONE
};

/* What a cancel is answered: the request ends as cancelled by it; it has had its outcome; there is no such request. */
enum { AEIOU_IS_CANCELLED = 1, AEIOU_TOO_LATE = 2, AEIOU_UNKNOWN = 3 };

/* Flags of a request: only what is cached; as it is now, whatever is cached; behind what other requests ask for. */
enum { AEIOU_HIT_ONLY = 1, AEIOU_FORCE_MISS = 2, AEIOU_BACKGROUND = 256 };

/* A request's name, which no other has, of any attachment or daemon. Zeroes if it had its outcome inside the call. */
struct aeiou_id {
  uint64_t attachment, number;
};

struct aeiou_group;

/*
 * A request and its outcome. The program sets path, flags and deadline, and zeroes the rest; that is there in the
 * callback, and value and path only as long as it runs.
 */
struct aeiou_entry {
  const char *path;          /* as below the mount point; slashes at its beginning or end mean nothing */
  uint64_t deadline;         /* aeiou_in(milliseconds): when it ends as AEIOU_TIMEOUT; 0 for never. A watch has none */
  uint32_t flags;
  uint32_t kind;             /* AEIOU_READING, … */
  uint32_t reason;           /* of a failure, why; of a cancel, its answer */
  uint32_t length;
  const char *value;         /* not ended by a NUL; of a failure a sentence, without the path; see Values */
  uint64_t taken_ms;         /* when the reading was taken, since the epoch of time */
  uint64_t changed_ms;       /* when the value last changed */
  struct aeiou_id id;        /* of the request, for aeiou_cancel and aeiou_wait_for */
  struct aeiou_group *group;
  int is_stale;              /* whether it is past its TTL */
  uint32_t slot;             /* of a listing that is in the value table: where; for aeiou_names */
  uint64_t version;          /* and of which version; else 0 */
};

typedef void (*aeiou_callback)(int is_delayed, struct aeiou_entry *entry);

/* How far a group is. submitted = immediate + delayed + refused. */
struct aeiou_progress {
  uint64_t submitted, immediate, delayed, pending, failed, stale, refused;
  uint32_t first_reason; /* of the first failure; 0 if there was none */
  char first_error[160]; /* and its path and sentence, as far as there is room */
};

/* A burst of requests of one kind of structure. */
struct aeiou_group {
  struct aeiou *net;
  uint64_t number;
  size_t context_bytes, context_offset;
  aeiou_callback callback;
  struct aeiou_progress progress;
  uint64_t told; /* delayed callbacks that ran: outcomes, and events of watches */
  int has_left;
};

#define aeiou_container_of(pointer, type, member) ((type *) (void *) ((char *) (pointer) - offsetof(type, member)))

/*
 * Begins a group. ktype is struct aeiou_entry; utype is the program's own structure, of which field is the entry, and
 * which comes back with it: copied for a request that has to wait, so that it may be used again at once.
 */
#define aeiou_begin(group, net, ktype, utype, field, callback)                                                         \
  aeiou_begin_group((group), (net), sizeof(utype), offsetof(utype, field),                                             \
                    ((void) sizeof(&((utype *) 0)->field == (ktype *) 0), (callback)))

static inline void aeiou_begin_group(struct aeiou_group *group, struct aeiou *net, size_t bytes, size_t offset,
                                     aeiou_callback callback);

/* Sends off what was asked for. */
static inline void aeiou_end(struct aeiou_group *group);

/* How far a group is; asks the daemon nothing. */
static inline struct aeiou_progress aeiou_checkprogress(const struct aeiou_group *group);

/*
 * Ends the group: what is pending has its outcome inside this call, AEIOU_CANCELLED, and the daemon is told to drop it.
 * After this the group may go. Its callbacks can ask for nothing more by it.
 */
static inline void aeiou_leave(struct aeiou_group *group);

/* Before a group's declaration: it leaves at the end of its scope. It must have begun by then, or be {0}. */
#define AEIOU_SCOPED __attribute__((cleanup(aeiou_leave)))

/* Nanoseconds of CLOCK_MONOTONIC; and those in so many milliseconds, for a deadline. */
static inline uint64_t aeiou_now(void);
static inline uint64_t aeiou_in(uint32_t milliseconds);

/* ---- Asking ----
 *
 * Each of these returns 0 if the callback has run inside the call; 1 if it will run later; or one of these, and then it
 * never runs:
 *   -EAGAIN        all pages are in use
 *   -ENAMETOOLONG  path and structure do not fit a page
 *   -EINVAL        flags that are not known here, or contradict each other; a deadline of a watch
 *   -ENOTCONN      the daemon is gone
 *   -ECANCELED     the group has left
 *   -ENOTSUP       the daemon is too old for the deadline or the flags
 * aeiou_read, aeiou_stat, aeiou_list and aeiou_describe answer inside the call what is known: a value, a name that is
 * known not to be there, a listing. What is stale is told, and asked for again behind the program's back, on a page
 * that is kept for that (but not by a stat). AEIOU_HIT_ONLY asks for nothing, AEIOU_FORCE_MISS always has to wait.
 */

/* The value of an attribute. */
static inline int aeiou_read(struct aeiou_group *group, struct aeiou_entry *entry);

/*
 * Reads an array of the program's structures, the first of which has this entry. Returns how many were accepted; if
 * that is less than count, *error is why the next one was not.
 */
static inline size_t aeiou_read_many(struct aeiou_group *group, struct aeiou_entry *first, size_t count, int *error);

/* What stat shows, which fetches nothing: see aeiou_stat_number. */
static inline int aeiou_stat(struct aeiou_group *group, struct aeiou_entry *entry);

/* The names in a directory: see aeiou_names. */
static inline int aeiou_list(struct aeiou_group *group, struct aeiou_entry *entry);

/* What is known of an attribute: pairs of name and value, see aeiou_pair; the value first. It is a read otherwise. */
static inline int aeiou_describe(struct aeiou_group *group, struct aeiou_entry *entry);

/*
 * Reads many attributes as one request: core1/system, a row, or a table as core1/interfaces; a column of all rows as
 * core1/interfaces/STAR/ifInOctets, with an asterisk for STAR; some, as core1/system/{sysName,sysUpTime}. aeiou_values
 * and aeiou_next tell one after the other. It fails only if nothing was found out. What is cached will do; always
 * delayed. All of it has to fit the arena, with about 7 bytes for each attribute besides its value; else it is
 * AEIOU_OVERLOADED. It is not copied: as long as its callback runs, the arena is in use.
 */
static inline int aeiou_read_group(struct aeiou_group *group, struct aeiou_entry *entry);

/*
 * As aeiou_read, and again whenever the value changes, until cancelled. Always delayed. With AEIOU_HIT_ONLY it keeps
 * nothing fresh, and tells of what others read.
 */
static inline int aeiou_watch(struct aeiou_group *group, struct aeiou_entry *entry);

/* A further attribute of the same directory, by its name, and what it is to be. */
struct aeiou_text {
  const char *name, *text;
};

/*
 * Writes an attribute: in one question to its system, once, and reads it back. text is as the file has it: a label or a
 * number, with a newline at its end or without. Always delayed; aeiou_next_change tells what was before and what was
 * read back. AEIOU_TIMEOUT says that it was sent and not answered: it may have happened. So it may have when it was
 * cancelled, or its deadline passed. It is never sent again. -ENAMETOOLONG if path, text and structure do not fit a
 * page, -ENOTSUP of a daemon that is too old.
 */
static inline int aeiou_write(struct aeiou_group *group, struct aeiou_entry *entry, const char *text);

/* The same with further attributes of the same directory: all of them are set, or none. */
static inline int aeiou_write_with(struct aeiou_group *group, struct aeiou_entry *entry, const char *text,
                                   const struct aeiou_text *further, size_t count);

/* What a write made of an attribute. */
struct aeiou_change {
  const char *name;
  const char *before; /* NULL if there was nothing */
  const char *after;  /* what was read back, which may be another text than was written; NULL if it could not be read */
};

/* The next change of a write's entry. *at is NULL before the first. 1, or 0 if there is no more. */
static inline int aeiou_next_change(const struct aeiou_entry *entry, const char **at, struct aeiou_change *change);

/*
 * Asks for an attribute so that it is cached; no callback runs. It is sent off with the next aeiou_end or aeiou_wait.
 * Returns 1, -EAGAIN (half of the pages are in use for this already), -ENAMETOOLONG or -ENOTCONN.
 */
static inline int aeiou_prefetch(struct aeiou *net, const char *path);

/* A step of a chain. */
struct aeiou_step {
  uint32_t operation; /* AEIOU_READ, AEIOU_STAT, AEIOU_LIST or AEIOU_DESCRIBE */
  uint32_t flags;     /* AEIOU_STOP_ON_ERROR, …; of the entry only path and deadline count */
  struct aeiou_entry *entry;
};

enum { AEIOU_READ = 1, AEIOU_STAT = 2, AEIOU_LIST = 3, AEIOU_DESCRIBE = 8 };

/*
 * When a chain ends behind a step: if it has no reading; if its value is another number than 0, or is 0 (of a listing:
 * is not empty, or is); if the system does not have it; if it has a reading. With AEIOU_SKIP it does not end there, but
 * leaves out the next step, which ends as cancelled, and goes on with the one after that.
 */
enum {
  AEIOU_STOP_ON_ERROR = 16,
  AEIOU_STOP_ON_NONZERO = 32,
  AEIOU_STOP_ON_ZERO = 64,
  AEIOU_STOP_ON_ABSENT = 1024,
  AEIOU_STOP_ON_READING = 2048,
  AEIOU_SKIP = 4096
};

/*
 * AEIOU_EACH, of a read behind a listing: once for each name, for {} in the path; values as pairs of name and value.
 * With AEIOU_EACH_AS_GROUP as well they are a group, for aeiou_values, in which each has a kind and a reason of its
 * own.
 */
enum { AEIOU_EACH = 128, AEIOU_EACH_AS_GROUP = 512 };

/*
 * Asks for one thing after another, in the daemon; at most 16 steps. {} in a path is the value of the step before. Each
 * step has a callback of its own; those behind a step that ends the chain are cancelled. Always delayed; -EINVAL also
 * if there can never be so many pages.
 */
static inline int aeiou_chain(struct aeiou_group *group, const struct aeiou_step *steps, uint32_t count);

/*
 * Withdraws a request; the answer comes to the callback as an entry of kind AEIOU_CANCEL. There is always a page for
 * it, or there will be. What is of another attachment, or of a daemon that is gone, is AEIOU_UNKNOWN, inside the call.
 * Returns as above, but -EAGAIN if more cancels wait than there are pages.
 */
static inline int aeiou_cancel(struct aeiou_group *group, struct aeiou_entry *answer, struct aeiou_id id);

/* Withdraws all requests of the group that are pending; otherwise as aeiou_cancel. */
static inline int aeiou_cancel_group(struct aeiou_group *group, struct aeiou_entry *answer);

/* ---- Waiting ----
 *
 * Delayed callbacks run on the thread that waits. Each of these returns 0 when what is waited for has happened;
 * -ETIMEDOUT after so many milliseconds (a negative time is for ever); -ENOTCONN if the daemon is gone, when every
 * callback has run too; -EINTR if a signal has ended it, see aeiou_interruptible.
 */

/* Until the group has all its outcomes. */
static inline int aeiou_wait(struct aeiou_group *group, int milliseconds);

/*
 * Until so many of the group's delayed callbacks have run since the call, events of watches among them, or none is
 * pending.
 */
static inline int aeiou_wait_some(struct aeiou_group *group, uint64_t some, int milliseconds);

/*
 * Until so many of these requests, of any groups, have ended; a watch counts also if it has told of an event since the
 * call. One that has ended before, or that is not known, counts.
 */
static inline int aeiou_wait_for(struct aeiou *net, const struct aeiou_id *ids, size_t count, size_t some,
                                 int milliseconds);

/*
 * Whether a signal handler that ran while they slept ends the waits; as signal(7) has it for poll. While they sleep,
 * and only then, the mask of signals is this one, if it is not NULL: a signal that is blocked otherwise cannot come
 * between the program's look at what the handler sets and its sleep.
 */
static inline void aeiou_interruptible(struct aeiou *net, int is_interruptible, const sigset_t *mask);

/* Becomes readable when something has come and aeiou_dispatch has asked for it; for event loops. */
static inline int aeiou_fd(const struct aeiou *net);

/*
 * For event loops: runs what has come when aeiou_fd is readable, and asks to be woken again. Also to be called once
 * before the loop. Returns how many completions came; -ENOTCONN if the daemon is gone, when every callback has run.
 */
static inline int aeiou_dispatch(struct aeiou *net);

/* ---- Values ----
 *
 * What follows reads an entry's value inside its callback, in place: nothing is copied, and nothing allocated.
 */

/* Where the value of a stat has its numbers, of eight bytes each; taken and changed are milliseconds. */
enum {
  AEIOU_STAT_MODE = 0,
  AEIOU_STAT_UID = 8,
  AEIOU_STAT_GID = 16,
  AEIOU_STAT_SIZE = 24,
  AEIOU_STAT_TAKEN = 32,
  AEIOU_STAT_CHANGED = 40,
  AEIOU_STAT_LINKS = 48,
  AEIOU_STAT_BYTES = 64
};

/* A number of a stat: aeiou_stat_number(entry, AEIOU_STAT_SIZE). 0 if the entry has no stat. */
static inline uint64_t aeiou_stat_number(const struct aeiou_entry *entry, size_t at);

/* A name in a listing. It is ended by its length, not by a NUL. */
struct aeiou_name {
  const char *name;
  uint32_t length;
  int is_directory;
};

/* A listing, and where aeiou_next_name is in it. */
struct aeiou_names {
  uint32_t count, next; /* count is 0 of a listing that was not in the value table */
  const char *places, *kinds, *names, *end;
  const struct aeiou_entry *entry; /* of which it is, if it is in the value table */
  uint64_t since;
};

/* Begins with the first name of a listing. Returns 0; -EPROTO if the entry has no listing. */
static inline int aeiou_names(struct aeiou_names *names, const struct aeiou_entry *entry);

/*
 * Tells the next name, in the order of the directory: while (aeiou_next_name(&names, &name) > 0). Returns 1; 0 behind
 * the last one; -ESTALE instead of that if the listing has become another one, and this took so long (10 s) that its
 * place may have been used again: list it once more. -EPROTO if it is broken.
 */
static inline int aeiou_next_name(struct aeiou_names *names, struct aeiou_name *name);

/*
 * The next string of a value that is made of strings with a NUL behind each (a description, what AEIOU_EACH told), from
 * *at, which is NULL at first and goes on behind it. NULL if there is none.
 */
static inline const char *aeiou_next_string(const struct aeiou_entry *entry, const char **at);

/* What a group read is of: the attributes of one row; one column of all rows; several columns of all rows. */
enum { AEIOU_ATTRIBUTES = 1, AEIOU_COLUMN = 2, AEIOU_TABLE = 3 };

/* One attribute of a group. What it points to is in the entry's value, and ended by a NUL. */
struct aeiou_reading {
  const char *row;    /* empty for a group of scalars */
  const char *column; /* empty for AEIOU_EACH_AS_GROUP */
  uint32_t kind;      /* AEIOU_READING, AEIOU_ABSENT or AEIOU_FAILURE */
  uint32_t reason;    /* of a failure, why */
  const char *value;  /* of a failure a sentence about it, of an absence empty */
  uint32_t length;
  uint64_t taken_ms;  /* when it was taken, since the epoch of time; 0 of a failure */
};

/* What a group read found, and where aeiou_next is in it. */
struct aeiou_values {
  uint32_t rows, columns, form; /* AEIOU_ATTRIBUTES, … */
  uint64_t count, next;
  uint64_t taken_ms; /* when the newest was taken */
  const char *kinds, *times, *column_names, *column_at, *row, *row_at, *names_end, *value_at, *end;
};

/* Begins with the first attribute of a group. Returns 0; -EPROTO if the entry has no group. */
static inline int aeiou_values(struct aeiou_values *values, const struct aeiou_entry *entry);

/*
 * Tells the next attribute, row by row: while (aeiou_next(&values, &reading) > 0). Returns 1; 0 behind the last one;
 * -EPROTO if the value is cut off.
 */
static inline int aeiou_next(struct aeiou_values *values, struct aeiou_reading *reading);

/* ======== How ======== */

/* Of GNU's library, which declares them only if _GNU_SOURCE was defined before the first header of the program. */
extern void *memrchr(const void *, int, size_t);
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

/* ---- What there is of an attachment ---- */

enum {
  AEIOU_WRITE = 4,
  AEIOU_WATCH = 5,
  AEIOU_READ_GROUP = 9,
  AEIOU_MINOR = 4, /* the version of the protocol that is spoken here */
  AEIOU_ASKED = 1024,
  AEIOU_LONGEST_PATH = 1024,
  AEIOU_LONGEST_VALUE = 16384,
  AEIOU_LONGEST_LISTING = 1 << 20
};

/* What a slot of the value table holds. */
enum { AEIOU_SLOT_READING = 1, AEIOU_SLOT_ABSENT, AEIOU_SLOT_UNKNOWN_NAME, AEIOU_SLOT_LISTING, AEIOU_SLOT_NAME };

/* What a page is in use for. */
enum {
  AEIOU_PAGE_FREE,
  AEIOU_PAGE_WAITS,  /* its callback is to run */
  AEIOU_PAGE_HELD,   /* the same, when there is a daemon again: it has not been handed over to one */
  AEIOU_PAGE_LOST,   /* its daemon is gone: its callback is to run with that */
  AEIOU_PAGE_ENDS,   /* its last callback is running */
  AEIOU_PAGE_SILENT, /* no callback runs: it is free when its outcome is there */
  AEIOU_PAGE_LEFT    /* its callback has run, and its completion is still to come */
};

/* Memory that grows. */
struct aeiou_buffer {
  char *bytes;
  size_t size;
};

/* A cancel that waits for a page. */
struct aeiou_queued {
  struct aeiou_queued *next;
  struct aeiou_group *group; /* NULL if the answer is of no use */
  uint32_t operation;
  uint64_t attachment, number, target;
  _Alignas(16) unsigned char context[];
};

/* What is stale and was asked for. */
struct aeiou_asked {
  size_t at;
  uint64_t sequence, when;
  uint32_t operation;
};

/* What this program keeps for a page; the daemon cannot write there, either. */
struct aeiou_use {
  uint64_t number; /* of the request */
  uint64_t told;   /* how many callbacks the attachment had run when the last one of this request did */
  unsigned char state;
};

struct aeiou {
  /* A connection; all of this is another one when the daemon is back. */
  int socket, bell;
  uint64_t epoch, connection, key; /* key: of the ids of its requests */
  uint32_t minor;
  uint32_t mask, pages, page_bytes, outcome_bytes, pages_at, outcomes_at, arena_at;
  size_t out_bytes, in_bytes, table_bytes;
  unsigned char *out;
  const unsigned char *in, *table;
  uint32_t table_mask;
  uint64_t data, data_bytes, owner; /* owner: uid and gid of the files */
  uint64_t head, tail;
  int is_unrung;
  int is_lost;      /* the daemon has gone */
  int is_abandoned; /* and what it had has ended */

  /* Requests. */
  uint64_t numbers, groups, told;
  uint32_t *free_pages;
  uint32_t free_count, kept_pages; /* kept for cancels */
  uint32_t *silent;
  uint32_t silent_count, silent_most;
  uint32_t aside_first, aside_count, aside_next; /* the last pages are for refreshing only */
  struct aeiou_use *use;                         /* by page */
  uint32_t *page_of;                             /* by the low bits of a number, where it may be; as many as entries */
  uint32_t *held;                                /* the first pages of what waits for a daemon */
  uint32_t held_count;
  struct aeiou_queued *queued;
  uint32_t queued_count;

  /* Running. */
  volatile unsigned char *here; /* a page that is 0 in a child: see MADV_WIPEONFORK in madvise(2) */
  int is_closed;
  int calls; /* how many calls of this attachment are running, one inside another */
  struct aeiou_buffer *values; /* by how many callbacks are running: where the next one's value is */
  int value_count, level;
  int holding; /* how many callbacks are running that look into the arena */
  int is_interruptible, has_mask;
  sigset_t sleeping_mask;

  /* Coming back. */
  char *place;
  struct aeiou_geometry geometry;
  int looking; /* is at its end when a look at the place that took too long is over; -1 if there is none */
  int reconnects, events, attempt;
  uint64_t since;    /* when the connection was made */
  struct aeiou *old; /* connections that were lost while callbacks looked into them */
  aeiou_on_connection on_connection;
  void *connection_context;

  int was_listed; /* whether the last stat was that of a file of which nothing was read */
  struct aeiou_asked asked[AEIOU_ASKED];
  uint32_t crc[8][256];
  char message[256];
#ifdef AEIOU_DEBUG
  int is_buried;
  struct aeiou *buried_before;
#endif
};

static inline void aeiou_ring(struct aeiou *net);
static inline void aeiou_send_queued(struct aeiou *net);
static inline void aeiou_give_up(struct aeiou *net);

/* ---- Rules that a debug build checks ---- */

#ifdef AEIOU_DEBUG
#define AEIOU_FORBID(when, ...)                                                                                        \
  do {                                                                                                                 \
    if (when) {                                                                                                        \
      fprintf(stderr, __VA_ARGS__);                                                                                    \
      fputc('\n', stderr);                                                                                             \
      abort();                                                                                                         \
    }                                                                                                                  \
  } while (0)

/* What an entry's path and value are when its callback has returned. */
static const char aeiou_is_over[] = "(the callback of this entry has returned)";
static struct aeiou *aeiou_buried; /* detached, and kept so that a use of them can be told */
#else
#define AEIOU_FORBID(when, ...) ((void) 0)
#endif

static inline int aeiou_is_forked(struct aeiou *net) {
  if (net->here == NULL || *net->here != 0) return 0;
  snprintf(net->message, sizeof net->message, "attached before a fork; attach again in this process");
  return 1;
}

/* Whether nothing can be asked any more. */
static inline int aeiou_is_gone(struct aeiou *net) {
  return aeiou_is_forked(net) || net->is_closed || (net->is_lost && !net->reconnects);
}

static inline void aeiou_check_use(struct aeiou *net, const char *call) {
  (void) net, (void) call;
  AEIOU_FORBID(net != NULL && net->is_buried, "%s: the attachment was detached before", call);
  AEIOU_FORBID(net != NULL && aeiou_is_forked(net),
               "%s: the program attached before a fork; attach again in this process", call);
}

/* An entry that a program asks with is its own, or that of a callback that is running. */
static inline void aeiou_check_entry(struct aeiou *net, const struct aeiou_entry *entry, const char *call) {
  (void) net, (void) entry, (void) call;
#ifdef AEIOU_DEBUG
  AEIOU_FORBID(entry->path == aeiou_is_over, "%s: an entry after its callback has returned", call);
  if (net == NULL || net->out == NULL) return;
  uintptr_t at = (uintptr_t) entry - (uintptr_t) net->out;
  if (at < net->pages_at || at >= net->out_bytes) return;
  unsigned state = net->use[(at - net->pages_at) / net->page_bytes].state;
  AEIOU_FORBID(state != AEIOU_PAGE_ENDS && state != AEIOU_PAGE_WAITS, "%s: an entry after its callback has returned",
               call);
#endif
}

static inline void aeiou_check_value(const struct aeiou_entry *entry, const char *call) {
  (void) entry, (void) call;
  AEIOU_FORBID(entry->value == aeiou_is_over, "%s: an entry after its callback has returned", call);
}

static inline void aeiou_check_wait(struct aeiou *net, const char *call) {
  (void) net, (void) call;
  aeiou_check_use(net, call);
  AEIOU_FORBID(net != NULL && net->level > 0, "%s: called inside a callback, where nothing should wait", call);
}

/* ---- Shared memory, time ---- */

#define AEIOU_WORD(base, at) ((_Atomic uint64_t *) (void *) ((unsigned char *) (uintptr_t) (base) + (at)))

static inline uint64_t aeiou_get(const unsigned char *base, size_t at) {
  return atomic_load_explicit(AEIOU_WORD(base, at), memory_order_relaxed);
}

/* What the writer had written before it released the word can be read after this. */
static inline uint64_t aeiou_acquire(const unsigned char *base, size_t at) {
  return atomic_load_explicit(AEIOU_WORD(base, at), memory_order_acquire);
}

static inline void aeiou_set(unsigned char *base, size_t at, uint64_t value) {
  atomic_store_explicit(AEIOU_WORD(base, at), value, memory_order_relaxed);
}

/* A reader that acquires the word sees what was written before. */
static inline void aeiou_release(unsigned char *base, size_t at, uint64_t value) {
  atomic_store_explicit(AEIOU_WORD(base, at), value, memory_order_release);
}

static inline uint32_t aeiou_get32(const void *base, size_t at) {
  uint32_t value;
  memcpy(&value, (const char *) base + at, sizeof value);
  return value;
}

static inline void aeiou_set32(unsigned char *base, size_t at, uint32_t value) {
  memcpy(base + at, &value, sizeof value);
}

static inline uint64_t aeiou_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now); /* in the vDSO: no system call */
  return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

static inline uint64_t aeiou_now(void) { return aeiou_clock(CLOCK_MONOTONIC); }

static inline uint64_t aeiou_in(uint32_t milliseconds) { return aeiou_now() + milliseconds * UINT64_C(1000000); }

/*
 * A time that is before or after both of these as now is. The coarse clock is four times as fast, and behind by a tick
 * of the kernel: only close to one of them the other clock has to be asked.
 */
static inline uint64_t aeiou_now_beside(uint64_t fresh, uint64_t usable) {
  const uint64_t margin = 100000000;
  uint64_t coarse = aeiou_clock(CLOCK_MONOTONIC_COARSE);
  return fresh - coarse < margin || usable - coarse < margin ? aeiou_now() : coarse;
}

/* How many milliseconds there are until then, for poll(2). */
static inline int aeiou_left(uint64_t end) {
  int64_t left = (int64_t) (end - aeiou_now());
  return left <= 0 ? 0 : (int) (left / 1000000 + 1);
}

static inline uint64_t aeiou_magic(const char *letters) {
  uint64_t magic;
  memcpy(&magic, letters, sizeof magic);
  return magic;
}

static inline const char *aeiou_message(const struct aeiou *net) { return net->message; }

/* ---- Attaching ---- */

static inline void aeiou_unmap(struct aeiou *net) {
  if (net->out != NULL) munmap(net->out, net->out_bytes);
  if (net->in != NULL) munmap((void *) (uintptr_t) net->in, net->in_bytes);
  if (net->table != NULL) munmap((void *) (uintptr_t) net->table, net->table_bytes);
  if (net->socket >= 0) close(net->socket);
  if (net->bell >= 0) close(net->bell);
}

static inline void aeiou_free(struct aeiou *net) {
  aeiou_unmap(net);
  if (net->here != NULL) munmap((void *) (uintptr_t) net->here, 1);
  if (net->events >= 0) close(net->events);
  if (net->attempt >= 0) close(net->attempt);
  if (net->looking >= 0) close(net->looking);
  while (net->queued != NULL) {
    struct aeiou_queued *next = net->queued->next;
    free(net->queued);
    net->queued = next;
  }
  for (int i = 0; i < net->value_count; i++) free(net->values[i].bytes);
  free(net->values);
  free(net->free_pages);
  free(net->silent);
  free(net->use);
  free(net->page_of);
  free(net->held);
  free(net->place);
#ifdef AEIOU_DEBUG
  struct aeiou *before = aeiou_buried;
  *net = (struct aeiou){.is_buried = 1, .is_closed = 1, .buried_before = before};
  aeiou_buried = net;
#else
  free(net);
#endif
}

/* Room for a value, which the callbacks that are running leave alone; NULL if there is no memory. */
static inline char *aeiou_room_for(struct aeiou *net, size_t bytes) {
  if (net->level >= net->value_count) {
    struct aeiou_buffer *more = realloc(net->values, (size_t) (net->level + 1) * sizeof *more);
    if (more == NULL) return NULL;
    net->values = more;
    while (net->value_count <= net->level) net->values[net->value_count++] = (struct aeiou_buffer){NULL, 0};
  }
  struct aeiou_buffer *value = &net->values[net->level];
  if (bytes > value->size) {
    size_t size = bytes < 2 * AEIOU_LONGEST_VALUE ? 2 * AEIOU_LONGEST_VALUE : bytes;
    char *larger = realloc(value->bytes, size);
    if (larger == NULL) return NULL;
    *value = (struct aeiou_buffer){larger, size};
  }
  return value->bytes;
}

static inline int aeiou_fail(struct aeiou *net, int error, const char *what) {
  snprintf(net->message, sizeof net->message, "%.180s: %s", what, strerror(error));
  errno = error;
  return -1;
}

static inline int aeiou_is_late(struct aeiou *net, const char *what) {
  snprintf(net->message, sizeof net->message, "%.180s: does not answer in time", what);
  errno = ETIMEDOUT;
  return -1;
}

static inline void *aeiou_map(int fd, int writable, size_t *bytes) {
  struct stat status;
  if (fstat(fd, &status) != 0) return NULL;
  *bytes = (size_t) status.st_size;
  void *memory = mmap(NULL, *bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

/* Receives the welcome and its four descriptors. */
static inline int aeiou_welcome(struct aeiou *net, unsigned char *message, size_t bytes, int *fds, uint64_t end) {
  size_t got = 0;
  int count = 0;
  while (got < bytes) {
    union {
      struct cmsghdr header;
      char room[CMSG_SPACE(8 * sizeof(int))];
    } control;
    struct iovec part = {message + got, bytes - got};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct pollfd readable = {net->socket, POLLIN, 0};
    int ready = poll(&readable, 1, aeiou_left(end));
    if (ready < 0 && errno == EINTR) continue;
    ssize_t length = ready == 0 ? -1 : recvmsg(net->socket, &header, MSG_CMSG_CLOEXEC);
    if (ready != 0 && length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      while (count > 0) close(fds[--count]);
      if (ready == 0) return aeiou_is_late(net, "the daemon");
      return aeiou_fail(net, length == 0 ? ECONNRESET : errno, "the daemon hung up before it answered");
    }
    for (struct cmsghdr *each = CMSG_FIRSTHDR(&header); each != NULL; each = CMSG_NXTHDR(&header, each)) {
      if (each->cmsg_level == SOL_SOCKET && each->cmsg_type == SCM_RIGHTS) {
        size_t n = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < n; i++) {
          int fd;
          memcpy(&fd, CMSG_DATA(each) + i * sizeof fd, sizeof fd);
          if (count < 4) {
            fds[count++] = fd;
          } else {
            close(fd);
          }
        }
      }
    }
    got += (size_t) length;
  }
  return count;
}

/* What a place stands for: the path of a socket; or an errno, and what it is about. */
struct aeiou_place {
  int to; /* where it is sent to */
  int error;
  char text[4096];
};

/* Looks at a place, on a thread of its own: a mount whose daemon hangs does not answer. */
static inline void *aeiou_look(void *given) {
  struct aeiou_place *place = given;
  struct stat status;
  if (stat(place->text, &status) != 0) {
    place->error = errno;
  } else if (S_ISDIR(status.st_mode)) {
    size_t length = strlen(place->text);
    snprintf(place->text + length, sizeof place->text - length, "/.aeiou/attach");
    FILE *file = fopen(place->text, "re");
    char *line = file == NULL ? NULL : fgets(place->text, sizeof place->text, file);
    if (file == NULL) {
      place->error = errno;
    } else if (line == NULL) {
      place->error = ENOTCONN;
      snprintf(place->text, sizeof place->text, "the daemon lets no program attach");
    }
    if (file != NULL) fclose(file);
    if (line != NULL) place->text[strcspn(place->text, "\n")] = '\0';
  }
  ssize_t unused = send(place->to, place, sizeof *place, MSG_NOSIGNAL);
  (void) unused;
  close(place->to);
  free(place);
  return NULL;
}

/* Runs a function on a thread that takes none of the program's signals; 0, or an errno. */
static inline int aeiou_start_thread(void *(*function)(void *), void *argument) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  int error = pthread_create(&thread, NULL, function, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error == 0) pthread_detach(thread);
  return error;
}

/* Finds the socket of a mount point; a socket's own path is taken as it is. */
static inline int aeiou_find_socket(struct aeiou *net, const char *where, char *path, size_t bytes, uint64_t end) {
  struct aeiou_place *place = calloc(1, sizeof *place);
  int ends[2];
  if (place == NULL) return aeiou_fail(net, ENOMEM, where);
  if (strlen(where) >= sizeof place->text - sizeof "/.aeiou/attach") {
    free(place);
    return aeiou_fail(net, ENAMETOOLONG, where);
  }
  snprintf(place->text, sizeof place->text, "%s", where);
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    free(place);
    return aeiou_fail(net, errno, where);
  }
  place->to = ends[1];
  int error = aeiou_start_thread(aeiou_look, place);
  if (error != 0) {
    close(ends[0]);
    close(ends[1]);
    free(place);
    return aeiou_fail(net, error, where);
  }
  struct pollfd readable = {ends[0], POLLIN, 0};
  int ready;
  do {
    ready = poll(&readable, 1, aeiou_left(end));
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) {
    net->looking = ends[0]; /* is at its end when the look is over at last */
    return aeiou_is_late(net, where);
  }
  struct aeiou_place found = {0};
  ssize_t length = recv(ends[0], &found, sizeof found, 0);
  close(ends[0]);
  if (length != (ssize_t) sizeof found) return aeiou_is_late(net, where);
  if (found.error != 0) return aeiou_fail(net, found.error, found.text);
  /* The path of a socket has room for 107 bytes. */
  size_t path_length = strlen(found.text);
  if (path_length >= bytes) return aeiou_fail(net, ENAMETOOLONG, found.text);
  memcpy(path, found.text, path_length + 1);
  return 0;
}

/* The high half of the ids of a connection's requests. */
static inline uint64_t aeiou_key(uint64_t epoch, uint64_t connection) {
  return (epoch << 32 | epoch >> 32) ^ connection;
}

/* Takes what came with the welcome. */
static inline int aeiou_take(struct aeiou *net, const unsigned char *welcome, const int *fds) {
  net->minor = aeiou_get32(welcome, 8);
  memcpy(&net->epoch, welcome + 16, 8);
  memcpy(&net->connection, welcome + 24, 8);
  net->key = aeiou_key(net->epoch, net->connection);
  net->mask = aeiou_get32(welcome, 36) - 1;
  net->pages = aeiou_get32(welcome, 40);
  net->page_bytes = aeiou_get32(welcome, 44);
  net->outcome_bytes = aeiou_get32(welcome, 48);
  net->pages_at = aeiou_get32(welcome, 56);
  net->outcomes_at = aeiou_get32(welcome, 60);
  net->arena_at = aeiou_get32(welcome, 64);
  net->out = aeiou_map(fds[0], 1, &net->out_bytes);
  net->in = aeiou_map(fds[1], 0, &net->in_bytes);
  net->table = aeiou_map(fds[2], 0, &net->table_bytes);
  net->bell = fds[3];
  for (int i = 0; i < 3; i++) close(fds[i]);
  if (net->out == NULL || net->in == NULL || net->table == NULL) return aeiou_fail(net, errno, "shared memory");
  if (aeiou_acquire(net->table, 8) >> 32 != 1 || aeiou_get(net->table, 0) != aeiou_magic("aeiouTBL"))
    return aeiou_fail(net, EPROTONOSUPPORT, "the value table is of another version");
  net->table_mask = aeiou_get32(net->table, 32) - 1;
  net->data = aeiou_get(net->table, 40);
  net->data_bytes = aeiou_get(net->table, 48);
  net->owner = aeiou_get(net->table, 80);
  return 0;
}

/* Connects, and says hello. */
static inline int aeiou_connect(struct aeiou *net, const char *place, const struct aeiou_geometry *geometry,
                                uint64_t end) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (aeiou_find_socket(net, place, address.sun_path, sizeof address.sun_path, end) != 0) return -1;
  net->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (net->socket < 0) return aeiou_fail(net, errno, address.sun_path);
  int left = aeiou_left(end);
  struct timeval patience = {left / 1000, left % 1000 * 1000 + 1};
  setsockopt(net->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  int result;
  do {
    result = connect(net->socket, (struct sockaddr *) &address, sizeof address);
  } while (result != 0 && errno == EINTR && aeiou_left(end) > 0);
  if (result != 0)
    return errno == EAGAIN || errno == EINTR ? aeiou_is_late(net, address.sun_path)
                                             : aeiou_fail(net, errno, address.sun_path);
  unsigned char hello[64] = {0};
  memcpy(hello, "aeiouHEL", 8);
  aeiou_set32(hello, 8, AEIOU_MINOR);
  aeiou_set32(hello, 12, 1);
  aeiou_set32(hello, 16, geometry->pages);
  aeiou_set32(hello, 20, geometry->page_bytes);
  aeiou_set32(hello, 24, geometry->outcome_bytes);
  aeiou_set32(hello, 28, geometry->arena_bytes);
  if (send(net->socket, hello, sizeof hello, MSG_NOSIGNAL) != (ssize_t) sizeof hello)
    return aeiou_fail(net, errno, address.sun_path);
  unsigned char welcome[256];
  int fds[4];
  int count = aeiou_welcome(net, welcome, sizeof welcome, fds, end);
  if (count < 0) return -1;
  if (memcmp(welcome, "aeiouWEL", 8) != 0 || aeiou_get32(welcome, 12) != 1 || aeiou_get32(welcome, 32) != 0 ||
      count != 4) {
    while (count > 0) close(fds[--count]);
    uint32_t length = aeiou_get32(welcome, 68);
    int error = (int) aeiou_get32(welcome, 32);
    snprintf(net->message, sizeof net->message, "%.100s: %.*s", address.sun_path, (int) (length < 140 ? length : 140),
             (const char *) welcome + 72);
    errno = error != 0 ? error : EPROTONOSUPPORT;
    return -1;
  }
  return aeiou_take(net, welcome, fds);
}

/* CRC-32 as in ISO 3309 and zlib; crc[k][byte] is what a byte does to it that has k others behind it. */
static inline void aeiou_fill_crc(struct aeiou *net) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
    net->crc[0][i] = crc;
  }
  for (int k = 1; k < 8; k++)
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t crc = net->crc[k - 1][i];
      net->crc[k][i] = net->crc[0][crc & 0xFF] ^ (crc >> 8);
    }
}

/* Sets up what this program keeps for itself. */
static inline int aeiou_prepare(struct aeiou *net, const char *place) {
  uint32_t pages = net->pages;
  void *here = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (here == MAP_FAILED) return aeiou_fail(net, errno, "memory");
  net->here = here;
  *net->here = 1;
  if (madvise(here, 1, MADV_WIPEONFORK) != 0) return aeiou_fail(net, errno, "MADV_WIPEONFORK, of Linux 4.14");
  net->kept_pages = pages > 1 ? 1 : 0;
  net->aside_count = pages < 1024 ? pages / 16 : 64; /* as many as in the other clients */
  net->aside_first = pages - net->aside_count;
  net->silent_most = (net->aside_first - net->kept_pages) / 2;
  net->free_pages = malloc(pages * sizeof *net->free_pages);
  net->silent = malloc(pages * sizeof *net->silent);
  net->use = calloc(pages, sizeof *net->use);
  net->page_of = calloc((size_t) net->mask + 1, sizeof *net->page_of);
  net->held = malloc(pages * sizeof *net->held);
  net->place = strdup(place);
  if (net->free_pages == NULL || net->silent == NULL || net->use == NULL || net->page_of == NULL || net->held == NULL ||
      net->place == NULL || aeiou_room_for(net, 1) == NULL)
    return aeiou_fail(net, ENOMEM, "pages");
  for (uint32_t i = 0; i < net->aside_first; i++) net->free_pages[i] = net->aside_first - 1 - i;
  net->free_count = net->aside_first;
  net->since = aeiou_now();
  aeiou_fill_crc(net);
  return 0;
}

/* An attachment without a connection, or NULL. */
static inline struct aeiou *aeiou_new(void) {
  struct aeiou *net = calloc(1, sizeof *net);
  if (net != NULL) net->socket = net->bell = net->events = net->attempt = net->looking = -1;
  return net;
}

static inline struct aeiou *aeiou_attach_within(const char *place, const struct aeiou_geometry *geometry,
                                                int milliseconds, char *why) {
  static const struct aeiou_geometry standard = {4096, 512, 512, 1 << 20};
  struct aeiou *net = aeiou_new();
  if (net == NULL) return NULL;
  net->geometry = geometry != NULL ? *geometry : standard;
  uint64_t end = aeiou_now() + (uint64_t) (milliseconds < 0 ? 0 : milliseconds) * 1000000u;
  if (aeiou_connect(net, place, &net->geometry, end) == 0 && aeiou_prepare(net, place) == 0) return net;
  int error = errno;
  if (why != NULL) memcpy(why, net->message, sizeof net->message);
  aeiou_free(net);
  errno = error;
  return NULL;
}

static inline struct aeiou *aeiou_attach_why(const char *place, const struct aeiou_geometry *geometry, char *why) {
  return aeiou_attach_within(place, geometry, 5000, why);
}

static inline struct aeiou *aeiou_attach(const char *place, const struct aeiou_geometry *geometry) {
  return aeiou_attach_why(place, geometry, NULL);
}

static inline void aeiou_begin_group(struct aeiou_group *group, struct aeiou *net, size_t bytes, size_t offset,
                                     aeiou_callback callback) {
  aeiou_check_use(net, "aeiou_begin");
  memset(group, 0, sizeof *group);
  group->net = net;
  group->number = ++net->groups;
  group->context_bytes = bytes;
  group->context_offset = offset;
  group->callback = callback;
}

/* ---- The value table ---- */

/* A path as the table has it. */
struct aeiou_key {
  const char *path;
  size_t length;
  uint32_t crc;
};

/* What a slot held, as a whole; the value is in the table, or a copy of it. */
struct aeiou_slot {
  size_t at;
  uint64_t sequence, fresh, usable, taken, changed;
  const unsigned char *value;
  uint32_t length, kind, mode, size;
};

static inline uint32_t aeiou_crc(const struct aeiou *net, uint32_t crc, const char *bytes, size_t length) {
  uint32_t sum = ~crc;
  for (; length >= 8; bytes += 8, length -= 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    word ^= sum;
    sum = net->crc[7][word & 0xFF] ^ net->crc[6][word >> 8 & 0xFF] ^ net->crc[5][word >> 16 & 0xFF] ^
          net->crc[4][word >> 24 & 0xFF] ^ net->crc[3][word >> 32 & 0xFF] ^ net->crc[2][word >> 40 & 0xFF] ^
          net->crc[1][word >> 48 & 0xFF] ^ net->crc[0][word >> 56];
  }
  if (length >= 4) {
    uint32_t word = aeiou_get32(bytes, 0) ^ sum;
    sum = net->crc[3][word & 0xFF] ^ net->crc[2][word >> 8 & 0xFF] ^ net->crc[1][word >> 16 & 0xFF] ^
          net->crc[0][word >> 24];
    bytes += 4, length -= 4;
  }
  for (; length > 0; bytes++, length--) sum = net->crc[0][(sum ^ (unsigned char) *bytes) & 0xFF] ^ (sum >> 8);
  return ~sum;
}

/* The high bit of each of eight bytes that is a slash. */
static inline uint64_t aeiou_slashes(const char *bytes) {
  const uint64_t low = UINT64_C(0x7F7F7F7F7F7F7F7F);
  uint64_t word;
  memcpy(&word, bytes, 8);
  word ^= UINT64_C(0x2F2F2F2F2F2F2F2F);
  return ~(((word & low) + low) | word | low);
}

/* Whether a path has a slash at its beginning or end, or two together. */
static inline int aeiou_is_misspelled(const char *path, size_t length) {
  if (length == 0) return 0;
  if (path[0] == '/' || path[length - 1] == '/') return 1;
  uint64_t before = 0, together = 0;
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t found = aeiou_slashes(path + at);
    together |= found & (found << 8 | before);
    before = found >> 56;
  }
  if (length >= 8) {
    uint64_t found = aeiou_slashes(path + length - 8); /* some of them once more: that is no harm */
    return (together | (found & found << 8)) != 0;
  }
  for (; at + 1 < length; at++) together |= path[at] == '/' && path[at + 1] == '/';
  return together != 0;
}

/* The one spelling of a path, as the table has it; NULL if it is too long for any attribute. */
static inline const char *aeiou_canonical(const char *path, char spelled[AEIOU_LONGEST_PATH + 1]) {
  size_t length = 0;
  for (const char *at = path; *at != '\0'; at++) {
    if (*at == '/' && (length == 0 || at[1] == '/' || at[1] == '\0')) continue;
    if (length == AEIOU_LONGEST_PATH) return NULL;
    spelled[length++] = *at;
  }
  spelled[length] = '\0';
  return spelled;
}

/*
 * Reads the rest of a slot that may be this path's; whether it is. Nothing of it counts before the sequence was read
 * again. The value of a listing stays where it is: that place is not written over for ten seconds after the slot has
 * become another one. Any other value is copied, if it is of a kind that is wanted.
 */
static inline int aeiou_read_slot(struct aeiou *net, const struct aeiou_key *key, uint32_t wanted,
                                  struct aeiou_slot *slot) {
  uint64_t head = aeiou_get(net->table, slot->at + 8), place = aeiou_get(net->table, slot->at + 48);
  if ((head & UINT64_C(0xFFFFFFFFFFFF)) != (key->crc | (uint64_t) key->length << 32)) return 0;
  uint64_t look = aeiou_get(net->table, slot->at + 56);
  slot->kind = (uint32_t) (head >> 48);
  slot->length = (uint32_t) place;
  slot->mode = (uint32_t) look;
  slot->size = (uint32_t) (look >> 32);
  int is_listing = slot->kind == AEIOU_SLOT_LISTING;
  uint64_t offset = (place >> 32) * 64, value_at = offset + key->length;
  if (is_listing) value_at = (value_at + 7) & ~UINT64_C(7); /* a multiple of 8 */
  if (slot->kind == 0 || slot->kind > AEIOU_SLOT_NAME ||
      slot->length > (is_listing ? AEIOU_LONGEST_LISTING : AEIOU_LONGEST_VALUE) ||
      value_at + slot->length > net->data_bytes || memcmp(net->table + net->data + offset, key->path, key->length) != 0)
    return 0;
  slot->value = net->table + net->data + value_at;
  slot->fresh = aeiou_get(net->table, slot->at + 16);
  slot->usable = aeiou_get(net->table, slot->at + 24);
  slot->taken = aeiou_get(net->table, slot->at + 32);
  slot->changed = aeiou_get(net->table, slot->at + 40);
  if ((wanted >> slot->kind & 1) == 0 || is_listing || slot->length == 0) return 1;
  char *value = aeiou_room_for(net, AEIOU_LONGEST_VALUE + 128); /* more for a description, see aeiou_age */
  if (value == NULL) return 0; /* the daemon is asked instead */
  memcpy(value, slot->value, slot->length);
  slot->value = (const unsigned char *) value;
  return 1;
}

/* Looks for a path's slot: no system call, no lock. Whether there is one. */
static inline int aeiou_find_slot(struct aeiou *net, const struct aeiou_key *key, uint32_t wanted,
                                  struct aeiou_slot *slot) {
  for (uint32_t i = 0; i < 64; i++) {
    slot->at = 4096 + (size_t) ((key->crc + i) & net->table_mask) * 64;
    for (int tries = 0; tries < 1000; tries++) {
      slot->sequence = aeiou_acquire(net->table, slot->at);
      if (slot->sequence == 0) return 0;
      if ((slot->sequence & 1) != 0) continue;
      int is_it = aeiou_read_slot(net, key, wanted, slot);
      /* Pairs with the writer's release fence: what was copied came before this reading of the sequence. */
      atomic_thread_fence(memory_order_acquire);
      if (aeiou_get(net->table, slot->at) != slot->sequence) continue;
      if (is_it) return 1;
      break;
    }
  }
  return 0;
}

/* A listing as the table has it. */
struct aeiou_listing {
  uint32_t count, buckets, name_bytes, mode;
  uint64_t taken, changed;
  const char *places, *table, *kinds, *names;
};

/* Whether it is a listing, all of which is within its bytes. */
static inline int aeiou_is_listing(struct aeiou_listing *listing, const void *value, uint32_t length) {
  const char *block = value;
  if (length < 32) return 0;
  listing->count = aeiou_get32(block, 0);
  listing->buckets = aeiou_get32(block, 4);
  listing->name_bytes = aeiou_get32(block, 8);
  listing->mode = aeiou_get32(block, 12);
  memcpy(&listing->taken, block + 16, 8);
  memcpy(&listing->changed, block + 24, 8);
  listing->places = block + 32;
  uint64_t table = 32 + 4 * (uint64_t) listing->count, kinds = table + 4 * (uint64_t) listing->buckets;
  uint64_t names = kinds + listing->count;
  if (names + listing->name_bytes > length || listing->buckets == 0 || (listing->buckets & (listing->buckets - 1)) != 0)
    return 0;
  listing->table = block + table;
  listing->kinds = block + kinds;
  listing->names = block + names;
  return 1;
}

/* Where the name of that number begins, and its length; NULL if that is nonsense. */
static inline const char *aeiou_name_at(const char *places, const char *names, const char *end, uint32_t count,
                                        uint32_t number, uint32_t *length) {
  uint32_t bytes = (uint32_t) (end - names), from = aeiou_get32(places, 4 * (size_t) number);
  uint32_t to = number + 1 < count ? aeiou_get32(places, 4 * (size_t) (number + 1)) : bytes;
  if (from >= to || to > bytes || names[to - 1] != '\0') return NULL;
  *length = to - from - 1;
  return names + from;
}

/* What a look into the table has found. */
struct aeiou_hit {
  struct aeiou_slot slot;
  int is_stale;
  uint64_t now;
  struct aeiou_key key; /* of the path that was asked for */
  uint64_t stat[AEIOU_STAT_BYTES / 8];
  char spelled[AEIOU_LONGEST_PATH + 1];
};

/* Whether there is a slot of a path that is not too old; of wanted kinds with a copy of its value. */
static inline int aeiou_find_usable(struct aeiou *net, const struct aeiou_key *key, uint32_t wanted,
                                    struct aeiou_hit *hit) {
  if (!aeiou_find_slot(net, key, wanted, &hit->slot)) return 0;
  hit->now = aeiou_now_beside(hit->slot.fresh, hit->slot.usable);
  hit->is_stale = hit->now > hit->slot.fresh;
  return hit->now < hit->slot.usable;
}

static inline void aeiou_set_outcome(struct aeiou_entry *entry, uint32_t kind, uint32_t reason, const void *value,
                                     size_t length) {
  entry->kind = kind;
  entry->reason = reason;
  entry->value = value;
  entry->length = (uint32_t) length;
}

/* Gives an entry a failure, of which there is no time. */
static inline void aeiou_set_failure(struct aeiou_entry *entry, uint32_t reason, const char *sentence) {
  aeiou_set_outcome(entry, AEIOU_FAILURE, reason, sentence, strlen(sentence));
  entry->taken_ms = entry->changed_ms = 0;
  entry->is_stale = 0;
}

static inline int aeiou_is_of(const struct aeiou_slot *slot, uint32_t type) {
  return (slot->mode & S_IFMT) == type;
}

/* Gives an entry the failure of an operation that is not for a thing of this kind; whether it is one. */
static inline int aeiou_answer_kind(uint32_t operation, const struct aeiou_slot *slot, struct aeiou_entry *entry) {
  if (slot->kind == AEIOU_SLOT_UNKNOWN_NAME) {
    aeiou_set_failure(entry, AEIOU_UNKNOWN_NAME, "");
    entry->value = (const char *) slot->value;
    entry->length = slot->length;
    return 1;
  }
  int is_name = slot->kind == AEIOU_SLOT_NAME, is_listing = slot->kind == AEIOU_SLOT_LISTING;
  if (operation == AEIOU_LIST && !is_listing && (!is_name || aeiou_is_of(slot, S_IFREG))) {
    aeiou_set_failure(entry, AEIOU_NOT_DIRECTORY, "is not a directory");
    return 1;
  }
  if (operation != AEIOU_LIST && (is_listing || (is_name && aeiou_is_of(slot, S_IFDIR)))) {
    aeiou_set_failure(entry, AEIOU_IS_DIRECTORY, "is a directory");
    return 1;
  }
  return 0;
}

/* Gives an entry what a slot holds. */
static inline void aeiou_answer_slot(const struct aeiou_hit *hit, struct aeiou_entry *entry) {
  const struct aeiou_slot *slot = &hit->slot;
  uint32_t kind = slot->kind == AEIOU_SLOT_ABSENT ? AEIOU_ABSENT : AEIOU_READING;
  aeiou_set_outcome(entry, kind, 0, slot->value, slot->length);
  entry->taken_ms = slot->taken;
  entry->changed_ms = slot->changed;
  entry->is_stale = hit->is_stale;
}

static inline int aeiou_find_reading(struct aeiou *net, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  if (!aeiou_find_usable(net, &hit->key, ~0u, hit)) return 0;
  if (hit->slot.kind > AEIOU_SLOT_ABSENT) return aeiou_answer_kind(AEIOU_READ, &hit->slot, entry);
  aeiou_answer_slot(hit, entry);
  return 1;
}

static inline int aeiou_find_listing(struct aeiou *net, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  if (!aeiou_find_usable(net, &hit->key, 1u << AEIOU_SLOT_UNKNOWN_NAME, hit)) return 0;
  if (hit->slot.kind != AEIOU_SLOT_LISTING) return aeiou_answer_kind(AEIOU_LIST, &hit->slot, entry);
  aeiou_answer_slot(hit, entry);
  entry->slot = (uint32_t) ((hit->slot.at - 4096) / 64);
  entry->version = hit->slot.sequence;
  return 1;
}

/* Copies a string with its NUL; where the next one goes. */
static inline char *aeiou_put(char *to, const char *string, size_t length) {
  memmove(to, string, length);
  to[length] = '\0';
  return to + length + 1;
}

/* Brings what a description says of its age up to now: it says how that was when it was published. */
static inline void aeiou_age(const struct aeiou_hit *hit, struct aeiou_entry *entry) {
  enum { AEIOU_ROOM = 128 }; /* by how much it can become longer, at the most */
  struct timespec clock;
  clock_gettime(CLOCK_REALTIME, &clock);
  uint64_t now = (uint64_t) clock.tv_sec * 1000 + (uint64_t) clock.tv_nsec / 1000000;
  uint64_t age = now > hit->slot.taken ? now - hit->slot.taken : 0;
  uint64_t left = hit->is_stale ? 0 : (hit->slot.fresh - hit->now) / 1000000;
  char *value = (char *) (uintptr_t) entry->value, *to = value;
  memmove(value + AEIOU_ROOM, value, entry->length);
  const char *at = value + AEIOU_ROOM, *end = at + entry->length;
  while (at < end) {
    size_t name_length = strnlen(at, (size_t) (end - at));
    const char *text = at + name_length + 1;
    size_t length = text < end ? strnlen(text, (size_t) (end - text)) : 0;
    if (text >= end || text + length >= end) break; /* not ended by a NUL */
    char changed[24] = "";
    if (strcmp(at, "age_ms") == 0) snprintf(changed, sizeof changed, "%llu", (unsigned long long) age);
    if (strcmp(at, "ttl_ms") == 0) snprintf(changed, sizeof changed, "%llu", (unsigned long long) left);
    if (strcmp(at, "state") == 0 && (strcmp(text, "fresh") == 0 || strcmp(text, "stale") == 0))
      snprintf(changed, sizeof changed, "%s", hit->is_stale ? "stale" : "fresh");
    const char *next = text + length + 1;
    to = aeiou_put(to, at, name_length);
    to = changed[0] != '\0' ? aeiou_put(to, changed, strlen(changed)) : aeiou_put(to, text, length);
    at = next;
  }
  entry->length = (uint32_t) (to - value);
}

/* A description is found where its path has a NUL behind it; what is no attribute, as for a read. */
static inline int aeiou_find_description(struct aeiou *net, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  struct aeiou_key *key = &hit->key;
  struct aeiou_key with_nul = {key->path, key->length + 1, aeiou_crc(net, key->crc, "", 1)};
  if (aeiou_find_usable(net, &with_nul, ~0u, hit) && hit->slot.kind <= AEIOU_SLOT_ABSENT) {
    aeiou_answer_slot(hit, entry);
    if (entry->length > 0) aeiou_age(hit, entry);
    return 1;
  }
  return aeiou_find_usable(net, key, 1u << AEIOU_SLOT_UNKNOWN_NAME, hit) &&
         aeiou_answer_kind(AEIOU_DESCRIBE, &hit->slot, entry);
}

/* Whether a listing has a name, of a file of which nothing was read. crc is that of its full path. */
static inline int aeiou_lists_unread(const struct aeiou_listing *listing, uint32_t crc, const char *name,
                                     size_t length) {
  for (uint32_t i = 0; i < listing->buckets; i++) {
    uint32_t number = aeiou_get32(listing->table, 4 * (size_t) ((crc + i) & (listing->buckets - 1)));
    if (number == 0 || number > listing->count) return 0;
    uint32_t found_length;
    const char *found = aeiou_name_at(listing->places, listing->names, listing->names + listing->name_bytes,
                                      listing->count, number - 1, &found_length);
    if (found == NULL) return 0;
    if (found_length == length && memcmp(found, name, length) == 0)
      /* This byte is written in place: the file's bit goes when it was read. */
      return (*(const volatile unsigned char *) (listing->kinds + number - 1) & 3) == 2;
  }
  return 0;
}

static inline void aeiou_answer_stat(struct aeiou *net, struct aeiou_hit *hit, struct aeiou_entry *entry, uint32_t mode,
                                     uint64_t size, uint64_t taken, uint64_t changed, uint64_t links) {
  uint64_t *stat = hit->stat;
  stat[AEIOU_STAT_MODE / 8] = mode;
  stat[AEIOU_STAT_UID / 8] = (uint32_t) net->owner;
  stat[AEIOU_STAT_GID / 8] = net->owner >> 32;
  stat[AEIOU_STAT_SIZE / 8] = size;
  stat[AEIOU_STAT_TAKEN / 8] = taken;
  stat[AEIOU_STAT_CHANGED / 8] = changed;
  stat[AEIOU_STAT_LINKS / 8] = links;
  stat[7] = 0;
  aeiou_set_outcome(entry, AEIOU_READING, 0, stat, AEIOU_STAT_BYTES);
  entry->taken_ms = taken;
  entry->changed_ms = changed;
  entry->is_stale = hit->is_stale;
}

/* What stat shows by the path's own slot. */
static inline int aeiou_find_own_stat(struct aeiou *net, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  struct aeiou_slot *slot = &hit->slot;
  if (!aeiou_find_usable(net, &hit->key, 1u << AEIOU_SLOT_UNKNOWN_NAME, hit)) return 0;
  if (slot->kind == AEIOU_SLOT_UNKNOWN_NAME) return aeiou_answer_kind(AEIOU_STAT, slot, entry);
  if (slot->mode == 0) return 0; /* a daemon of 1.2 */
  int is_directory = aeiou_is_of(slot, S_IFDIR);
  /* A listing and an absence were taken when they were found out: that is nothing of the file. */
  int is_own = slot->kind == AEIOU_SLOT_READING || slot->kind == AEIOU_SLOT_NAME;
  aeiou_answer_stat(net, hit, entry, slot->mode, is_directory ? 0 : slot->size, is_own ? slot->taken : slot->changed,
                    slot->changed, is_directory ? slot->size : 1);
  return 1;
}

/* What stat shows of a file of which nothing was read, by the listing of its directory. */
static inline int aeiou_find_listed_stat(struct aeiou *net, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  const struct aeiou_key *key = &hit->key;
  const char *slash = memrchr(key->path, '/', key->length), *name = slash != NULL ? slash + 1 : key->path;
  size_t above = slash != NULL ? (size_t) (slash - key->path) : 0, length = key->length - (size_t) (name - key->path);
  struct aeiou_key parent = {key->path, above, aeiou_crc(net, 0, key->path, above)};
  struct aeiou_listing listing;
  if (length == 0 || !aeiou_find_usable(net, &parent, 0, hit) || hit->slot.kind != AEIOU_SLOT_LISTING ||
      !aeiou_is_listing(&listing, hit->slot.value, hit->slot.length) ||
      !aeiou_lists_unread(&listing, key->crc, name, length))
    return 0;
  aeiou_answer_stat(net, hit, entry, listing.mode, 4096, listing.taken, listing.changed, 1);
  return 1;
}

/*
 * What stat shows. A file of which nothing was read has no slot with another answer, so that the order is only a matter
 * of speed: a program that walks along a directory finds its listing in the processor's cache, and each slot in none.
 */
static inline int aeiou_find_stat(struct aeiou *net, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  if (net->was_listed && aeiou_find_listed_stat(net, entry, hit)) return 1;
  net->was_listed = 0;
  if (aeiou_find_own_stat(net, entry, hit)) return 1;
  net->was_listed = aeiou_find_listed_stat(net, entry, hit);
  return net->was_listed;
}

/* Looks into the table for what a request would be told: no system call, no lock. Whether it is known. */
static inline int aeiou_find(struct aeiou *net, uint32_t operation, struct aeiou_entry *entry, struct aeiou_hit *hit) {
  const char *path = entry->path;
  if (path == NULL) return 0;
  size_t length = strlen(path);
  if (aeiou_is_misspelled(path, length)) {
    path = aeiou_canonical(path, hit->spelled);
    if (path == NULL) return 0;
    length = strlen(path);
  }
  hit->key = (struct aeiou_key){path, length, aeiou_crc(net, 0, path, length)};
  entry->id = (struct aeiou_id){0, 0};
  entry->version = 0;
  switch (operation) {
    case AEIOU_READ: return aeiou_find_reading(net, entry, hit);
    case AEIOU_LIST: return aeiou_find_listing(net, entry, hit);
    case AEIOU_STAT: return aeiou_find_stat(net, entry, hit);
    default: return aeiou_find_description(net, entry, hit);
  }
}

/* ---- Submitting ---- */

static inline void aeiou_ring(struct aeiou *net) {
  if (!net->is_unrung || net->is_lost || aeiou_is_gone(net)) return;
  net->is_unrung = 0;
  aeiou_release(net->out, 64, net->tail); /* publishes pages and ring, all at once; the daemon acquires it */
  /* Between publishing the tail and looking whether the daemon sleeps; pairs with the daemon's fence. */
  atomic_thread_fence(memory_order_seq_cst);
  if (aeiou_get(net->in, 320) == 0) return;
  if (send(net->socket, "\1", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN && errno != EINTR)
    net->is_lost = 1;
}

static inline unsigned char *aeiou_at(const struct aeiou *net, uint32_t page) {
  return net->out + net->pages_at + (size_t) page * net->page_bytes;
}

/* Where a page has the program's structure, behind a path of that length. */
static inline size_t aeiou_context_at(size_t path_length) { return (64 + path_length + 1 + 15) & ~(size_t) 15; }

/* Whether what was asked for in a page without a completion has its outcome: the number is what is written last. */
static inline int aeiou_is_silent_over(const struct aeiou *net, uint32_t page) {
  return aeiou_acquire(net->in, net->outcomes_at + (size_t) page * net->outcome_bytes) == net->use[page].number;
}

/* Takes back the pages whose requests have ended without a completion. */
static inline void aeiou_reclaim(struct aeiou *net) {
  uint32_t left = 0;
  for (uint32_t i = 0; i < net->silent_count; i++) {
    uint32_t page = net->silent[i];
    if (aeiou_is_silent_over(net, page)) {
      net->use[page].state = AEIOU_PAGE_FREE;
      net->free_pages[net->free_count++] = page;
    } else {
      net->silent[left++] = page;
    }
  }
  net->silent_count = left;
}

/* Whether there are so many pages. */
static inline int aeiou_has_pages(struct aeiou *net, uint32_t count) {
  if (net->free_count < count && !net->is_lost) aeiou_reclaim(net);
  return net->free_count >= count;
}

/* Fills a page but for the program's structure. target is that of a cancel, or the deadline of all else. */
static inline void aeiou_fill_page(struct aeiou *net, uint32_t page, uint32_t operation, uint32_t flags,
                                   const char *path, size_t length, uint64_t number, uint64_t target, uint64_t group) {
  unsigned char *place = aeiou_at(net, page);
  memcpy(place + 64, path, length);
  place[64 + length] = '\0';
  aeiou_set32(place, 0, operation);
  aeiou_set32(place, 4, net->minor >= 3 ? flags : flags & ~(uint32_t) AEIOU_BACKGROUND);
  aeiou_set(place, 8, page + UINT64_C(1));
  aeiou_set(place, 16, number);
  aeiou_set(place, 24, target);
  aeiou_set(place, 32, group);
  aeiou_set(place, 40, length);
  net->use[page].number = number;
  net->page_of[number & net->mask] = page;
}

/* The program's structure goes with the page; the daemon leaves it alone, and what is at 48. */
static inline void aeiou_fill_context(struct aeiou_group *group, uint32_t page, const void *context) {
  unsigned char *place = aeiou_at(group->net, page);
  memcpy(place + aeiou_context_at(aeiou_get(place, 40) & 0xFFFF), context, group->context_bytes);
  memcpy(place + 48, &group, sizeof group);
  group->net->use[page].state = AEIOU_PAGE_WAITS;
}

/* The step of a chain behind this one; UINT32_MAX if there is none. */
static inline uint32_t aeiou_step_behind(const struct aeiou *net, uint32_t page) {
  return aeiou_get32(aeiou_at(net, page), 44) - 1;
}

/* Keeps a request for the next daemon. */
static inline void aeiou_hold(struct aeiou *net, uint32_t page) {
  net->held[net->held_count++] = page;
  for (; page < net->pages; page = aeiou_step_behind(net, page))
    if (net->use[page].state == AEIOU_PAGE_WAITS) net->use[page].state = AEIOU_PAGE_HELD;
}

/* Puts a page into the ring. */
static inline void aeiou_enter(struct aeiou *net, uint32_t page) {
  if (net->is_abandoned) {
    aeiou_hold(net, page);
    return;
  }
  aeiou_set32(net->out, 4096 + 4 * (size_t) (net->tail & net->mask), page);
  net->tail++;
  net->is_unrung = 1;
}

/* Submits what no callback runs for, from a page that is free. */
static inline void aeiou_submit_silently(struct aeiou *net, uint32_t page, uint32_t operation, const char *path,
                                         size_t length, uint64_t target) {
  uint32_t flags = operation <= AEIOU_LIST || operation == AEIOU_DESCRIBE ? 4 | AEIOU_BACKGROUND : 4;
  aeiou_fill_page(net, page, operation, flags, path, length, ++net->numbers, target, 0);
  net->use[page].state = AEIOU_PAGE_SILENT;
  aeiou_enter(net, page);
}

/* The same from the program's pages, of which there must be one. */
static inline void aeiou_submit_behind(struct aeiou *net, uint32_t operation, const char *path, uint64_t target) {
  uint32_t page = net->free_pages[--net->free_count];
  aeiou_submit_silently(net, page, operation, path, strlen(path), target);
  net->silent[net->silent_count++] = page;
}

enum { AEIOU_CONDITIONS = AEIOU_STOP_ON_ERROR | AEIOU_STOP_ON_NONZERO | AEIOU_STOP_ON_ZERO };
enum {
  AEIOU_FLAGS = AEIOU_HIT_ONLY | AEIOU_FORCE_MISS | AEIOU_BACKGROUND,
  AEIOU_STEP_FLAGS = AEIOU_FLAGS | AEIOU_CONDITIONS | AEIOU_EACH | AEIOU_EACH_AS_GROUP | AEIOU_STOP_ON_ABSENT |
                     AEIOU_STOP_ON_READING | AEIOU_SKIP,
  AEIOU_FLAGS_OF_3 = AEIOU_EACH_AS_GROUP | AEIOU_STOP_ON_ABSENT | AEIOU_STOP_ON_READING | AEIOU_SKIP
};

/* Whether a request can be accepted; 0, or why not. */
static inline int aeiou_check(const struct aeiou_group *group, const struct aeiou_entry *entry, uint32_t flags,
                              uint32_t known, uint32_t pages) {
  struct aeiou *net = group->net;
  if (net == NULL || aeiou_is_gone(net)) return -ENOTCONN;
  if (group->has_left) return -ECANCELED;
  uint32_t views = AEIOU_HIT_ONLY | AEIOU_FORCE_MISS;
  if ((flags & ~known) != 0 || (flags & views) == views) return -EINVAL;
  if (net->minor < 3 && (entry->deadline != 0 || (flags & AEIOU_FLAGS_OF_3) != 0)) return -ENOTSUP;
  size_t length = entry->path != NULL ? strlen(entry->path) : 0;
  if (aeiou_context_at(length) + group->context_bytes > net->page_bytes) return -ENAMETOOLONG;
  return aeiou_has_pages(net, pages + net->kept_pages) ? 0 : -EAGAIN;
}

/* Counts a request that waits, and gives it its id. */
static inline void aeiou_accept(struct aeiou_group *group, struct aeiou_entry *entry) {
  entry->id = (struct aeiou_id){group->net->key, ++group->net->numbers};
  entry->group = group;
  entry->version = 0;
  group->progress.delayed++;
  group->progress.pending++;
}

/* Fills a free page with a request; returns the page. */
static inline uint32_t aeiou_fill(struct aeiou_group *group, uint32_t operation, uint32_t flags,
                                  struct aeiou_entry *entry) {
  struct aeiou *net = group->net;
  aeiou_accept(group, entry);
  uint32_t page = net->free_pages[--net->free_count];
  const char *path = entry->path != NULL ? entry->path : "";
  aeiou_fill_page(net, page, operation, flags, path, strlen(path), entry->id.number, entry->deadline, group->number);
  aeiou_set(aeiou_at(net, page), 56, entry->id.attachment);
  aeiou_fill_context(group, page, (char *) entry - group->context_offset);
  return page;
}

static inline int aeiou_submit(struct aeiou_group *group, uint32_t operation, struct aeiou_entry *entry) {
  int why_not = aeiou_check(group, entry, entry->flags, AEIOU_FLAGS, 1);
  if (why_not == 0 && operation == AEIOU_WATCH && entry->deadline != 0) why_not = -EINVAL;
  group->progress.submitted++;
  if (why_not != 0) {
    group->progress.refused++;
    return why_not;
  }
  aeiou_enter(group->net, aeiou_fill(group, operation, entry->flags, entry));
  return 1;
}

/* ---- Running callbacks ---- */

/* Runs a callback; the attachment is there until the outermost call that runs some has returned. */
static inline void aeiou_run(struct aeiou *net, struct aeiou_group *group, int is_delayed, struct aeiou_entry *entry) {
  if (entry->kind == AEIOU_FAILURE) {
    struct aeiou_progress *progress = &group->progress;
    if (progress->failed++ == 0) {
      progress->first_reason = entry->reason;
      snprintf(progress->first_error, sizeof progress->first_error, "%s%s%.*s", entry->path,
               entry->path[0] != '\0' ? ": " : "", (int) (entry->length < 200 ? entry->length : 200), entry->value);
    }
  }
  net->level++;
  group->callback(is_delayed, entry);
  net->level--;
#ifdef AEIOU_DEBUG
  entry->value = aeiou_is_over;
  entry->length = sizeof aeiou_is_over - 1;
#endif
}

/* Unmaps the connections that were lost while callbacks looked into them. */
static inline void aeiou_drop_old(struct aeiou *net) {
  while (net->old != NULL) {
    struct aeiou *old = net->old;
    net->old = old->old;
    aeiou_unmap(old);
    free(old);
  }
}

/* The end of a call that ran callbacks; whether one of them has detached, and this was the last to know. */
static inline int aeiou_leave_call(struct aeiou *net) {
  if (--net->calls > 0) return 0;
  if (net->old != NULL) aeiou_drop_old(net);
  if (!net->is_closed) return 0;
  aeiou_free(net);
  return 1;
}

/* A page to ask for what is stale; of few pages an idle one, if two more stay free. UINT32_MAX if there is none. */
static inline uint32_t aeiou_page_aside(struct aeiou *net) {
  if (net->aside_count == 0 && aeiou_has_pages(net, 3)) {
    uint32_t page = net->free_pages[--net->free_count];
    net->silent[net->silent_count++] = page;
    return page;
  }
  for (uint32_t i = 0; i < net->aside_count && i < 8; i++) {
    uint32_t page = net->aside_first + net->aside_next;
    net->aside_next = net->aside_next + 1 < net->aside_count ? net->aside_next + 1 : 0;
    if (net->use[page].state != AEIOU_PAGE_SILENT || aeiou_is_silent_over(net, page)) return page;
  }
  return UINT32_MAX;
}

/* The daemon is asked for what is stale, once, and once more if that takes longer than a second. */
static inline void aeiou_refresh(struct aeiou *net, uint32_t operation, const struct aeiou_hit *hit) {
  const struct aeiou_slot *slot = &hit->slot;
  struct aeiou_asked *asked = &net->asked[(slot->at / 64 + operation * 37) % AEIOU_ASKED];
  if (asked->at == slot->at && asked->operation == operation && asked->sequence == slot->sequence &&
      hit->now - asked->when < 1000000000u)
    return;
  if (net->is_lost || 64 + hit->key.length + 1 > net->page_bytes) return;
  uint32_t page = aeiou_page_aside(net);
  if (page == UINT32_MAX) return; /* the next hit asks again */
  aeiou_submit_silently(net, page, operation, hit->key.path, hit->key.length, 0);
  *asked = (struct aeiou_asked){slot->at, slot->sequence, hit->now, operation};
}

/* Counts an outcome that is known, and runs its callback inside the call. */
static inline int aeiou_tell_inside(struct aeiou_group *group, struct aeiou_entry *entry) {
  struct aeiou *net = group->net;
  group->progress.submitted++;
  group->progress.immediate++;
  net->calls++;
  aeiou_run(net, group, 0, entry);
  if (aeiou_leave_call(net)) group->net = NULL;
  return 0;
}

/* Answers inside the call what is known; otherwise the request has to wait. */
static inline int aeiou_ask(struct aeiou_group *group, uint32_t operation, struct aeiou_entry *entry,
                            const char *call) {
  struct aeiou *net = group->net;
  aeiou_check_use(net, call);
  aeiou_check_entry(net, entry, call);
  int may_hit = (entry->flags & ~(uint32_t) (AEIOU_HIT_ONLY | AEIOU_BACKGROUND)) == 0 && net != NULL &&
                !group->has_left && !aeiou_is_forked(net) && !net->is_closed;
  struct aeiou_hit hit;
  if (!may_hit || !aeiou_find(net, operation, entry, &hit)) return aeiou_submit(group, operation, entry);
  if (hit.is_stale) {
    group->progress.stale++;
    /* A hit asks the daemon nothing, so that this has to; but a stat never asks a system. */
    if (operation != AEIOU_STAT && (entry->flags & AEIOU_HIT_ONLY) == 0) aeiou_refresh(net, operation, &hit);
  }
  entry->group = group;
  return aeiou_tell_inside(group, entry);
}

/* ---- Asking ---- */

static inline int aeiou_read(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_ask(group, AEIOU_READ, entry, "aeiou_read");
}

static inline int aeiou_stat(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_ask(group, AEIOU_STAT, entry, "aeiou_stat");
}

static inline int aeiou_list(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_ask(group, AEIOU_LIST, entry, "aeiou_list");
}

static inline int aeiou_describe(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_ask(group, AEIOU_DESCRIBE, entry, "aeiou_describe");
}

static inline size_t aeiou_read_many(struct aeiou_group *group, struct aeiou_entry *first, size_t count, int *error) {
  *error = 0;
  for (size_t i = 0; i < count; i++) {
    int result = aeiou_read(group, (struct aeiou_entry *) (void *) ((char *) first + i * group->context_bytes));
    if (result < 0) {
      *error = -result;
      return i;
    }
  }
  return count;
}

static inline int aeiou_submit_checked(struct aeiou_group *group, uint32_t operation, struct aeiou_entry *entry,
                                       const char *call) {
  aeiou_check_use(group->net, call);
  aeiou_check_entry(group->net, entry, call);
  return aeiou_submit(group, operation, entry);
}

static inline int aeiou_read_group(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit_checked(group, AEIOU_READ_GROUP, entry, "aeiou_read_group");
}

static inline int aeiou_watch(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit_checked(group, AEIOU_WATCH, entry, "aeiou_watch");
}

/* Puts what is written behind the path that is there; returns how long both are. */
static inline size_t aeiou_put_text(char *place, size_t length, const char *text) {
  size_t bytes = strlen(text);
  if (place != NULL) {
    place[length] = '\0';
    memcpy(place + length + 1, text, bytes + 1);
  }
  return length + 1 + bytes;
}

/* The same of all texts. With place NULL it only counts. */
static inline size_t aeiou_put_texts(char *place, size_t length, const char *text, const struct aeiou_text *further,
                                     size_t count) {
  length = aeiou_put_text(place, length, text);
  for (size_t i = 0; i < count; i++) {
    length = aeiou_put_text(place, length, further[i].name);
    length = aeiou_put_text(place, length, further[i].text);
  }
  return length;
}

static inline int aeiou_write_with(struct aeiou_group *group, struct aeiou_entry *entry, const char *text,
                                   const struct aeiou_text *further, size_t count) {
  aeiou_check_use(group->net, "aeiou_write");
  struct aeiou *net = group->net;
  int why_not = aeiou_check(group, entry, entry->flags, AEIOU_BACKGROUND, 1);
  const char *path = entry->path != NULL ? entry->path : "";
  size_t length = aeiou_put_texts(NULL, strlen(path), text, further, count);
  if (why_not == 0 && net->minor < 4) why_not = -ENOTSUP;
  if (why_not == 0 && aeiou_context_at(length) + group->context_bytes > net->page_bytes) why_not = -ENAMETOOLONG;
  group->progress.submitted++;
  if (why_not != 0) {
    group->progress.refused++;
    return why_not;
  }
  uint32_t page = aeiou_fill(group, AEIOU_WRITE, entry->flags, entry);
  unsigned char *place = aeiou_at(net, page);
  aeiou_put_texts((char *) place + 64, strlen(path), text, further, count);
  aeiou_set(place, 40, length);
  /* Behind what is written now. */
  aeiou_fill_context(group, page, (char *) entry - group->context_offset);
  aeiou_enter(net, page);
  return 1;
}

static inline int aeiou_write(struct aeiou_group *group, struct aeiou_entry *entry, const char *text) {
  return aeiou_write_with(group, entry, text, NULL, 0);
}

static inline int aeiou_prefetch(struct aeiou *net, const char *path) {
  aeiou_check_use(net, "aeiou_prefetch");
  if (net->is_lost || aeiou_is_gone(net)) return -ENOTCONN;
  if (64 + strlen(path) + 1 > net->page_bytes) return -ENAMETOOLONG;
  if (net->silent_count >= net->silent_most) aeiou_reclaim(net);
  /* No completion tells when such a page is free again, so that some are left for other requests. */
  if (net->silent_count >= net->silent_most || !aeiou_has_pages(net, 1 + net->kept_pages)) return -EAGAIN;
  aeiou_submit_behind(net, AEIOU_READ, path, 0);
  return 1;
}

static inline int aeiou_chain(struct aeiou_group *group, const struct aeiou_step *steps, uint32_t count) {
  struct aeiou *net = group->net;
  aeiou_check_use(net, "aeiou_chain");
  uint32_t most = net != NULL ? net->aside_first - net->kept_pages : 0;
  int why_not = count == 0 || count > 16 || (net != NULL && count > most) ? -EINVAL : 0;
  for (uint32_t i = 0; why_not == 0 && i < count; i++)
    why_not = aeiou_check(group, steps[i].entry, steps[i].flags, AEIOU_STEP_FLAGS, count);
  group->progress.submitted += count;
  if (why_not != 0) {
    group->progress.refused += count;
    return why_not;
  }
  uint32_t first = 0, last = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t chained = i + 1 < count ? 8 : 0;
    uint32_t page = aeiou_fill(group, steps[i].operation, steps[i].flags | chained, steps[i].entry);
    if (i == 0) {
      first = page;
    } else {
      aeiou_set32(aeiou_at(net, last), 44, page + 1);
    }
    last = page;
  }
  aeiou_enter(net, first);
  return 1;
}

static inline void aeiou_end(struct aeiou_group *group) {
  aeiou_check_use(group->net, "aeiou_end");
  if (group->net != NULL) aeiou_ring(group->net);
}

static inline struct aeiou_progress aeiou_checkprogress(const struct aeiou_group *group) { return group->progress; }

/* ---- Withdrawing ---- */

static inline int aeiou_is_pending(unsigned state) {
  return state == AEIOU_PAGE_WAITS || state == AEIOU_PAGE_HELD || state == AEIOU_PAGE_LOST;
}

/* The page of a request that waits; UINT32_MAX if there is none. */
static inline uint32_t aeiou_page_of(const struct aeiou *net, struct aeiou_id id) {
  uint32_t hint = net->page_of[id.number & net->mask], from = hint, to = hint + 1;
  if (id.number == 0 || id.number > net->numbers) return UINT32_MAX;
  /* A later request with the same low bits may have taken its place. */
  if (net->use[hint].number != id.number && net->numbers - id.number > net->mask) from = 0, to = net->pages;
  for (uint32_t page = from; page < to; page++) {
    unsigned state = net->use[page].state;
    if (net->use[page].number == id.number && aeiou_is_pending(state))
      return aeiou_get(aeiou_at(net, page), 56) == id.attachment ? page : UINT32_MAX;
  }
  return UINT32_MAX;
}

/* Submits the cancels that wait, as far as there are pages. */
static inline void aeiou_send_queued(struct aeiou *net) {
  while (net->queued != NULL && !net->is_lost && !aeiou_is_gone(net) && aeiou_has_pages(net, 1)) {
    struct aeiou_queued *first = net->queued;
    net->queued = first->next;
    net->queued_count--;
    if (first->group == NULL) {
      aeiou_submit_behind(net, first->operation, "", first->target);
    } else {
      uint32_t page = net->free_pages[--net->free_count];
      aeiou_fill_page(net, page, first->operation, 0, "", 0, first->number, first->target, first->group->number);
      aeiou_set(aeiou_at(net, page), 56, first->attachment);
      aeiou_fill_context(first->group, page, first->context);
      aeiou_enter(net, page);
    }
    free(first);
  }
}

/* Withdraws a request, or all of a group: with a page of its own, or as soon as there is one. */
static inline int aeiou_withdraw(struct aeiou *net, struct aeiou_group *group, struct aeiou_entry *answer,
                                 uint32_t operation, uint64_t target) {
  size_t bytes = group != NULL ? group->context_bytes : 0;
  /* Each request is worth one cancel, so that this many are enough; a group that leaves is not held up. */
  if (group != NULL && net->queued_count >= net->pages + 1) return -EAGAIN;
  struct aeiou_queued *queued = malloc(sizeof *queued + bytes);
  if (queued == NULL) return -ENOMEM;
  *queued = (struct aeiou_queued){.group = group, .operation = operation, .target = target};
  if (group != NULL) {
    aeiou_accept(group, answer);
    queued->number = answer->id.number;
    queued->attachment = answer->id.attachment;
    memcpy(queued->context, (char *) answer - group->context_offset, bytes);
  }
  struct aeiou_queued **last = &net->queued;
  while (*last != NULL) last = &(*last)->next;
  *last = queued;
  net->queued_count++;
  aeiou_send_queued(net);
  return 1;
}

static inline int aeiou_check_withdrawal(struct aeiou_group *group) {
  if (group->net == NULL || aeiou_is_gone(group->net)) return -ENOTCONN;
  if (group->has_left) return -ECANCELED;
  return aeiou_context_at(0) + group->context_bytes > group->net->page_bytes ? -ENAMETOOLONG : 0;
}

static inline int aeiou_ask_to_withdraw(struct aeiou_group *group, struct aeiou_entry *answer, uint32_t operation,
                                        uint64_t target) {
  int why_not = aeiou_check_withdrawal(group);
  if (why_not == 0) why_not = aeiou_withdraw(group->net, group, answer, operation, target);
  group->progress.submitted++;
  if (why_not < 0) group->progress.refused++;
  return why_not;
}

static inline int aeiou_cancel(struct aeiou_group *group, struct aeiou_entry *answer, struct aeiou_id id) {
  struct aeiou *net = group->net;
  aeiou_check_use(net, "aeiou_cancel");
  int why_not = aeiou_check_withdrawal(group);
  /* The daemon knows the numbers of this connection only, and this program what goes from one to the next. */
  if (why_not != 0 || id.attachment == net->key || aeiou_page_of(net, id) != UINT32_MAX)
    return aeiou_ask_to_withdraw(group, answer, 6, id.number);
  answer->path = "";
  answer->group = group;
  answer->id = (struct aeiou_id){0, 0};
  answer->taken_ms = answer->changed_ms = 0;
  answer->is_stale = 0;
  aeiou_set_outcome(answer, AEIOU_CANCEL, AEIOU_UNKNOWN, "", 0);
  return aeiou_tell_inside(group, answer);
}

static inline int aeiou_cancel_group(struct aeiou_group *group, struct aeiou_entry *answer) {
  aeiou_check_use(group->net, "aeiou_cancel_group");
  return aeiou_ask_to_withdraw(group, answer, 7, group->number);
}

/* ---- Completions ---- */

/* The entry in the program's structure, in the page of a request; whose group that is. */
static inline struct aeiou_entry *aeiou_entry_of(struct aeiou *net, uint32_t page, struct aeiou_group **group) {
  unsigned char *place = aeiou_at(net, page);
  /* The structure in the page is this program's own: the daemon does not write there. */
  memcpy(group, place + 48, sizeof *group);
  size_t context = aeiou_context_at(aeiou_get(place, 40) & 0xFFFF);
  struct aeiou_entry *entry = (struct aeiou_entry *) (void *) (place + context + (*group)->context_offset);
  entry->path = (const char *) place + 64;
  return entry;
}

static inline void aeiou_give_back(struct aeiou *net, uint32_t page) {
  net->use[page].state = AEIOU_PAGE_FREE;
  net->free_pages[net->free_count++] = page;
  aeiou_send_queued(net);
}

/* Counts a delayed callback, and runs it. */
static inline void aeiou_tell(struct aeiou *net, struct aeiou_group *group, struct aeiou_entry *entry, int is_more) {
  if (!is_more) group->progress.pending--;
  group->told++;
  aeiou_run(net, group, 1, entry);
#ifdef AEIOU_DEBUG
  if (!is_more) entry->path = aeiou_is_over;
#endif
}

/* Ends a request here: its callback runs with that. */
static inline void aeiou_end_page(struct aeiou *net, uint32_t page, uint32_t reason, const char *sentence) {
  struct aeiou_group *group;
  struct aeiou_entry *entry = aeiou_entry_of(net, page, &group);
  net->use[page].told = ++net->told;
  aeiou_set_failure(entry, reason, sentence);
  aeiou_tell(net, group, entry, 0);
}

/* Ends the cancels that wait, of a group or of all. */
static inline void aeiou_end_queued(struct aeiou *net, const struct aeiou_group *of, uint32_t reason,
                                    const char *sentence) {
  struct aeiou_queued **at = &net->queued;
  while (*at != NULL) {
    struct aeiou_queued *queued = *at;
    if (of != NULL && queued->group != of) {
      at = &queued->next;
      continue;
    }
    *at = queued->next;
    net->queued_count--;
    if (queued->group != NULL) {
      void *context = queued->context + queued->group->context_offset;
      struct aeiou_entry *entry = context;
      entry->path = "";
      aeiou_set_failure(entry, reason, sentence);
      aeiou_tell(net, queued->group, entry, 0);
      at = &net->queued; /* the callback may have changed the list */
    }
    free(queued);
  }
}

/* Copies an outcome, and its value if that can change, or is in the arena and not held; whether it is whole. */
static inline int aeiou_outcome(struct aeiou *net, uint32_t page, int is_more, int is_held, struct aeiou_entry *entry,
                                int *goes_on) {
  size_t at = net->outcomes_at + (size_t) page * net->outcome_bytes;
  for (int tries = 0; tries < 1000; tries++) { /* a daemon that died while it wrote an outcome anew never ends */
    uint64_t number = aeiou_acquire(net->in, at), times = aeiou_get(net->in, at + 56);
    uint64_t kind = aeiou_get(net->in, at + 8), length_unit = aeiou_get(net->in, at + 48);
    entry->kind = (uint32_t) kind & 0xFFFF;
    entry->reason = (uint32_t) (kind >> 32);
    *goes_on = (kind >> 16 & 1) != 0;
    entry->taken_ms = aeiou_get(net->in, at + 16);
    entry->changed_ms = aeiou_get(net->in, at + 24);
    uint64_t fresh = aeiou_get(net->in, at + 32); /* 0 of a stat */
    entry->is_stale = entry->kind == AEIOU_READING && fresh != 0 && aeiou_now() > fresh;
    entry->length = (uint32_t) length_unit;
    uint64_t unit = length_unit >> 32;
    size_t value_at = unit != 0 ? net->arena_at + (size_t) (unit - 1) * 64 : at + 64;
    entry->value = (const char *) net->in + value_at;
    /* Lengths and places may be nonsense while it is written anew. */
    if (value_at > net->in_bytes || entry->length > net->in_bytes - value_at) continue;
    int is_copied = is_more || (unit != 0 && !is_held);
    char *copy = is_copied ? aeiou_room_for(net, entry->length + 1u) : NULL;
    if (copy != NULL) {
      memcpy(copy, entry->value, entry->length);
      entry->value = copy;
    }
    int has_no_memory = copy == NULL && is_copied;
    atomic_thread_fence(memory_order_acquire); /* pairs with the daemon's release of the number */
    if (number == 0 || aeiou_get(net->in, at) != number || aeiou_get(net->in, at + 56) != times) continue;
    if (has_no_memory) aeiou_set_failure(entry, AEIOU_OVERLOADED, "this program has no memory for the value");
    return 1;
  }
  return 0;
}

/* Nothing that was taken is needed any more in the arena, unless a callback that runs looks into it. */
static inline void aeiou_done(struct aeiou *net) {
  if (net->holding == 0) aeiou_release(net->out, 448, net->head);
}

/* Runs the callback of one completed page. */
static inline void aeiou_deliver(struct aeiou *net, uint32_t page, int is_more) {
  if (net->use[page].state == AEIOU_PAGE_LEFT) {
    aeiou_done(net);
    if (!is_more) aeiou_give_back(net, page);
    return;
  }
  if (net->use[page].state != AEIOU_PAGE_WAITS) return;
  struct aeiou_group *group;
  struct aeiou_entry *entry = aeiou_entry_of(net, page, &group);
  int goes_on = 0;
  int is_held = aeiou_get32(aeiou_at(net, page), 0) == AEIOU_READ_GROUP;
  int is_whole = aeiou_outcome(net, page, is_more, is_held, entry, &goes_on);
  if (!is_held) aeiou_done(net);
  if (is_more && !(is_whole && goes_on)) return; /* its end, which comes with a completion of its own */
  if (!is_whole) aeiou_set_failure(entry, AEIOU_BAD_ANSWER, "the daemon left its outcome half written");
  if (!is_more) net->use[page].state = AEIOU_PAGE_ENDS; /* and not used again until the callback has run */
  net->use[page].told = ++net->told;
  net->holding += is_held;
  aeiou_tell(net, group, entry, is_more);
  net->holding -= is_held;
  if (is_held && !aeiou_is_forked(net)) aeiou_done(net);
  if (!is_more) aeiou_give_back(net, page);
}

/* Runs the callbacks of what has come, on this thread; returns how many completions that were. */
static inline int aeiou_drain(struct aeiou *net) {
  int drained = 0;
  /* The tail anew each time: a callback may have drained, or detached, or forked. */
  for (; !aeiou_is_forked(net) && !net->is_closed && !net->is_abandoned && net->head != aeiou_acquire(net->in, 64);
       drained++) {
    uint64_t word = aeiou_get(net->in, 4096 + 16 * (size_t) (net->head & net->mask));
    net->head++;
    aeiou_release(net->out, 192, net->head);
    /* Between taking and reading; pairs with the daemon's fence when it writes a watch's outcome again. */
    atomic_thread_fence(memory_order_seq_cst);
    uint32_t page = (uint32_t) word;
    if (page < net->pages) aeiou_deliver(net, page, (word >> 48 & 1) != 0);
  }
  return drained;
}

/* ---- Ending ---- */

/* Takes back the bell, and looks whether the daemon is gone, and what it said. */
static inline void aeiou_hear(struct aeiou *net) {
  char rung[64];
  if (read(net->bell, rung, sizeof rung) == 0) net->is_lost = 1;
  unsigned char farewell[256];
  ssize_t length = recv(net->socket, farewell, sizeof farewell, MSG_DONTWAIT);
  if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) net->is_lost = 1;
  if (length >= 72 && memcmp(farewell, "aeiouWEL", 8) == 0) {
    net->is_lost = 1;
    uint32_t said = aeiou_get32(farewell, 68);
    if (said > (size_t) length - 72) said = (uint32_t) length - 72;
    snprintf(net->message, sizeof net->message, "the daemon ended this attachment: %.*s", (int) said,
             (const char *) farewell + 72);
  }
}

/* Nothing comes any more: whatever waits has its outcome now. */
static inline void aeiou_abandon(struct aeiou *net) {
  if (!net->is_closed) {
    aeiou_hear(net);
    aeiou_drain(net);
  }
  net->is_lost = 1;
  if (net->message[0] == '\0') snprintf(net->message, sizeof net->message, "the daemon is gone");
  for (uint32_t page = 0; page < net->pages; page++) {
    if (aeiou_is_pending(net->use[page].state)) {
      net->use[page].state = AEIOU_PAGE_ENDS;
      aeiou_end_page(net, page, AEIOU_STOPPED, net->message);
      net->use[page].state = AEIOU_PAGE_FREE;
    }
  }
  aeiou_end_queued(net, NULL, AEIOU_STOPPED, net->message);
}

static inline void aeiou_leave(struct aeiou_group *group) {
  struct aeiou *net = group->net;
  int is_over = group->has_left || group->progress.pending == 0 || net == NULL;
  group->has_left = 1;
  if (is_over || aeiou_is_forked(net)) return; /* also if it was detached: then nothing is pending */
  net->calls++;
  if (!aeiou_is_gone(net) && aeiou_withdraw(net, NULL, NULL, 7, group->number) > 0) aeiou_ring(net);
  for (uint32_t page = 0; page < net->pages && group->progress.pending > 0; page++) {
    struct aeiou_group *of = NULL;
    unsigned state = net->use[page].state;
    if (aeiou_is_pending(state)) memcpy(&of, aeiou_at(net, page) + 48, sizeof of);
    if (of != group) continue;
    /* One that is held is left, too: it is withdrawn when it has been sent. */
    net->use[page].state = state == AEIOU_PAGE_LOST ? AEIOU_PAGE_ENDS : AEIOU_PAGE_LEFT;
    aeiou_end_page(net, page, AEIOU_CANCELLED, "its group has left");
    if (state == AEIOU_PAGE_LOST) aeiou_give_back(net, page);
  }
  aeiou_end_queued(net, group, AEIOU_CANCELLED, "its group has left");
  if (aeiou_leave_call(net)) group->net = NULL;
}

static inline void aeiou_detach(struct aeiou *net) {
  AEIOU_FORBID(net != NULL && net->is_buried, "aeiou_detach: the attachment was detached before");
  if (net == NULL || net->is_closed) return;
  net->calls++;
  if (aeiou_is_forked(net)) {
    /* The parent's requests; its groups here lead nowhere from now on. */
    for (uint32_t page = 0; page < net->pages; page++) {
      struct aeiou_group *group;
      if (!aeiou_is_pending(net->use[page].state)) continue;
      (void) aeiou_entry_of(net, page, &group);
      group->net = NULL;
    }
    for (struct aeiou_queued *each = net->queued; each != NULL; each = each->next)
      if (each->group != NULL) each->group->net = NULL;
    net->is_closed = 1;
  } else {
    net->is_lost = 1;
    aeiou_drain(net);
    snprintf(net->message, sizeof net->message, "this attachment was closed");
    net->is_closed = 1;
    aeiou_abandon(net);
    aeiou_give_up(net);
  }
  aeiou_leave_call(net);
}

/* ---- Coming back ---- */

/* Attempts to attach again, which a thread makes until the program takes what they have come to, or closes its end. */
struct aeiou_attempts {
  int to;
  int pause; /* milliseconds before the next one */
  struct aeiou_geometry geometry;
  char place[];
};

/* Sleeps; whether the program has given up, which is told by the end of its socket. */
static inline int aeiou_rest(const struct aeiou_attempts *attempts, int also, int milliseconds) {
  struct pollfd fds[2] = {{attempts->to, 0, 0}, {also, POLLIN, 0}};
  return poll(fds, also < 0 ? 1 : 2, milliseconds) > 0 && fds[0].revents != 0;
}

static inline void aeiou_drop(struct aeiou *fresh) {
  aeiou_unmap(fresh);
  if (fresh->looking >= 0) close(fresh->looking);
  free(fresh);
}

static inline void *aeiou_attempt(void *given) {
  struct aeiou_attempts *attempts = given;
  int is_over = 0;
  while (!is_over && !aeiou_rest(attempts, -1, attempts->pause)) {
    struct aeiou *fresh = aeiou_new();
    if (fresh != NULL && aeiou_connect(fresh, attempts->place, &attempts->geometry, aeiou_in(5000)) == 0) {
      if (send(attempts->to, &fresh, sizeof fresh, MSG_NOSIGNAL) != (ssize_t) sizeof fresh) aeiou_drop(fresh);
      break;
    }
    /* At a mount that hangs: one thread hangs with it, and not another one with each attempt. */
    if (fresh != NULL && fresh->looking >= 0) is_over = aeiou_rest(attempts, fresh->looking, -1);
    if (fresh != NULL) aeiou_drop(fresh);
    attempts->pause = attempts->pause < 200 ? attempts->pause * 2 : 400; /* back within a second of the daemon */
  }
  close(attempts->to);
  free(attempts);
  return NULL;
}

/* Has the loop of the program woken by this, or no more. */
static inline void aeiou_wake_by(struct aeiou *net, int fd, int operation) {
  struct epoll_event event = {.events = EPOLLIN};
  epoll_ctl(net->events, operation, fd, &event);
}

static inline void aeiou_start_attempts(struct aeiou *net) {
  size_t length = strlen(net->place) + 1;
  struct aeiou_attempts *attempts = malloc(sizeof *attempts + length);
  int ends[2];
  if (attempts == NULL) return; /* the next wait tries again */
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    free(attempts);
    return;
  }
  /* What is lost soon may be lost because of what is asked of it: not again and again at once. */
  *attempts = (struct aeiou_attempts){ends[1], aeiou_now() - net->since < 2000000000u ? 400 : 50, net->geometry};
  memcpy(attempts->place, net->place, length);
  if (aeiou_start_thread(aeiou_attempt, attempts) != 0) {
    close(ends[0]);
    close(ends[1]);
    free(attempts);
    return;
  }
  net->attempt = ends[0];
  aeiou_wake_by(net, net->attempt, EPOLL_CTL_ADD);
}

static inline void aeiou_say(struct aeiou *net, int is_connected) {
  if (net->on_connection == NULL) return;
  net->level++;
  net->on_connection(net, is_connected, is_connected ? "" : net->message, net->connection_context);
  net->level--;
}

/*
 * Ends what the daemon that is gone had. What it had not taken yet waits for the next one, and so do watches. A
 * callback may do anything meanwhile, also wait until that is there.
 */
static inline void aeiou_lose(struct aeiou *net) {
  aeiou_hear(net);
  aeiou_drain(net);
  if (net->is_closed || net->is_abandoned || aeiou_is_forked(net)) return;
  if (net->message[0] == '\0') snprintf(net->message, sizeof net->message, "the daemon is gone");
  for (uint32_t page = 0; page < net->pages; page++)
    if (net->use[page].state == AEIOU_PAGE_WAITS && aeiou_get32(aeiou_at(net, page), 0) == AEIOU_WATCH)
      aeiou_hold(net, page);
  uint64_t taken = aeiou_get(net->in, 192);
  for (uint64_t at = net->tail - taken <= net->mask ? taken : net->tail; at != net->tail; at++) {
    uint32_t page = aeiou_get32(net->out, 4096 + 4 * (size_t) (at & net->mask));
    if (page < net->pages && net->use[page].state == AEIOU_PAGE_WAITS) aeiou_hold(net, page);
  }
  net->is_abandoned = 1;
  net->is_unrung = 0;
  net->silent_count = 0;
  for (uint32_t page = 0; page < net->pages; page++) {
    unsigned char *state = &net->use[page].state;
    if (*state == AEIOU_PAGE_WAITS) *state = AEIOU_PAGE_LOST;
    if (*state != AEIOU_PAGE_SILENT && *state != AEIOU_PAGE_LEFT) continue;
    *state = AEIOU_PAGE_FREE;
    if (page < net->aside_first) net->free_pages[net->free_count++] = page;
  }
  aeiou_wake_by(net, net->bell, EPOLL_CTL_DEL); /* at its end it is readable for ever */
  char why[sizeof net->message];
  memcpy(why, net->message, sizeof why);
  aeiou_say(net, 0);
  for (uint32_t page = 0; page < net->pages && !net->is_closed && !aeiou_is_forked(net); page++) {
    if (net->use[page].state != AEIOU_PAGE_LOST) continue;
    net->use[page].state = AEIOU_PAGE_ENDS;
    aeiou_end_page(net, page, AEIOU_STOPPED, why);
    if (!net->is_closed) aeiou_give_back(net, page);
  }
}

/* Goes on with another connection; the one that was lost is unmapped when no callback looks into it any more. */
static inline void aeiou_adopt(struct aeiou *net, struct aeiou *fresh) {
  if (fresh->pages != net->pages || fresh->page_bytes != net->page_bytes || fresh->pages_at != net->pages_at ||
      fresh->mask != net->mask) {
    aeiou_drop(fresh);
    return;
  }
  memcpy(aeiou_at(fresh, 0), aeiou_at(net, 0), (size_t) net->pages * net->page_bytes);
  /* What comes before the requests is the connection. */
  char lost[offsetof(struct aeiou, numbers)];
  memcpy(lost, net, sizeof lost);
  memcpy((void *) net, fresh, sizeof lost);
  memcpy((void *) fresh, lost, sizeof lost);
  fresh->old = net->old;
  net->old = fresh;
  memset(net->asked, 0, sizeof net->asked);
  net->message[0] = '\0';
  net->since = aeiou_now();
  aeiou_wake_by(net, net->bell, EPOLL_CTL_ADD);
  uint32_t count = net->held_count;
  net->held_count = 0;
  for (uint32_t i = 0; i < count; i++) {
    aeiou_enter(net, net->held[i]);
    for (uint32_t page = net->held[i]; page < net->pages; page = aeiou_step_behind(net, page))
      if (net->use[page].state == AEIOU_PAGE_HELD) net->use[page].state = AEIOU_PAGE_WAITS;
  }
  aeiou_send_queued(net);
  aeiou_ring(net);
  aeiou_say(net, 1);
}

/* Takes what the attempts have come to, if they have; never waits. */
static inline void aeiou_look_again(struct aeiou *net) {
  if (!net->is_abandoned || net->is_closed || aeiou_is_forked(net)) return;
  if (net->attempt < 0) {
    aeiou_start_attempts(net);
    return;
  }
  struct aeiou *fresh;
  ssize_t length = recv(net->attempt, &fresh, sizeof fresh, MSG_DONTWAIT);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  aeiou_wake_by(net, net->attempt, EPOLL_CTL_DEL);
  close(net->attempt);
  net->attempt = -1;
  if (length == (ssize_t) sizeof fresh) aeiou_adopt(net, fresh);
}

/* Lets the attempts go, and what they may have come to. */
static inline void aeiou_give_up(struct aeiou *net) {
  struct aeiou *fresh;
  if (net->attempt < 0) return;
  shutdown(net->attempt, SHUT_RDWR); /* nothing comes behind what is there */
  if (recv(net->attempt, &fresh, sizeof fresh, MSG_DONTWAIT) == (ssize_t) sizeof fresh) aeiou_drop(fresh);
}

static inline int aeiou_reconnect(struct aeiou *net, aeiou_on_connection on_connection, void *context) {
  aeiou_check_use(net, "aeiou_reconnect");
  if (aeiou_is_gone(net)) return -ENOTCONN;
  if (net->reconnects) return -EALREADY;
  net->events = epoll_create1(EPOLL_CLOEXEC);
  if (net->events < 0) return -errno;
  aeiou_wake_by(net, net->bell, EPOLL_CTL_ADD);
  net->reconnects = 1;
  net->on_connection = on_connection;
  net->connection_context = context;
  return 0;
}

static inline int aeiou_is_connected(struct aeiou *net) { return !aeiou_is_gone(net) && !net->is_lost; }

/* Whatever is to be done if the daemon is gone. */
static inline void aeiou_look_after(struct aeiou *net) {
  if (!net->is_lost || net->is_closed || aeiou_is_forked(net)) return;
  if (!net->reconnects) {
    aeiou_abandon(net);
    return;
  }
  if (!net->is_abandoned) aeiou_lose(net);
  aeiou_look_again(net);
}

/* ---- Waiting ---- */

static inline int aeiou_fd(const struct aeiou *net) { return net->reconnects ? net->events : net->bell; }

/* Asks for the bell; 0 if something has come already. */
static inline int aeiou_sleeps(struct aeiou *net) {
  if (aeiou_is_gone(net)) return 0;
  if (net->is_lost) return net->is_abandoned;
  aeiou_set(net->out, 320, net->head);
  atomic_thread_fence(memory_order_seq_cst); /* pairs with the daemon's fence between publishing and looking */
  return aeiou_acquire(net->in, 64) == net->head;
}

static inline int aeiou_dispatch(struct aeiou *net) {
  aeiou_check_wait(net, "aeiou_dispatch");
  if (aeiou_is_forked(net)) return -ENOTCONN;
  int drained = 0;
  net->calls++;
  do {
    if (!net->is_lost) aeiou_hear(net);
    aeiou_look_after(net);
    int more = aeiou_drain(net);
    aeiou_ring(net); /* what callbacks have submitted */
    drained += more;
  } while (!aeiou_is_gone(net) && !aeiou_sleeps(net));
  int is_gone = aeiou_is_gone(net);
  aeiou_leave_call(net);
  return is_gone ? -ENOTCONN : drained;
}

static inline void aeiou_interruptible(struct aeiou *net, int is_interruptible, const sigset_t *mask) {
  aeiou_check_use(net, "aeiou_interruptible");
  net->is_interruptible = is_interruptible;
  net->has_mask = mask != NULL;
  if (mask != NULL) net->sleeping_mask = *mask;
}

/* Sleeps for so long at the most, for ever if that is negative; it may also wake up for nothing. 0, or -EINTR. */
static inline int aeiou_sleep(struct aeiou *net, int milliseconds) {
  struct pollfd fds[2] = {{net->bell, POLLIN, 0}, {net->socket, POLLIN, 0}};
  if (net->is_abandoned) {
    fds[0].fd = net->attempt; /* of none there may be one again soon */
    fds[1].fd = -1;
    if (net->attempt < 0 && (milliseconds < 0 || milliseconds > 400)) milliseconds = 400;
  }
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  int ready = ppoll(fds, 2, milliseconds < 0 ? NULL : &time, net->has_mask ? &net->sleeping_mask : NULL);
  if (ready < 0) return errno == EINTR && net->is_interruptible ? -EINTR : 0;
  if (ready > 0 && !net->is_abandoned) aeiou_hear(net);
  return 0;
}

/* What is waited for: of a group, or some of these requests. */
struct aeiou_goal {
  struct aeiou_group *group;
  const struct aeiou_id *ids;
  size_t count, some, first; /* first: all before it have ended */
  uint64_t told;             /* by group, how many callbacks; by ids, how many had run when the wait began */
};

/* Whether a request has ended, or told of an event since the wait began. */
static inline int aeiou_has_told(const struct aeiou *net, const struct aeiou_goal *goal, struct aeiou_id id) {
  for (const struct aeiou_queued *each = net->queued; each != NULL; each = each->next)
    if (each->number == id.number && each->attachment == id.attachment) return 0;
  uint32_t page = aeiou_page_of(net, id);
  return page == UINT32_MAX || net->use[page].told > goal->told;
}

static inline int aeiou_is_reached(const struct aeiou *net, struct aeiou_goal *goal) {
  if (goal->group != NULL) return goal->group->progress.pending == 0 || goal->group->told >= goal->told;
  if (goal->some >= goal->count) {
    while (goal->first < goal->count && aeiou_has_told(net, goal, goal->ids[goal->first])) goal->first++;
    return goal->first == goal->count;
  }
  size_t ended = 0;
  for (size_t i = 0; i < goal->count && ended < goal->some; i++)
    ended += (size_t) aeiou_has_told(net, goal, goal->ids[i]);
  return ended >= goal->some;
}

static inline int aeiou_wait_until(struct aeiou *net, struct aeiou_goal *goal, int milliseconds) {
  uint64_t end = aeiou_now() + (uint64_t) (milliseconds < 0 ? 0 : milliseconds) * 1000000u;
  int result = 0;
  net->calls++;
  aeiou_ring(net);
  while (result == 0 && !aeiou_is_reached(net, goal)) {
    aeiou_look_after(net);
    if (aeiou_is_gone(net)) break;
    int drained = aeiou_drain(net);
    aeiou_ring(net); /* what callbacks have submitted */
    if (aeiou_is_gone(net) || aeiou_is_reached(net, goal)) break;
    int left = milliseconds < 0 ? -1 : aeiou_left(end);
    if (left == 0) {
      aeiou_sleep(net, 0); /* a program that never waits notices here that the daemon is gone */
      aeiou_look_after(net);
      result = -ETIMEDOUT;
    } else if (drained == 0 && aeiou_sleeps(net)) {
      result = aeiou_sleep(net, left);
    }
  }
  aeiou_look_after(net);
  return aeiou_is_gone(net) ? -ENOTCONN : result;
}

static inline int aeiou_wait_some(struct aeiou_group *group, uint64_t some, int milliseconds) {
  struct aeiou *net = group->net;
  aeiou_check_wait(net, "aeiou_wait");
  if (net == NULL || aeiou_is_forked(net)) return -ENOTCONN;
  uint64_t told = some > UINT64_MAX - group->told ? UINT64_MAX : group->told + some;
  struct aeiou_goal goal = {.group = group, .told = told};
  int result = aeiou_wait_until(net, &goal, milliseconds);
  if (aeiou_leave_call(net)) group->net = NULL;
  return result;
}

static inline int aeiou_wait(struct aeiou_group *group, int milliseconds) {
  return aeiou_wait_some(group, UINT64_MAX, milliseconds);
}

static inline int aeiou_wait_for(struct aeiou *net, const struct aeiou_id *ids, size_t count, size_t some,
                                 int milliseconds) {
  aeiou_check_wait(net, "aeiou_wait_for");
  if (aeiou_is_forked(net)) return -ENOTCONN;
  struct aeiou_goal goal = {.ids = ids, .count = count, .some = some, .told = net->told};
  int result = aeiou_wait_until(net, &goal, milliseconds);
  aeiou_leave_call(net);
  return result;
}

/* ---- Values ---- */

static inline uint64_t aeiou_stat_number(const struct aeiou_entry *entry, size_t at) {
  aeiou_check_value(entry, "aeiou_stat_number");
  if (entry->kind != AEIOU_READING || entry->length != AEIOU_STAT_BYTES) return 0;
  uint64_t number;
  memcpy(&number, entry->value + at, sizeof number);
  return number;
}

static inline int aeiou_names(struct aeiou_names *names, const struct aeiou_entry *entry) {
  aeiou_check_value(entry, "aeiou_names");
  memset(names, 0, sizeof *names);
  if (entry->kind != AEIOU_READING) return -EPROTO;
  if (entry->version == 0) { /* a value as the daemon sends it */
    names->names = entry->value;
    names->end = entry->value + entry->length;
    return 0;
  }
  struct aeiou_listing listing;
  if (!aeiou_is_listing(&listing, entry->value, entry->length)) return -EPROTO;
  names->entry = entry;
  names->count = listing.count;
  names->places = listing.places;
  names->kinds = listing.kinds;
  names->names = listing.names;
  names->end = listing.names + listing.name_bytes;
  names->since = aeiou_clock(CLOCK_MONOTONIC_COARSE);
  return 0;
}

/* Behind the last name: whether what was told can be trusted. */
static inline int aeiou_end_of_names(const struct aeiou_names *names) {
  const struct aeiou_entry *entry = names->entry;
  if (aeiou_clock(CLOCK_MONOTONIC_COARSE) - names->since < 5000000000u) return 0;
  const struct aeiou *net = entry->group->net;
  /* Pairs with the writer's release of the sequence; the names were read before it. */
  atomic_thread_fence(memory_order_acquire);
  return aeiou_get(net->table, 4096 + (size_t) entry->slot * 64) == entry->version ? 0 : -ESTALE;
}

static inline int aeiou_next_name(struct aeiou_names *names, struct aeiou_name *name) {
  if (names->entry == NULL) {
    if (names->names >= names->end) return 0;
    const char *nul = memchr(names->names, '\0', (size_t) (names->end - names->names));
    if (nul == NULL) return -EPROTO;
    name->name = names->names;
    name->length = (uint32_t) (nul - names->names);
    name->is_directory = name->length > 0 && nul[-1] == '/';
    name->length -= (uint32_t) name->is_directory;
    names->names = nul + 1;
    return 1;
  }
  if (names->next >= names->count) return aeiou_end_of_names(names);
  name->name = aeiou_name_at(names->places, names->names, names->end, names->count, names->next, &name->length);
  if (name->name == NULL) return -EPROTO;
  name->is_directory = *(const volatile unsigned char *) (names->kinds + names->next) & 1;
  names->next++;
  return 1;
}

static inline const char *aeiou_next_string(const struct aeiou_entry *entry, const char **at) {
  aeiou_check_value(entry, "aeiou_next_string");
  const char *string = *at != NULL ? *at : entry->value, *end = entry->value + entry->length;
  if (entry->kind != AEIOU_READING || string >= end) return NULL;
  const char *nul = memchr(string, '\0', (size_t) (end - string));
  if (nul == NULL) return NULL;
  *at = nul + 1;
  return string;
}

/* What was read, behind its mark; NULL if that could not be. */
static inline const char *aeiou_read_text(const char *text) {
  return text != NULL && text[0] == '=' ? text + 1 : NULL;
}

static inline int aeiou_next_change(const struct aeiou_entry *entry, const char **at, struct aeiou_change *change) {
  change->name = aeiou_next_string(entry, at);
  change->before = change->name != NULL ? aeiou_read_text(aeiou_next_string(entry, at)) : NULL;
  change->after = change->name != NULL ? aeiou_read_text(aeiou_next_string(entry, at)) : NULL;
  return change->name != NULL;
}

/* The string at *at, which goes on behind it; NULL if it has no end. */
static inline const char *aeiou_string(const char **at, const char *end, uint32_t *length) {
  const char *string = *at;
  const char *nul = string < end ? memchr(string, 0, (size_t) (end - string)) : NULL;
  if (nul == NULL) return NULL;
  if (length != NULL) *length = (uint32_t) (nul - string);
  *at = nul + 1;
  return string;
}

static inline int aeiou_values(struct aeiou_values *values, const struct aeiou_entry *entry) {
  aeiou_check_value(entry, "aeiou_values");
  memset(values, 0, sizeof *values);
  const char *value = entry->value;
  uint32_t name_bytes;
  if (entry->kind != AEIOU_READING || entry->length < 16) return -EPROTO;
  memcpy(&values->rows, value, 4);
  memcpy(&values->columns, value + 4, 4);
  memcpy(&values->form, value + 8, 4);
  memcpy(&name_bytes, value + 12, 4);
  values->count = (uint64_t) values->rows * values->columns;
  if (values->count > entry->length) return -EPROTO;
  uint64_t times = 16 + ((2 * values->count + 3) & ~(uint64_t) 3), names = times + 4 * values->count;
  if (names + name_bytes + values->count > entry->length) return -EPROTO;
  values->taken_ms = entry->taken_ms;
  values->kinds = value + 16;
  values->times = value + times;
  values->column_names = values->column_at = values->row_at = value + names;
  values->names_end = values->value_at = value + names + name_bytes;
  values->end = value + entry->length;
  for (uint32_t i = 0; i < values->columns; i++)
    if (aeiou_string(&values->row_at, values->names_end, NULL) == NULL) return -EPROTO;
  return 0;
}

static inline int aeiou_next(struct aeiou_values *values, struct aeiou_reading *reading) {
  if (values->next >= values->count) return 0;
  int is_first = values->next % values->columns == 0;
  if (is_first) {
    values->column_at = values->column_names;
    values->row = aeiou_string(&values->row_at, values->names_end, NULL);
  }
  reading->row = values->row;
  reading->column = aeiou_string(&values->column_at, values->names_end, NULL);
  reading->value = aeiou_string(&values->value_at, values->end, &reading->length);
  if (reading->row == NULL || reading->column == NULL || reading->value == NULL) return -EPROTO;
  uint32_t before;
  memcpy(&before, values->times + 4 * values->next, sizeof before);
  reading->kind = (unsigned char) values->kinds[2 * values->next];
  reading->reason = (unsigned char) values->kinds[2 * values->next + 1];
  reading->taken_ms = reading->kind == AEIOU_FAILURE ? 0 : values->taken_ms - before;
  values->next++;
  return 1;
}

#endif
