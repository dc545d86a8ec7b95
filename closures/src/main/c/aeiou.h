/*
 * aeiou.h - attach to the aeiou daemon from C. One header; GNU C11 (what cc speaks), Linux, little-endian. It is long
 * because a program gets all of it with one #include, and links with nothing but the C library.
 *
 * A program fills an entry with a path and reads it. What is cached runs the callback inside the call, with no system
 * call and nothing allocated; what is not runs it later, in aeiou_wait(). The entry, and the program's own structure
 * around it, may be used again as soon as the call returns: a request that has to wait has a copy in its context page.
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
 * AEIOU_CANCELLED, or with AEIOU_STOPPED when the daemon goes or the program detaches. A group must live until its
 * requests have run theirs: until aeiou_wait() has returned 0 or -ENOTCONN, or aeiou_leave() ends what is left. A group
 * that is declared as AEIOU_SCOPED leaves by itself at the end of its scope. A callback may ask, cancel, wait, leave
 * and detach.
 *
 * Threads and processes. One thread uses an attachment. After a fork the child's copy refuses everything with
 * -ENOTCONN, runs no callback, and leaves the parent's alone: attach again in the child.
 *
 * The layouts are those of closures/ABI.md, version 1.2. With a C library older than glibc 2.34 link with -pthread.
 */
#ifndef AEIOU_H
#define AEIOU_H

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
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#ifdef __cplusplus
#error "aeiou.h is written in C11"
#endif

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
  AEIOU_NAME_TOO_LONG
};

/* What a cancel is answered: the request ends as cancelled by it; it has had its outcome; there is no such request. */
enum { AEIOU_IS_CANCELLED = 1, AEIOU_TOO_LATE = 2, AEIOU_UNKNOWN = 3 };

/* Flags of a request: only what is cached, and the network is left alone; as it is now, whatever is cached. */
enum { AEIOU_HIT_ONLY = 1, AEIOU_FORCE_MISS = 2 };

struct aeiou;
struct aeiou_group;

/*
 * A request and its outcome. The program sets path and flags; the rest is there in the callback, and value and path
 * only as long as that runs.
 */
struct aeiou_entry {
  const char *path;          /* as below the mount point; slashes at its beginning or end mean nothing */
  uint32_t flags;
  uint32_t kind;             /* AEIOU_READING, … */
  uint32_t reason;           /* of a failure, why; of a cancel, its answer */
  uint32_t length;
  const char *value;         /* not ended by a NUL; of a failure, a sentence about it, without the path */
  uint64_t taken_ms;         /* when the reading was taken, since the epoch of time */
  uint64_t changed_ms;       /* when the value last changed */
  int is_stale;              /* whether it is past its TTL */
  uint64_t number;           /* of the request, for aeiou_cancel; 0 if it had its outcome inside the call */
  struct aeiou_group *group;
};

typedef void (*aeiou_callback)(int is_delayed, struct aeiou_entry *entry);

/* How much room an attachment has; all but the pages are multiples of 64. */
struct aeiou_geometry {
  uint32_t pages;         /* how many requests may be pending; of several, one is kept for cancels */
  uint32_t page_bytes;    /* 64, the path, and the program's structure */
  uint32_t outcome_bytes; /* 64, and the value */
  uint32_t arena_bytes;   /* for values that are longer */
};

/* How far a group is. submitted = immediate + delayed + refused. */
struct aeiou_progress {
  uint64_t submitted, immediate, delayed, pending, failed, stale, refused;
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

/* What a page is in use for. */
enum {
  AEIOU_PAGE_FREE,
  AEIOU_PAGE_WAITS,  /* its callback is to run */
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
  uint64_t number, target;
  _Alignas(16) unsigned char context[];
};

/* A stale reading that was asked for. */
struct aeiou_asked {
  size_t at;
  uint64_t sequence, when;
};

enum { AEIOU_ASKED = 1024, AEIOU_LONGEST_PATH = 1024, AEIOU_LONGEST_VALUE = 16384 };

struct aeiou {
  int socket, bell;
  uint64_t epoch, connection;
  uint32_t mask, pages, page_bytes, outcome_bytes, pages_at, outcomes_at, arena_at;
  size_t out_bytes, in_bytes, table_bytes;
  unsigned char *out;
  const unsigned char *in, *table;
  uint32_t table_mask;
  uint64_t data, data_bytes;
  uint64_t head, tail, numbers, groups;
  uint32_t *free_pages;
  uint32_t free_count, kept_pages; /* kept for cancels */
  uint32_t *silent;
  uint32_t silent_count, silent_most;
  unsigned char *busy; /* by page: AEIOU_PAGE_… */
  struct aeiou_queued *queued;
  uint32_t queued_count;
  volatile unsigned char *here; /* a page that is 0 in a child: see MADV_WIPEONFORK in madvise(2) */
  int gone, is_closed, is_unrung;
  int calls; /* how many calls of this attachment are running, one inside another */
  struct aeiou_buffer *values; /* by how many callbacks are running: where the next one's value is */
  int value_count, level;
  int held; /* how many callbacks are running that look into the arena */
  size_t found_at;
  uint64_t found_sequence;
  struct aeiou_asked asked[AEIOU_ASKED];
  uint32_t crc[256];
  char message[256];
};

#define aeiou_container_of(pointer, type, member) ((type *) (void *) ((char *) (pointer) - offsetof(type, member)))

/*
 * Begins a group. ktype is struct aeiou_entry; utype is the program's own structure, of which field is the entry, and
 * which comes back with it: copied for a request that has to wait, so that it may be used again at once.
 */
#define aeiou_begin(group, net, ktype, utype, field, callback)                                                         \
  aeiou_begin_group((group), (net), sizeof(utype), offsetof(utype, field),                                             \
                    ((void) sizeof(&((utype *) 0)->field == (ktype *) 0), (callback)))

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

static inline uint32_t aeiou_get32(const unsigned char *base, size_t at) {
  uint32_t value;
  memcpy(&value, base + at, sizeof value);
  return value;
}

static inline void aeiou_set32(unsigned char *base, size_t at, uint32_t value) {
  memcpy(base + at, &value, sizeof value);
}

static inline uint64_t aeiou_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now); /* in the vDSO: no system call */
  return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

