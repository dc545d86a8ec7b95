/*
 * aeiou.h - attach to the aeiou daemon from C. One header; GNU C11 (what cc speaks), Linux, little-endian.
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
 * One thread uses an attachment. The layouts are those of closures/ABI.md, version 1.
 */
#ifndef AEIOU_H
#define AEIOU_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
  AEIOU_STOPPED
};

/* What a cancel is answered. */
enum { AEIOU_IS_CANCELLED = 1, AEIOU_TOO_LATE = 2, AEIOU_UNKNOWN = 3 };

/* Flags of a request. */
enum { AEIOU_HIT_ONLY = 1, AEIOU_FORCE_MISS = 2 };

struct aeiou;
struct aeiou_group;

/*
 * A request and its outcome. The program sets path and flags; the rest is there in the callback, and value and path
 * only as long as that runs.
 */
struct aeiou_entry {
  const char *path;          /* without a slash at its beginning */
  uint32_t flags;
  uint32_t kind;             /* AEIOU_READING, … */
  uint32_t reason;           /* of a failure, why; of a cancel, its answer */
  uint32_t length;
  const char *value;         /* not ended by a NUL; of a failure, a sentence about it */
  uint64_t taken_ms;         /* when the reading was taken, since the epoch of time */
  uint64_t changed_ms;       /* when the value last changed */
  int is_stale;              /* whether it is past its TTL */
  uint64_t number;           /* of the request, for aeiou_cancel; 0 if it had its outcome inside the call */
  struct aeiou_group *group;
};

typedef void (*aeiou_callback)(int is_delayed, struct aeiou_entry *entry);

/* How much room an attachment has; all but the pages are multiples of 64. */
struct aeiou_geometry {
  uint32_t pages;
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
};

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
  uint32_t free_count;
  unsigned char *busy; /* by page: whether it waits for its outcome */
  int gone, is_unrung;
  uint32_t crc[256];
  char *kept; /* a copy of what a watch tells */
  size_t kept_bytes;
  char message[256];
  char scratch[16384];
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

/* Whoever acquires the word sees what was written before. */
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

/* Why aeiou_attach failed, or what this program did wrong. */
static inline const char *aeiou_message(const struct aeiou *net) { return net->message; }

static inline uint64_t aeiou_magic(const char *letters) {
  uint64_t magic;
  memcpy(&magic, letters, sizeof magic);
  return magic;
}

static inline void aeiou_detach(struct aeiou *net) {
  if (net == NULL) return;
  if (net->out != NULL) munmap(net->out, net->out_bytes);
  if (net->in != NULL) munmap((void *) (uintptr_t) net->in, net->in_bytes);
  if (net->table != NULL) munmap((void *) (uintptr_t) net->table, net->table_bytes);
  if (net->socket >= 0) close(net->socket);
  if (net->bell >= 0) close(net->bell);
  free(net->free_pages);
  free(net->busy);
  free(net->kept);
  free(net);
}