/* Why aeiou_attach failed, or the attachment has ended. */
static inline const char *aeiou_message(const struct aeiou *net) { return net->message; }

static inline uint64_t aeiou_magic(const char *letters) {
  uint64_t magic;
  memcpy(&magic, letters, sizeof magic);
  return magic;
}

static inline int aeiou_is_forked(struct aeiou *net) {
  if (net->here == NULL || *net->here != 0) return 0;
  snprintf(net->message, sizeof net->message, "attached before a fork; attach again in this process");
  return 1;
}

/* Whether nothing can be asked any more. */
static inline int aeiou_is_gone(struct aeiou *net) { return aeiou_is_forked(net) || net->gone; }

static inline void aeiou_free(struct aeiou *net) {
  if (net->out != NULL) munmap(net->out, net->out_bytes);
  if (net->in != NULL) munmap((void *) (uintptr_t) net->in, net->in_bytes);
  if (net->table != NULL) munmap((void *) (uintptr_t) net->table, net->table_bytes);
  if (net->here != NULL) munmap((void *) (uintptr_t) net->here, 1);
  if (net->socket >= 0) close(net->socket);
  if (net->bell >= 0) close(net->bell);
  while (net->queued != NULL) {
    struct aeiou_queued *next = net->queued->next;
    free(net->queued);
    net->queued = next;
  }
  for (int i = 0; i < net->value_count; i++) free(net->values[i].bytes);
  free(net->values);
  free(net->free_pages);
  free(net->silent);
  free(net->busy);
  free(net);
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
    size_t size = bytes < AEIOU_LONGEST_VALUE ? AEIOU_LONGEST_VALUE : bytes;
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

/* How many milliseconds there are until then, for poll(2). */
static inline int aeiou_left(uint64_t end) {
  int64_t left = (int64_t) (end - aeiou_now());
  return left <= 0 ? 0 : (int) (left / 1000000 + 1);
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
  /* The program's signals are for its own threads. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  int error = pthread_create(&thread, NULL, aeiou_look, place);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error != 0) {
    close(ends[0]);
    close(ends[1]);
    free(place);
    return aeiou_fail(net, error, where);
  }
  pthread_detach(thread);
  struct pollfd readable = {ends[0], POLLIN, 0};
  int ready;
  do {
    ready = poll(&readable, 1, aeiou_left(end));
  } while (ready < 0 && errno == EINTR);
  struct aeiou_place found = {0};
  ssize_t length = ready > 0 ? recv(ends[0], &found, sizeof found, 0) : -1;
  close(ends[0]);
  if (length != (ssize_t) sizeof found) return aeiou_is_late(net, where);
  if (found.error != 0) return aeiou_fail(net, found.error, found.text);
  /* The path of a socket has room for 107 bytes. */
  size_t path_length = strlen(found.text);
  if (path_length >= bytes) return aeiou_fail(net, ENAMETOOLONG, found.text);
  memcpy(path, found.text, path_length + 1);
  return 0;
}

/* Takes what came with the welcome. */
static inline int aeiou_take(struct aeiou *net, const unsigned char *welcome, const int *fds) {
  memcpy(&net->epoch, welcome + 16, 8);
  memcpy(&net->connection, welcome + 24, 8);
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
  void *here = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (here == MAP_FAILED) return aeiou_fail(net, errno, "memory");
  net->here = here;
  *net->here = 1;
  if (madvise(here, 1, MADV_WIPEONFORK) != 0) return aeiou_fail(net, errno, "MADV_WIPEONFORK, of Linux 4.14");
  net->kept_pages = net->pages > 1 ? 1 : 0;
  net->silent_most = (net->pages - net->kept_pages) / 2;
  net->free_pages = malloc(net->pages * sizeof *net->free_pages);
  net->silent = malloc(net->pages * sizeof *net->silent);
  net->busy = calloc(net->pages, 1);
  if (net->free_pages == NULL || net->silent == NULL || net->busy == NULL || aeiou_room_for(net, 1) == NULL)
    return aeiou_fail(net, ENOMEM, "pages");
  for (uint32_t i = 0; i < net->pages; i++) net->free_pages[i] = net->pages - 1 - i;
  net->free_count = net->pages;
  return 0;
}

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
  aeiou_set32(hello, 8, 2);
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

static inline void aeiou_fill_crc(struct aeiou *net) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i; /* CRC-32 as in ISO 3309 and zlib */
    for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
    net->crc[i] = crc;
  }
}

/*
 * Attaches to a mounted network, or at the daemon's socket, in so many milliseconds. geometry may be NULL. Returns NULL
 * with errno (ETIMEDOUT if it took longer), and a sentence about it in *why if that is not NULL (256 bytes).
 */
static inline struct aeiou *aeiou_attach_within(const char *place, const struct aeiou_geometry *geometry,
                                                int milliseconds, char *why) {
  static const struct aeiou_geometry standard = {4096, 512, 512, 1 << 20};
  struct aeiou *net = calloc(1, sizeof *net);
  if (net == NULL) return NULL;
  net->socket = net->bell = -1;
  aeiou_fill_crc(net);
  uint64_t end = aeiou_now() + (uint64_t) (milliseconds < 0 ? 0 : milliseconds) * 1000000u;
  if (aeiou_connect(net, place, geometry != NULL ? geometry : &standard, end) == 0) return net;
  int error = errno;
  if (why != NULL) memcpy(why, net->message, sizeof net->message);
  aeiou_free(net);
  errno = error;
  return NULL;
}

/* As aeiou_attach_within, in five seconds. */
static inline struct aeiou *aeiou_attach_why(const char *place, const struct aeiou_geometry *geometry, char *why) {
  return aeiou_attach_within(place, geometry, 5000, why);
}

static inline struct aeiou *aeiou_attach(const char *place, const struct aeiou_geometry *geometry) {
  return aeiou_attach_why(place, geometry, NULL);
}

static inline void aeiou_begin_group(struct aeiou_group *group, struct aeiou *net, size_t bytes, size_t offset,
                                     aeiou_callback callback) {
  memset(group, 0, sizeof *group);
  group->net = net;
  group->number = ++net->groups;
  group->context_bytes = bytes;
  group->context_offset = offset;
  group->callback = callback;
}

/* Copies what a slot of the table holds; whether it is this path's. Torn copies are told by the sequence. */
static inline int aeiou_copy(struct aeiou *net, size_t at, uint32_t crc, const char *path, size_t length,
                             struct aeiou_entry *entry, uint64_t *fresh, uint64_t *usable) {
  uint64_t head = aeiou_get(net->table, at + 8);
  if (head != (crc | (uint64_t) length << 32 | (uint64_t) AEIOU_READING << 48)) return 0;
  uint64_t place = aeiou_get(net->table, at + 48);
  uint64_t bytes = place & 0xFFFFFFFFu, offset = (place >> 32) * 64;
  if (bytes > AEIOU_LONGEST_VALUE || offset + length + bytes > net->data_bytes) return 0;
  const unsigned char *from = net->table + net->data + offset;
  if (memcmp(from, path, length) != 0) return 0;
  char *value = aeiou_room_for(net, AEIOU_LONGEST_VALUE);
  if (value == NULL) return 0; /* it is read in the daemon instead */
  memcpy(value, from + length, bytes);
  entry->value = value;
  entry->length = (uint32_t) bytes;
  *fresh = aeiou_get(net->table, at + 16);
  *usable = aeiou_get(net->table, at + 24);
  entry->taken_ms = aeiou_get(net->table, at + 32);
  entry->changed_ms = aeiou_get(net->table, at + 40);
  return 1;
}