static inline int aeiou_fail(struct aeiou *net, int error, const char *what) {
  snprintf(net->message, sizeof net->message, "%s: %s", what, strerror(error));
  errno = error;
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
static inline int aeiou_welcome(struct aeiou *net, unsigned char *message, size_t bytes, int *fds) {
  size_t got = 0;
  int count = 0;
  while (got < bytes) {
    union {
      struct cmsghdr header;
      char room[CMSG_SPACE(8 * sizeof(int))];
    } control;
    struct iovec part = {message + got, bytes - got};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(net->socket, &header, MSG_CMSG_CLOEXEC);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      while (count > 0) close(fds[--count]);
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

/* The path of a socket has room for 107 bytes. */
static inline int aeiou_take_path(struct aeiou *net, const char *from, char *path, size_t bytes) {
  if (strlen(from) >= bytes) return aeiou_fail(net, ENAMETOOLONG, from);
  memcpy(path, from, strlen(from) + 1);
  return 0;
}

static inline int aeiou_find_socket(struct aeiou *net, const char *place, char *path, size_t bytes) {
  struct stat status;
  if (stat(place, &status) != 0) return aeiou_fail(net, errno, place);
  if (!S_ISDIR(status.st_mode)) return aeiou_take_path(net, place, path, bytes);
  char note[4096];
  snprintf(note, sizeof note, "%s/.aeiou/attach", place);
  FILE *file = fopen(note, "re");
  if (file == NULL) return aeiou_fail(net, errno, note);
  char *line = fgets(note, sizeof note, file);
  fclose(file);
  if (line == NULL) return aeiou_fail(net, ENOTCONN, "the daemon lets no program attach");
  note[strcspn(note, "\n")] = '\0';
  return aeiou_take_path(net, note, path, bytes);
}

static inline int aeiou_connect(struct aeiou *net, const char *place, const struct aeiou_geometry *geometry) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (aeiou_find_socket(net, place, address.sun_path, sizeof address.sun_path) != 0) return -1;
  net->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (net->socket < 0 || connect(net->socket, (struct sockaddr *) &address, sizeof address) != 0)
    return aeiou_fail(net, errno, address.sun_path);
  unsigned char hello[64] = {0};
  memcpy(hello, "aeiouHEL", 8);
  aeiou_set32(hello, 12, 1);
  aeiou_set32(hello, 16, geometry->pages);
  aeiou_set32(hello, 20, geometry->page_bytes);
  aeiou_set32(hello, 24, geometry->outcome_bytes);
  aeiou_set32(hello, 28, geometry->arena_bytes);
  if (send(net->socket, hello, sizeof hello, MSG_NOSIGNAL) != (ssize_t) sizeof hello)
    return aeiou_fail(net, errno, address.sun_path);
  unsigned char welcome[256];
  int fds[4];
  int count = aeiou_welcome(net, welcome, sizeof welcome, fds);
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
  net->free_pages = malloc(net->pages * sizeof *net->free_pages);
  net->busy = calloc(net->pages, 1);
  if (net->free_pages == NULL || net->busy == NULL) return aeiou_fail(net, ENOMEM, "pages");
  for (uint32_t i = 0; i < net->pages; i++) net->free_pages[i] = net->pages - 1 - i;
  net->free_count = net->pages;
  return 0;
}

/*
 * Attaches to a mounted network, or at the daemon's socket. geometry may be NULL. Returns NULL with errno, and a
 * sentence about it in *why if that is not NULL (256 bytes).
 */
static inline struct aeiou *aeiou_attach_why(const char *place, const struct aeiou_geometry *geometry, char *why) {
  static const struct aeiou_geometry standard = {4096, 512, 512, 1 << 20};
  struct aeiou *net = calloc(1, sizeof *net);
  if (net == NULL) return NULL;
  net->socket = net->bell = -1;
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i; /* CRC-32 as in ISO 3309 and zlib */
    for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
    net->crc[i] = crc;
  }
  if (aeiou_connect(net, place, geometry != NULL ? geometry : &standard) == 0) return net;
  int error = errno;
  if (why != NULL) memcpy(why, net->message, sizeof net->message);
  aeiou_detach(net);
  errno = error;
  return NULL;
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
  if (bytes > sizeof net->scratch || offset + length + bytes > net->data_bytes) return 0;
  const unsigned char *from = net->table + net->data + offset;
  if (memcmp(from, path, length) != 0) return 0;
  memcpy(net->scratch, from + length, bytes);
  entry->length = (uint32_t) bytes;
  *fresh = aeiou_get(net->table, at + 16);
  *usable = aeiou_get(net->table, at + 24);
  entry->taken_ms = aeiou_get(net->table, at + 32);
  entry->changed_ms = aeiou_get(net->table, at + 40);
  return 1;
}

/* Looks a path up in the value table: no system call, no lock. Whether there is a usable reading. */
static inline int aeiou_find(struct aeiou *net, struct aeiou_entry *entry) {
  size_t length = strlen(entry->path);
  uint32_t crc = ~0u;
  for (size_t i = 0; i < length; i++) crc = net->crc[(crc ^ (unsigned char) entry->path[i]) & 0xFF] ^ (crc >> 8);
  crc = ~crc;
  for (uint32_t i = 0; i < 64; i++) {
    size_t at = 4096 + (size_t) ((crc + i) & net->table_mask) * 64;
    for (int tries = 0; tries < 1000; tries++) {
      uint64_t fresh = 0, usable = 0;
      uint64_t sequence = aeiou_acquire(net->table, at);
      if (sequence == 0) return 0;
      if ((sequence & 1) != 0) continue;
      int is_it = aeiou_copy(net, at, crc, entry->path, length, entry, &fresh, &usable);
      /* Pairs with the writer's release fence: what was copied came before this reading of the sequence. */
      atomic_thread_fence(memory_order_acquire);
      if (aeiou_get(net->table, at) != sequence) continue;
      if (!is_it) break;
      uint64_t now = aeiou_now();
      entry->kind = AEIOU_READING;
      entry->reason = 0;
      entry->value = net->scratch;
      entry->is_stale = now > fresh;
      entry->number = 0;
      return now < usable;
    }
  }
  return 0;
}

/* Hands over what was submitted, and wakes the daemon if it sleeps. */
static inline void aeiou_ring(struct aeiou *net) {
  if (!net->is_unrung) return;
  net->is_unrung = 0;
  aeiou_release(net->out, 64, net->tail); /* publishes pages and ring, all at once; the daemon acquires it */
  /* Between publishing the tail and looking whether the daemon sleeps; pairs with the daemon's fence. */
  atomic_thread_fence(memory_order_seq_cst);
  if (aeiou_get(net->in, 320) != 0) {
    if (send(net->socket, "\1", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno != EAGAIN && errno != EINTR) net->gone = 1;
  }
}

/* Whether there is room for a request; 0, or why not. */
static inline int aeiou_room(const struct aeiou_group *group, const struct aeiou_entry *entry, uint32_t pages) {
  size_t length = entry->path != NULL ? strlen(entry->path) : 0;
  size_t context = (64 + length + 1 + 15) & ~(size_t) 15;
  if (group->net->gone) return -ENOTCONN;
  if (context + group->context_bytes > group->net->page_bytes) return -ENAMETOOLONG;
  return group->net->free_count < pages ? -EAGAIN : 0;
}

/* Fills a free page with a request; returns the page. */
static inline uint32_t aeiou_fill(struct aeiou_group *group, uint32_t operation, uint32_t flags,
                                  struct aeiou_entry *entry, uint64_t target) {
  struct aeiou *net = group->net;
  size_t length = entry->path != NULL ? strlen(entry->path) : 0;
  size_t context = (64 + length + 1 + 15) & ~(size_t) 15;
  uint32_t page = net->free_pages[--net->free_count];
  entry->number = ++net->numbers;
  entry->group = group;
  unsigned char *place = net->out + net->pages_at + (size_t) page * net->page_bytes;
  memcpy(place + context, (char *) entry - group->context_offset, group->context_bytes);
  memcpy(place + 64, entry->path != NULL ? entry->path : "", length + 1);
  aeiou_set32(place, 0, operation);
  aeiou_set32(place, 4, flags);
  aeiou_set(place, 8, page + 1);
  aeiou_set(place, 16, entry->number);
  aeiou_set(place, 24, target);
  aeiou_set(place, 32, group->number);
  aeiou_set(place, 40, length);
  memcpy(place + 48, &group, sizeof group); /* the daemon leaves these bytes alone */
  net->busy[page] = 1;
  group->progress.delayed++;
  group->progress.pending++;
  return page;
}

/* Puts a page into the ring. */
static inline void aeiou_enter(struct aeiou *net, uint32_t page) {
  aeiou_set32(net->out, 4096 + 4 * (size_t) (net->tail & net->mask), page);
  net->tail++;
  net->is_unrung = 1;
}

static inline int aeiou_submit(struct aeiou_group *group, uint32_t operation, struct aeiou_entry *entry, uint64_t target) {
  int room = aeiou_room(group, entry, 1);
  group->progress.submitted++;
  if (room != 0) {
    group->progress.refused++;
    return room;
  }
  aeiou_enter(group->net, aeiou_fill(group, operation, entry->flags, entry, target));
  return 1;
}

/* A step of a chain. */
struct aeiou_step {
  uint32_t operation; /* AEIOU_READ, AEIOU_STAT or AEIOU_LIST */
  uint32_t flags;     /* AEIOU_STOP_ON_ERROR, … */
  struct aeiou_entry *entry;
};

enum { AEIOU_READ = 1, AEIOU_STAT = 2, AEIOU_LIST = 3 };

/* AEIOU_EACH, of a read behind a listing: once for each name, in the place of {} in the path; values as name, NUL, value, NUL. */
enum { AEIOU_STOP_ON_ERROR = 16, AEIOU_STOP_ON_NONZERO = 32, AEIOU_STOP_ON_ZERO = 64, AEIOU_EACH = 128 };

/*
 * Asks for one thing after another, in the daemon; at most 16 steps. {} in a path is the value of the step before. Each
 * step has a callback of its own; those behind a step that ends the chain are cancelled. Returns 1, or why it was not
 * accepted: -EINVAL, -EAGAIN, -ENAMETOOLONG, -ENOTCONN.
 */
static inline int aeiou_chain(struct aeiou_group *group, const struct aeiou_step *steps, uint32_t count) {
  struct aeiou *net = group->net;
  int room = count == 0 || count > 16 ? -EINVAL : 0;
  for (uint32_t i = 0; room == 0 && i < count; i++) room = aeiou_room(group, steps[i].entry, count);
  group->progress.submitted += count;
  if (room != 0) {
    group->progress.refused += count;
    return room;
  }
  uint32_t first = 0, last = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t chained = i + 1 < count ? 8 : 0;
    uint32_t page = aeiou_fill(group, steps[i].operation, steps[i].flags | chained, steps[i].entry, 0);
    if (i == 0) {
      first = page;
    } else {
      aeiou_set32(net->out, net->pages_at + (size_t) last * net->page_bytes + 44, page + 1);
    }
    last = page;
  }
  aeiou_enter(net, first);
  return 1;
}

/* Asks for an attribute so that it is cached; no callback runs. Returns as aeiou_read does. */
static inline int aeiou_prefetch(struct aeiou *net, const char *path) {
  struct aeiou_group nobody;
  struct aeiou_entry entry = {.path = path};
  aeiou_begin_group(&nobody, net, sizeof entry, 0, NULL);
  int result = aeiou_submit(&nobody, 1, &entry, 0);
  if (result == 1) net->busy[net->free_pages[net->free_count]] = 2; /* the page that was just taken */
  return result;
}

/*
 * Reads an attribute. Returns 0 if the callback has run inside this call; 1 if it will run later; or -EAGAIN (all
 * pages are in use), -ENAMETOOLONG (path and structure do not fit a page), -ENOTCONN (the daemon is gone), and then it
 * never runs.
 */
static inline int aeiou_read(struct aeiou_group *group, struct aeiou_entry *entry) {
  if ((entry->flags & AEIOU_FORCE_MISS) == 0 && aeiou_find(group->net, entry)) {
    entry->group = group;
    group->progress.submitted++;
    group->progress.immediate++;
    if (entry->is_stale) {
      group->progress.stale++;
      aeiou_prefetch(group->net, entry->path); /* somebody has to ask, so that it is refreshed */
    }
    group->callback(0, entry);
    return 0;
  }
  return aeiou_submit(group, 1, entry, 0);
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

/* What stat shows, as seven numbers of eight bytes: mode, uid, gid, size, taken, changed, links. Always delayed. */
static inline int aeiou_stat(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 2, entry, 0);
}

/* The names in a directory, each with a NUL behind it; directories have a slash before that. Always delayed. */
static inline int aeiou_list(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 3, entry, 0);
}