/* The CRC and the length of a path; 0 if it has a slash at its beginning or end, or two together. */
static inline int aeiou_hash(const struct aeiou *net, const char *path, uint32_t *crc, size_t *length) {
  uint32_t sum = ~0u;
  char before = '/';
  const char *at = path;
  for (; *at != '\0'; at++) {
    if (*at == '/' && before == '/') return 0;
    before = *at;
    sum = net->crc[(sum ^ (unsigned char) before) & 0xFF] ^ (sum >> 8);
  }
  *crc = ~sum;
  *length = (size_t) (at - path);
  return before != '/' || at == path;
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

/* Looks a path up in the value table: no system call, no lock. Whether there is a usable reading. */
static inline int aeiou_find(struct aeiou *net, struct aeiou_entry *entry) {
  const char *path = entry->path;
  char spelled[AEIOU_LONGEST_PATH + 1];
  uint32_t crc;
  size_t length;
  if (path == NULL) return 0;
  if (!aeiou_hash(net, path, &crc, &length)) {
    path = aeiou_canonical(path, spelled);
    if (path == NULL || !aeiou_hash(net, path, &crc, &length)) return 0;
  }
  for (uint32_t i = 0; i < 64; i++) {
    size_t at = 4096 + (size_t) ((crc + i) & net->table_mask) * 64;
    for (int tries = 0; tries < 1000; tries++) {
      uint64_t fresh = 0, usable = 0;
      uint64_t sequence = aeiou_acquire(net->table, at);
      if (sequence == 0) return 0;
      if ((sequence & 1) != 0) continue;
      int is_it = aeiou_copy(net, at, crc, path, length, entry, &fresh, &usable);
      /* Pairs with the writer's release fence: what was copied came before this reading of the sequence. */
      atomic_thread_fence(memory_order_acquire);
      if (aeiou_get(net->table, at) != sequence) continue;
      if (!is_it) break;
      uint64_t now = aeiou_now();
      entry->kind = AEIOU_READING;
      entry->reason = 0;
      entry->is_stale = now > fresh;
      entry->number = 0;
      net->found_at = at;
      net->found_sequence = sequence;
      return now < usable;
    }
  }
  return 0;
}

/* Hands over what was submitted, and wakes the daemon if it sleeps. */
static inline void aeiou_ring(struct aeiou *net) {
  if (!net->is_unrung || aeiou_is_gone(net)) return;
  net->is_unrung = 0;
  aeiou_release(net->out, 64, net->tail); /* publishes pages and ring, all at once; the daemon acquires it */
  /* Between publishing the tail and looking whether the daemon sleeps; pairs with the daemon's fence. */
  atomic_thread_fence(memory_order_seq_cst);
  if (aeiou_get(net->in, 320) != 0) {
    if (send(net->socket, "\1", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN && errno != EINTR) net->gone = 1;
  }
}

static inline unsigned char *aeiou_at(const struct aeiou *net, uint32_t page) {
  return net->out + net->pages_at + (size_t) page * net->page_bytes;
}

/* Where a page has the program's structure, behind a path of that length. */
static inline size_t aeiou_context_at(size_t path_length) { return (64 + path_length + 1 + 15) & ~(size_t) 15; }

/* Takes back the pages whose requests have ended without a completion. */
static inline void aeiou_reclaim(struct aeiou *net) {
  uint32_t left = 0;
  for (uint32_t i = 0; i < net->silent_count; i++) {
    uint32_t page = net->silent[i];
    uint64_t number = aeiou_acquire(net->in, net->outcomes_at + (size_t) page * net->outcome_bytes);
    /* That is what the daemon writes last. */
    if (number == aeiou_get(aeiou_at(net, page), 16)) {
      net->busy[page] = AEIOU_PAGE_FREE;
      net->free_pages[net->free_count++] = page;
    } else {
      net->silent[left++] = page;
    }
  }
  net->silent_count = left;
}

/* Whether there are so many pages. */
static inline int aeiou_has_pages(struct aeiou *net, uint32_t count) {
  if (net->free_count < count) aeiou_reclaim(net);
  return net->free_count >= count;
}

/* Takes a page, which must be free, and fills it but for the program's structure. */
static inline uint32_t aeiou_fill_page(struct aeiou *net, uint32_t operation, uint32_t flags, const char *path,
                                       uint64_t number, uint64_t target, uint64_t group) {
  uint32_t page = net->free_pages[--net->free_count];
  unsigned char *place = aeiou_at(net, page);
  size_t length = strlen(path);
  memcpy(place + 64, path, length + 1);
  aeiou_set32(place, 0, operation);
  aeiou_set32(place, 4, flags);
  aeiou_set(place, 8, page + 1);
  aeiou_set(place, 16, number);
  aeiou_set(place, 24, target);
  aeiou_set(place, 32, group);
  aeiou_set(place, 40, length);
  return page;
}

/* The program's structure goes with the page; the daemon leaves it alone. */
static inline void aeiou_fill_context(struct aeiou_group *group, uint32_t page, const void *context) {
  unsigned char *place = aeiou_at(group->net, page);
  memcpy(place + aeiou_context_at(aeiou_get(place, 40) & 0xFFFF), context, group->context_bytes);
  memcpy(place + 48, &group, sizeof group);
  group->net->busy[page] = AEIOU_PAGE_WAITS;
}

/* Puts a page into the ring. */
static inline void aeiou_enter(struct aeiou *net, uint32_t page) {
  aeiou_set32(net->out, 4096 + 4 * (size_t) (net->tail & net->mask), page);
  net->tail++;
  net->is_unrung = 1;
}

/* Submits what no callback runs for; there must be a page. */
static inline void aeiou_submit_silently(struct aeiou *net, uint32_t operation, const char *path, uint64_t target) {
  uint32_t page = aeiou_fill_page(net, operation, 4, path, ++net->numbers, target, 0);
  net->busy[page] = AEIOU_PAGE_SILENT;
  net->silent[net->silent_count++] = page;
  aeiou_enter(net, page);
}

/* Whether a request can be accepted; 0, or why not. */
static inline int aeiou_check(const struct aeiou_group *group, const struct aeiou_entry *entry, uint32_t flags,
                              uint32_t known, uint32_t pages) {
  if (group->net == NULL || aeiou_is_gone(group->net)) return -ENOTCONN;
  if (group->has_left) return -ECANCELED;
  uint32_t views = AEIOU_HIT_ONLY | AEIOU_FORCE_MISS;
  if ((flags & ~known) != 0 || (flags & views) == views) return -EINVAL;
  size_t length = entry->path != NULL ? strlen(entry->path) : 0;
  if (aeiou_context_at(length) + group->context_bytes > group->net->page_bytes) return -ENAMETOOLONG;
  return aeiou_has_pages(group->net, pages + group->net->kept_pages) ? 0 : -EAGAIN;
}

/* Counts a request that waits, and gives it its number. */
static inline void aeiou_accept(struct aeiou_group *group, struct aeiou_entry *entry) {
  entry->number = ++group->net->numbers;
  entry->group = group;
  group->progress.delayed++;
  group->progress.pending++;
}

/* Fills a free page with a request; returns the page. */
static inline uint32_t aeiou_fill(struct aeiou_group *group, uint32_t operation, uint32_t flags,
                                  struct aeiou_entry *entry) {
  aeiou_accept(group, entry);
  const char *path = entry->path != NULL ? entry->path : "";
  uint32_t page = aeiou_fill_page(group->net, operation, flags, path, entry->number, 0, group->number);
  aeiou_fill_context(group, page, (char *) entry - group->context_offset);
  return page;
}

static inline int aeiou_submit(struct aeiou_group *group, uint32_t operation, struct aeiou_entry *entry) {
  int why_not = aeiou_check(group, entry, entry->flags, AEIOU_HIT_ONLY | AEIOU_FORCE_MISS, 1);
  group->progress.submitted++;
  if (why_not != 0) {
    group->progress.refused++;
    return why_not;
  }
  aeiou_enter(group->net, aeiou_fill(group, operation, entry->flags, entry));
  return 1;
}

/* A step of a chain. */
struct aeiou_step {
  uint32_t operation; /* AEIOU_READ, AEIOU_STAT or AEIOU_LIST */
  uint32_t flags;     /* AEIOU_STOP_ON_ERROR, … */
  struct aeiou_entry *entry;
};

enum { AEIOU_READ = 1, AEIOU_STAT = 2, AEIOU_LIST = 3 };

/* AEIOU_EACH, of a read behind a listing: once for each name, for {} in the path; values as name, NUL, value, NUL. */
enum { AEIOU_STOP_ON_ERROR = 16, AEIOU_STOP_ON_NONZERO = 32, AEIOU_STOP_ON_ZERO = 64, AEIOU_EACH = 128 };

/*
 * Asks for one thing after another, in the daemon; at most 16 steps. {} in a path is the value of the step before. Each
 * step has a callback of its own; those behind a step that ends the chain are cancelled. Returns 1, or why it was not
 * accepted: -EINVAL (also if there can never be so many pages), -EAGAIN, -ENAMETOOLONG, -ENOTCONN.
 */
static inline int aeiou_chain(struct aeiou_group *group, const struct aeiou_step *steps, uint32_t count) {
  struct aeiou *net = group->net;
  uint32_t stops = AEIOU_STOP_ON_ERROR | AEIOU_STOP_ON_NONZERO | AEIOU_STOP_ON_ZERO;
  uint32_t known = AEIOU_HIT_ONLY | AEIOU_FORCE_MISS | stops | AEIOU_EACH;
  int why_not = count == 0 || count > 16 || (net != NULL && count + net->kept_pages > net->pages) ? -EINVAL : 0;
  for (uint32_t i = 0; why_not == 0 && i < count; i++)
    why_not = aeiou_check(group, steps[i].entry, steps[i].flags, known, count);
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

/*
 * Asks for an attribute so that it is cached; no callback runs. It is sent off with the next aeiou_end or aeiou_wait.
 * Returns 1, -EAGAIN (half of the pages are in use for this already), -ENAMETOOLONG or -ENOTCONN.
 */
static inline int aeiou_prefetch(struct aeiou *net, const char *path) {
  if (aeiou_is_gone(net)) return -ENOTCONN;
  if (64 + strlen(path) + 1 > net->page_bytes) return -ENAMETOOLONG;
  if (net->silent_count >= net->silent_most) aeiou_reclaim(net);
  /* No completion tells when such a page is free again, so that some are left for other requests. */
  if (net->silent_count >= net->silent_most || !aeiou_has_pages(net, 1 + net->kept_pages)) return -EAGAIN;
  aeiou_submit_silently(net, AEIOU_READ, path, 0);
  return 1;
}

/* A stale reading was found: the daemon is asked for it, once, and once more if that takes longer than a second. */
static inline void aeiou_refresh(struct aeiou *net, const char *path) {
  struct aeiou_asked *asked = &net->asked[net->found_at / 64 % AEIOU_ASKED];
  uint64_t now = aeiou_now();
  if (asked->at == net->found_at && asked->sequence == net->found_sequence && now - asked->when < 1000000000u) return;
  *asked = (struct aeiou_asked){net->found_at, net->found_sequence, now};
  aeiou_prefetch(net, path);
}

/* Runs a callback; the attachment is there until the outermost call that runs some has returned. */
static inline void aeiou_run(struct aeiou *net, struct aeiou_group *group, int is_delayed, struct aeiou_entry *entry) {
  net->level++;
  group->callback(is_delayed, entry);
  net->level--;
}

/* The end of a call that ran callbacks; whether one of them has detached, and this was the last to know. */
static inline int aeiou_leave_call(struct aeiou *net) {
  if (--net->calls > 0 || !net->is_closed) return 0;
  aeiou_free(net);
  return 1;
}

/*
 * Reads an attribute. Returns 0 if the callback has run inside this call; 1 if it will run later; or -EAGAIN (all
 * pages are in use), -ENAMETOOLONG (path and structure do not fit a page), -EINVAL (flags that are not known, or
 * contradict each other), -ENOTCONN (the daemon is gone), -ECANCELED (the group has left), and then it never runs.
 */
static inline int aeiou_read(struct aeiou_group *group, struct aeiou_entry *entry) {
  struct aeiou *net = group->net;
  int may_hit = (entry->flags & ~(uint32_t) AEIOU_HIT_ONLY) == 0 && net != NULL && !aeiou_is_forked(net);
  if (may_hit && aeiou_find(net, entry)) {
    entry->group = group;
    group->progress.submitted++;
    group->progress.immediate++;
    if (entry->is_stale) {
      group->progress.stale++;
      if (entry->flags == 0) aeiou_refresh(net, entry->path); /* a hit asks the daemon nothing, so that this has to */
    }
    net->calls++;
    aeiou_run(net, group, 0, entry);
    if (aeiou_leave_call(net)) group->net = NULL;
    return 0;
  }
  return aeiou_submit(group, AEIOU_READ, entry);
}

/*
 * Reads an array of the program's structures, the first of which has this entry. Returns how many were accepted; if
 * that is less than count, *error is why the next one was not.
 */
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

/* A request's name for as long as its daemon runs, in two halves. */
struct aeiou_id {
  uint64_t connection, number;
};

static inline struct aeiou_id aeiou_id(const struct aeiou_entry *entry) {
  struct aeiou_id id = {entry->group->net->connection, entry->number};
  return id;
}

/* What stat shows, which fetches nothing; see aeiou_stat_number. Always delayed. */
static inline int aeiou_stat(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, AEIOU_STAT, entry);
}

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
static inline uint64_t aeiou_stat_number(const struct aeiou_entry *entry, size_t at) {
  if (entry->kind != AEIOU_READING || entry->length != AEIOU_STAT_BYTES) return 0;
  uint64_t number;
  memcpy(&number, entry->value + at, sizeof number);
  return number;
}

/* The names in a directory, each with a NUL behind it; directories have a slash before that. Always delayed. */
static inline int aeiou_list(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, AEIOU_LIST, entry);
}

/*
 * What is known of an attribute: pairs of name and value with a NUL behind each, as in closures/ABI.md; the value first.
 * Otherwise as aeiou_read; always delayed.
 */
static inline int aeiou_describe(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 8, entry);
}

enum { AEIOU_READ_GROUP = 9 };

/*
 * Reads many attributes as one request: core1/system, a row, or a table as core1/interfaces; a column of all rows as
 * core1/interfaces/STAR/ifInOctets, with an asterisk for STAR; some, as core1/system/{sysName,sysUpTime}. aeiou_values and
 * aeiou_next tell one after the other. It fails only if nothing was found out. What is cached will do; always delayed.
 * All of it has to fit the arena, with about 7 bytes for each attribute besides its value; else it is
 * AEIOU_OVERLOADED. It is not copied: as long as its callback runs, the arena is in use.
 */
static inline int aeiou_read_group(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, AEIOU_READ_GROUP, entry);
}

/* What a group read is of: the attributes of one row; one column of all rows; several columns of all rows. */
enum { AEIOU_ATTRIBUTES = 1, AEIOU_COLUMN = 2, AEIOU_TABLE = 3 };

/* One attribute of a group. What it points to is in the entry's value, and ended by a NUL. */
struct aeiou_reading {
  const char *row;    /* empty for a group of scalars */
  const char *column;
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
  const char *kinds, *times, *column_names, *column_at, *row_at, *names_end, *value_at, *end;
};

/* The string at *at, which goes on behind it; NULL if it has no end. */
static inline const char *aeiou_string(const char **at, const char *end, uint32_t *length) {
  const char *string = *at;
  const char *nul = string < end ? memchr(string, 0, (size_t) (end - string)) : NULL;
  if (nul == NULL) return NULL;
  if (length != NULL) *length = (uint32_t) (nul - string);
  *at = nul + 1;
  return string;
}