/* Asks to write; nothing can be written yet: ends as AEIOU_NOT_WRITABLE. Always delayed. */
static inline int aeiou_write(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 4, entry, 0);
}

/* As aeiou_read, and again whenever the value changes, until cancelled. Always delayed. */
static inline int aeiou_watch(struct aeiou_group *group, struct aeiou_entry *entry) {
  return aeiou_submit(group, 5, entry, 0);
}

/* Withdraws the request of that number; the answer comes to the callback as an entry of kind AEIOU_CANCEL. */
static inline int aeiou_cancel(struct aeiou_group *group, struct aeiou_entry *answer, uint64_t number) {
  return aeiou_submit(group, 6, answer, number);
}

/* How far a group is: asks nobody. */
static inline struct aeiou_progress aeiou_checkprogress(const struct aeiou_group *group) { return group->progress; }

/* Sends off what was asked for. */
static inline void aeiou_end(struct aeiou_group *group) { aeiou_ring(group->net); }

/* Copies a value that may be written anew; lengths and places may be nonsense while it is. */
static inline void aeiou_keep(struct aeiou *net, struct aeiou_entry *entry, size_t value_at) {
  if (value_at >= net->in_bytes) value_at = 0;
  if (entry->length > net->in_bytes - value_at) entry->length = 0;
  if (entry->length > net->kept_bytes) {
    char *larger = realloc(net->kept, entry->length);
    if (larger != NULL) {
      net->kept = larger;
      net->kept_bytes = entry->length;
    } else {
      entry->length = (uint32_t) net->kept_bytes; /* what there is room for */
    }
  }
  if (entry->length > 0) memcpy(net->kept, net->in + value_at, entry->length);
}