/* Begins with the first attribute of a group. Returns 0; -EPROTO if the entry has no group. In its callback only. */
static inline int aeiou_values(struct aeiou_values *values, const struct aeiou_entry *entry) {
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

/*
 * Tells the next attribute, row by row: while (aeiou_next(&values, &reading) > 0). Nothing is copied, and nothing
 * allocated. Returns 1; 0 behind the last one; -EPROTO if the value is cut off.
 */
static inline int aeiou_next(struct aeiou_values *values, struct aeiou_reading *reading) {
  if (values->next >= values->count) return 0;
  int is_first = values->next % values->columns == 0;
  if (is_first) {
    values->column_at = values->column_names;
    reading->row = aeiou_string(&values->row_at, values->names_end, NULL);
    if (reading->row == NULL) return -EPROTO;
  }
  reading->column = aeiou_string(&values->column_at, values->names_end, NULL);
  reading->value = aeiou_string(&values->value_at, values->end, &reading->length);
  if (reading->column == NULL || reading->value == NULL) return -EPROTO;
  uint32_t before;
  memcpy(&before, values->times + 4 * values->next, sizeof before);
  reading->kind = (unsigned char) values->kinds[2 * values->next];
  reading->reason = (unsigned char) values->kinds[2 * values->next + 1];
  reading->taken_ms = reading->kind == AEIOU_FAILURE ? 0 : values->taken_ms - before;
  values->next++;
  return 1;
}

/* Asks to write; nothing can be written yet: ends as AEIOU_NOT_WRITABLE. Always delayed. */
static inline int aeiou_write(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 4, entry);
}

/*
 * As aeiou_read, and again whenever the value changes, until cancelled. Always delayed. With AEIOU_HIT_ONLY it keeps
 * nothing fresh, and tells of what others read.
 */
static inline int aeiou_watch(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 5, entry);
}

/* Submits the cancels that wait, as far as there are pages. */
static inline void aeiou_send_queued(struct aeiou *net) {
  while (net->queued != NULL && !aeiou_is_gone(net) && aeiou_has_pages(net, 1)) {
    struct aeiou_queued *first = net->queued;
    net->queued = first->next;
    net->queued_count--;
    if (first->group == NULL) {
      aeiou_submit_silently(net, first->operation, "", first->target);
    } else {
      uint32_t page = aeiou_fill_page(net, first->operation, 0, "", first->number, first->target, first->group->number);
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
    queued->number = answer->number;
    memcpy(queued->context, (char *) answer - group->context_offset, bytes);
  }
  struct aeiou_queued **last = &net->queued;
  while (*last != NULL) last = &(*last)->next;
  *last = queued;
  net->queued_count++;
  aeiou_send_queued(net);
  return 1;
}

static inline int aeiou_ask_to_withdraw(struct aeiou_group *group, struct aeiou_entry *answer, uint32_t operation,
                                        uint64_t target) {
  int why_not = 0;
  if (group->net == NULL || aeiou_is_gone(group->net)) {
    why_not = -ENOTCONN;
  } else if (group->has_left) {
    why_not = -ECANCELED;
  } else if (aeiou_context_at(0) + group->context_bytes > group->net->page_bytes) {
    why_not = -ENAMETOOLONG;
  }
  if (why_not == 0) why_not = aeiou_withdraw(group->net, group, answer, operation, target);
  group->progress.submitted++;
  if (why_not < 0) group->progress.refused++;
  return why_not;
}

/*
 * Withdraws the request of that number; the answer comes to the callback as an entry of kind AEIOU_CANCEL. There is
 * always a page for it, or there will be. Returns 1; -ENOTCONN; -EAGAIN if more cancels wait than there are pages.
 */
static inline int aeiou_cancel(struct aeiou_group *group, struct aeiou_entry *answer, uint64_t number) {
  return aeiou_ask_to_withdraw(group, answer, 6, number);
}

/* Withdraws all requests of the group that are pending; otherwise as aeiou_cancel. */
static inline int aeiou_cancel_group(struct aeiou_group *group, struct aeiou_entry *answer) {
  return aeiou_ask_to_withdraw(group, answer, 7, group->number);
}

/* How far a group is; asks the daemon nothing. */
static inline struct aeiou_progress aeiou_checkprogress(const struct aeiou_group *group) { return group->progress; }

/* Sends off what was asked for. */
static inline void aeiou_end(struct aeiou_group *group) {
  if (group->net != NULL) aeiou_ring(group->net);
}

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
  net->free_pages[net->free_count++] = page;
  aeiou_send_queued(net);
}