/* Runs the callback of one completed page. */
static inline void aeiou_deliver(struct aeiou *net, uint32_t page, int is_stopped, int is_more) {
  unsigned char *place = net->out + net->pages_at + (size_t) page * net->page_bytes;
  int was = net->busy[page];
  if (!is_more) net->busy[page] = 0;
  if (was == 2) {
    net->free_pages[net->free_count++] = page;
    return;
  }
  size_t length = aeiou_get(place, 40) & 0xFFFF;
  size_t context = (64 + length + 1 + 15) & ~(size_t) 15;
  /* The structure in the page is this program's own: nobody else writes there. Which group it is of says its entry. */
  struct aeiou_group *group = NULL;
  memcpy(&group, place + 48, sizeof group);
  struct aeiou_entry *entry = (struct aeiou_entry *) (void *) (place + context + group->context_offset);
  entry->path = (const char *) place + 64;
  size_t at = net->outcomes_at + (size_t) page * net->outcome_bytes;
  uint64_t times, number;
  int goes_on;
  int tries = 1000; /* a daemon that died while it wrote an outcome anew never ends */
  do {
    number = aeiou_acquire(net->in, at);
    times = aeiou_get(net->in, at + 56);
    uint64_t kind = aeiou_get(net->in, at + 8), long_ones = aeiou_get(net->in, at + 48);
    entry->kind = (uint32_t) kind & 0xFFFF;
    entry->reason = (uint32_t) (kind >> 32);
    goes_on = (kind >> 16 & 1) != 0;
    entry->taken_ms = aeiou_get(net->in, at + 16);
    entry->changed_ms = aeiou_get(net->in, at + 24);
    entry->is_stale = entry->kind == AEIOU_READING && aeiou_now() > aeiou_get(net->in, at + 32);
    entry->length = (uint32_t) long_ones;
    uint64_t unit = long_ones >> 32;
    size_t value_at = unit != 0 ? net->arena_at + (size_t) (unit - 1) * 64 : at + 64;
    /* Of a watch it may be written anew while the callback runs. */
    if (is_more) aeiou_keep(net, entry, value_at);
    entry->value = is_more ? net->kept : (const char *) net->in + value_at;
    atomic_thread_fence(memory_order_acquire);
  } while (!is_stopped && --tries > 0 && (number == 0 || aeiou_get(net->in, at) != number || aeiou_get(net->in, at + 56) != times));
  if (is_stopped) {
    entry->kind = AEIOU_FAILURE;
    entry->reason = AEIOU_STOPPED;
    entry->value = "the daemon is gone";
    entry->length = (uint32_t) strlen(entry->value);
  }
  if (is_more && !goes_on) return; /* its end, which comes with a completion of its own */
  if (!is_more) group->progress.pending--;
  if (entry->kind == AEIOU_FAILURE) group->progress.failed++;
  group->callback(1, entry);
  if (!is_more) net->free_pages[net->free_count++] = page;
}

/* Runs the callbacks of what has come, on this thread; returns how many. */
static inline int aeiou_drain(struct aeiou *net) {
  int drained = 0;
  /* The tail anew each time: a callback may have drained too. */
  for (; net->head != aeiou_acquire(net->in, 64); drained++) {
    uint64_t word = aeiou_get(net->in, 4096 + 16 * (size_t) (net->head & net->mask));
    net->head++;
    aeiou_release(net->out, 192, net->head);
    /* Between taking and reading; pairs with the daemon's fence when it writes a watch's outcome again. */
    atomic_thread_fence(memory_order_seq_cst);
    uint32_t page = (uint32_t) word;
    if (page < net->pages && net->busy[page] != 0) aeiou_deliver(net, page, 0, (word >> 48 & 1) != 0);
  }
  return drained;
}

/* The daemon is gone: whatever waits has its outcome now. */
static inline void aeiou_abandon(struct aeiou *net) {
  aeiou_drain(net);
  for (uint32_t page = 0; page < net->pages; page++)
    if (net->busy[page] != 0) aeiou_deliver(net, page, 1, 0);
}

/* Becomes readable when something has come and aeiou_wait or aeiou_sleeps has asked for it; for event loops. */
static inline int aeiou_fd(const struct aeiou *net) { return net->bell; }