/* Gives an entry a failure that the daemon knows nothing of. */
static inline void aeiou_set_failure(struct aeiou_entry *entry, uint32_t reason, const char *sentence) {
  entry->kind = AEIOU_FAILURE;
  entry->reason = reason;
  entry->value = sentence;
  entry->length = (uint32_t) strlen(sentence);
  entry->taken_ms = entry->changed_ms = 0;
  entry->is_stale = 0;
}

/* Counts a delayed callback, and runs it. */
static inline void aeiou_tell(struct aeiou *net, struct aeiou_group *group, struct aeiou_entry *entry, int is_more) {
  if (!is_more) group->progress.pending--;
  if (entry->kind == AEIOU_FAILURE) group->progress.failed++;
  group->told++;
  aeiou_run(net, group, 1, entry);
}

/* Ends a request here: its callback runs with that. */
static inline void aeiou_end_page(struct aeiou *net, uint32_t page, uint32_t reason, const char *sentence) {
  struct aeiou_group *group;
  struct aeiou_entry *entry = aeiou_entry_of(net, page, &group);
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
    entry->is_stale = entry->kind == AEIOU_READING && aeiou_now() > aeiou_get(net->in, at + 32);
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
  if (net->held == 0) aeiou_release(net->out, 448, net->head);
}

/* Runs the callback of one completed page. */
static inline void aeiou_deliver(struct aeiou *net, uint32_t page, int is_more) {
  if (net->busy[page] == AEIOU_PAGE_LEFT) {
    aeiou_done(net);
    if (!is_more) {
      net->busy[page] = AEIOU_PAGE_FREE;
      aeiou_give_back(net, page);
    }
    return;
  }
  if (net->busy[page] != AEIOU_PAGE_WAITS) return;
  struct aeiou_group *group;
  struct aeiou_entry *entry = aeiou_entry_of(net, page, &group);
  int goes_on = 0;
  int is_held = aeiou_get32(aeiou_at(net, page), 0) == AEIOU_READ_GROUP;
  int is_whole = aeiou_outcome(net, page, is_more, is_held, entry, &goes_on);
  if (!is_held) aeiou_done(net);
  if (is_more && !(is_whole && goes_on)) return; /* its end, which comes with a completion of its own */
  if (!is_whole) aeiou_set_failure(entry, AEIOU_BAD_ANSWER, "the daemon left its outcome half written");
  if (!is_more) net->busy[page] = AEIOU_PAGE_FREE; /* and not used again until the callback has run */
  net->held += is_held;
  aeiou_tell(net, group, entry, is_more);
  net->held -= is_held;
  if (is_held && !aeiou_is_forked(net)) aeiou_done(net);
  if (!is_more) aeiou_give_back(net, page);
}