/* Asks for the bell; 0 if something has come already. */
static inline int aeiou_sleeps(struct aeiou *net) {
  aeiou_set(net->out, 320, net->head);
  atomic_thread_fence(memory_order_seq_cst); /* pairs with the daemon's fence between publishing and looking */
  return aeiou_acquire(net->in, 64) == net->head;
}

/* As aeiou_wait, until the group has so many outcomes more, instead of all. */
static inline int aeiou_wait_some(struct aeiou_group *group, uint64_t some, int milliseconds);

/*
 * Runs delayed callbacks on this thread until the group has all its outcomes. Returns 0 then; -ETIMEDOUT after so many
 * milliseconds; -ENOTCONN if the daemon is gone, when every callback has run too. A negative time is for ever.
 */
static inline int aeiou_wait(struct aeiou_group *group, int milliseconds) {
  return aeiou_wait_some(group, UINT64_MAX, milliseconds);
}

static inline int aeiou_wait_some(struct aeiou_group *group, uint64_t some, int milliseconds) {
  struct aeiou *net = group->net;
  uint64_t goal = group->progress.pending > some ? group->progress.pending - some : 0;
  uint64_t end = aeiou_now() + (uint64_t) (milliseconds < 0 ? 0 : milliseconds) * 1000000u;
  aeiou_ring(net);
  while (group->progress.pending > goal && !net->gone) {
    int drained = aeiou_drain(net);
    if (drained > 0) aeiou_ring(net); /* what callbacks have submitted */
    if (group->progress.pending <= goal) break;
    int64_t left = (int64_t) (end - aeiou_now());
    if (milliseconds >= 0 && left <= 0) return -ETIMEDOUT;
    if (drained > 0 || !aeiou_sleeps(net)) continue;
    struct pollfd fds[2] = {{net->bell, POLLIN, 0}, {net->socket, POLLIN, 0}};
    if (poll(fds, 2, milliseconds < 0 ? -1 : (int) (left / 1000000 + 1)) <= 0) continue;
    char rung[64];
    if (fds[0].revents != 0 && read(net->bell, rung, sizeof rung) < 0 && errno != EAGAIN) net->gone = 1;
    char byte;
    if (fds[1].revents != 0 && recv(net->socket, &byte, 1, MSG_DONTWAIT) == 0) net->gone = 1;
  }
  if (net->gone) {
    aeiou_abandon(net);
    return -ENOTCONN;
  }
  return 0;
}

#endif