/* Runs the callbacks of what has come, on this thread; returns how many completions that were. */
static inline int aeiou_drain(struct aeiou *net) {
  int drained = 0;
  /* The tail anew each time: a callback may have drained, or detached, or forked. */
  for (; !aeiou_is_forked(net) && !net->is_closed && net->head != aeiou_acquire(net->in, 64); drained++) {
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

/* Takes back the bell, and looks whether the daemon is gone, and what it said. */
static inline void aeiou_hear(struct aeiou *net) {
  char rung[64];
  if (read(net->bell, rung, sizeof rung) == 0) net->gone = 1;
  unsigned char farewell[256];
  ssize_t length = recv(net->socket, farewell, sizeof farewell, MSG_DONTWAIT);
  if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) net->gone = 1;
  if (length >= 72 && memcmp(farewell, "aeiouWEL", 8) == 0) {
    net->gone = 1;
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
  net->gone = 1;
  if (net->message[0] == '\0') snprintf(net->message, sizeof net->message, "the daemon is gone");
  for (uint32_t page = 0; page < net->pages; page++) {
    if (net->busy[page] == AEIOU_PAGE_WAITS) {
      net->busy[page] = AEIOU_PAGE_FREE;
      aeiou_end_page(net, page, AEIOU_STOPPED, net->message);
    }
  }
  aeiou_end_queued(net, NULL, AEIOU_STOPPED, net->message);
}

/*
 * Ends the group: what is pending has its outcome inside this call, AEIOU_CANCELLED, and the daemon is told to drop it.
 * After this the group may go. Its callbacks can ask for nothing more by it.
 */
static inline void aeiou_leave(struct aeiou_group *group) {
  struct aeiou *net = group->net;
  int is_over = group->has_left || group->progress.pending == 0 || net == NULL;
  group->has_left = 1;
  if (is_over || aeiou_is_forked(net)) return; /* also if it was detached: then nothing is pending */
  net->calls++;
  if (!net->gone && aeiou_withdraw(net, NULL, NULL, 7, group->number) > 0) aeiou_ring(net);
  for (uint32_t page = 0; page < net->pages && group->progress.pending > 0; page++) {
    struct aeiou_group *of = NULL;
    if (net->busy[page] == AEIOU_PAGE_WAITS) memcpy(&of, aeiou_at(net, page) + 48, sizeof of);
    if (of == group) {
      net->busy[page] = AEIOU_PAGE_LEFT;
      aeiou_end_page(net, page, AEIOU_CANCELLED, "its group has left");
    }
  }
  aeiou_end_queued(net, group, AEIOU_CANCELLED, "its group has left");
  if (aeiou_leave_call(net)) group->net = NULL;
}

/* Before a group's declaration: it leaves at the end of its scope. It must have begun by then, or be {0}. */
#define AEIOU_SCOPED __attribute__((cleanup(aeiou_leave)))

/*
 * Detaches. What is pending has its outcome inside this call: what had come already, the rest AEIOU_STOPPED. Nothing of
 * the attachment may be used after it, but for what a callback that detaches does before it returns. NULL is nothing.
 */
static inline void aeiou_detach(struct aeiou *net) {
  if (net == NULL || net->is_closed) return;
  net->calls++;
  if (aeiou_is_forked(net)) {
    /* The parent's requests; its groups here lead nowhere from now on. */
    for (uint32_t page = 0; page < net->pages; page++) {
      struct aeiou_group *group;
      if (net->busy[page] != AEIOU_PAGE_WAITS) continue;
      (void) aeiou_entry_of(net, page, &group);
      group->net = NULL;
    }
    for (struct aeiou_queued *each = net->queued; each != NULL; each = each->next)
      if (each->group != NULL) each->group->net = NULL;
  } else {
    net->gone = 1;
    aeiou_drain(net);
    snprintf(net->message, sizeof net->message, "this attachment was closed");
  }
  net->is_closed = 1;
  if (!aeiou_is_forked(net)) aeiou_abandon(net);
  aeiou_leave_call(net);
}

/* Becomes readable when something has come and aeiou_wait or aeiou_sleeps has asked for it; for event loops. */
static inline int aeiou_fd(const struct aeiou *net) { return net->bell; }

/* Asks for the bell; 0 if something has come already. */
static inline int aeiou_sleeps(struct aeiou *net) {
  if (aeiou_is_gone(net)) return 0;
  aeiou_set(net->out, 320, net->head);
  atomic_thread_fence(memory_order_seq_cst); /* pairs with the daemon's fence between publishing and looking */
  return aeiou_acquire(net->in, 64) == net->head;
}

/*
 * For event loops: runs what has come when aeiou_fd is readable, and asks for the bell again. Also to be called once
 * before the loop. Returns how many completions came; -ENOTCONN if the daemon is gone, when every callback has run.
 */
static inline int aeiou_dispatch(struct aeiou *net) {
  if (aeiou_is_forked(net)) return -ENOTCONN;
  int drained = 0;
  net->calls++;
  do {
    if (!net->gone) aeiou_hear(net);
    if (net->gone && !net->is_closed) aeiou_abandon(net);
    int more = aeiou_drain(net);
    if (more > 0) aeiou_ring(net); /* what callbacks have submitted */
    drained += more;
  } while (!aeiou_is_gone(net) && !aeiou_sleeps(net));
  int is_gone = aeiou_is_gone(net);
  aeiou_leave_call(net);
  return is_gone ? -ENOTCONN : drained;
}

/* Sleeps for so long at the most, for ever if that is negative; it may also wake up for nothing. */
static inline void aeiou_sleep(struct aeiou *net, int milliseconds) {
  struct pollfd fds[2] = {{net->bell, POLLIN, 0}, {net->socket, POLLIN, 0}};
  if (poll(fds, 2, milliseconds) > 0) aeiou_hear(net);
}

/*
 * Runs delayed callbacks on this thread until so many of the group's have run since the call, events of watches among
 * them, or none is pending. Otherwise as aeiou_wait.
 */
static inline int aeiou_wait_some(struct aeiou_group *group, uint64_t some, int milliseconds) {
  struct aeiou *net = group->net;
  if (net == NULL || aeiou_is_forked(net)) return -ENOTCONN;
  uint64_t goal = some > UINT64_MAX - group->told ? UINT64_MAX : group->told + some;
  uint64_t end = aeiou_now() + (uint64_t) (milliseconds < 0 ? 0 : milliseconds) * 1000000u;
  int result = 0;
  net->calls++;
  aeiou_ring(net);
  while (group->progress.pending > 0 && group->told < goal && !aeiou_is_gone(net)) {
    int drained = aeiou_drain(net);
    if (drained > 0) aeiou_ring(net); /* what callbacks have submitted */
    if (group->progress.pending == 0 || group->told >= goal) break;
    int left = milliseconds < 0 ? -1 : aeiou_left(end);
    if (left == 0) {
      aeiou_sleep(net, 0); /* a program that never waits notices here that the daemon is gone */
      result = -ETIMEDOUT;
      break;
    }
    if (drained == 0 && aeiou_sleeps(net)) aeiou_sleep(net, left);
  }
  if (aeiou_is_gone(net)) {
    if (!aeiou_is_forked(net) && !net->is_closed) aeiou_abandon(net);
    result = -ENOTCONN;
  }
  if (aeiou_leave_call(net)) group->net = NULL;
  return result;
}

/*
 * Runs delayed callbacks on this thread until the group has all its outcomes. Returns 0 then; -ETIMEDOUT after so many
 * milliseconds; -ENOTCONN if the daemon is gone, when every callback has run too. A negative time is for ever.
 */
static inline int aeiou_wait(struct aeiou_group *group, int milliseconds) {
  return aeiou_wait_some(group, UINT64_MAX, milliseconds);
}

#endif
