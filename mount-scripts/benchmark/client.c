// What a benchmark asks of a file system, the same for each: one operation again and again, from one thread or more.
//
//   client OPERATION THREADS MILLISECONDS PATH...
//
// stat, open (open, read to the end, close), pread (of an open file): each thread on its own of the PATHs, if there are as
// many. opendirect and preaddirect go past the page cache, so that each read is a request to the file system.
// readdir lists a directory; walk lists and stats everything below the PATHs, which the threads share out; readall reads every
// file there, too.
// Prints nanoseconds per operation: for walk per file, and how many there were.
//
//   client cold PATH...         reads each file once, prints the nanoseconds each took, a line for each
//   client udp HOST PORT N      asks an SNMP agent for sysName.0 N times, prints the nanoseconds each took
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 65536 };

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void die(const char *what) {
  fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
  exit(1);
}

struct work {
  const char *operation;
  char **paths;
  int path_count;
  int first, step;
  long millis;
  long operations, nanos;
  char *buffer;
};

static int open_file(const char *path, int flags) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
  if (fd < 0) die(path);
  return fd;
}

static void read_whole(const char *path, int flags, char *buffer) {
  int fd = open_file(path, flags);
  ssize_t n;
  // To the end, as cat does: the second read finds it.
  while ((n = read(fd, buffer, BUFFER)) > 0 && !flags) {}
  if (n < 0) die(path);
  close(fd);
}

static void list(const char *path) {
  DIR *directory = opendir(path);
  if (!directory) die(path);
  while (readdir(directory)) {}
  closedir(directory);
}

static long walk(char *path, char *buffer) {
  char *roots[] = {path, NULL};
  FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
  if (!tree) die(path);
  long files = 0;
  for (FTSENT *entry; (entry = fts_read(tree));) {
    if (entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR) {
      errno = entry->fts_errno;
      die(entry->fts_path);
    }
    files += entry->fts_info == FTS_F;
    if (buffer && entry->fts_info == FTS_F) {
      // What an agent does not have cannot be read; that is remembered as well.
      int fd = open(entry->fts_path, O_RDONLY | O_CLOEXEC);
      if (fd < 0) continue;
      while (read(fd, buffer, BUFFER) > 0) {}
      close(fd);
    }
  }
  fts_close(tree);
  return files;
}

static void once(struct work *work, const char *path, int fd) {
  struct stat status;
  const char *operation = work->operation;
  if (!strcmp(operation, "stat")) {
    if (stat(path, &status)) die(path);
  } else if (!strcmp(operation, "open")) {
    read_whole(path, 0, work->buffer);
  } else if (!strcmp(operation, "opendirect")) {
    read_whole(path, O_DIRECT, work->buffer);
  } else if (!strcmp(operation, "readdir")) {
    list(path);
  } else if (pread(fd, work->buffer, 4096, 0) < 0) {
    die(path);
  }
}

static int is_walk(const char *operation) { return !strcmp(operation, "walk") || !strcmp(operation, "readall"); }

static void *run(void *given) {
  struct work *work = given;
  if (posix_memalign((void **)&work->buffer, 4096, BUFFER)) die("memory");
  if (is_walk(work->operation)) {
    char *buffer = strcmp(work->operation, "walk") ? work->buffer : NULL;
    long start = now();
    for (int i = work->first; i < work->path_count; i += work->step) work->operations += walk(work->paths[i], buffer);
    work->nanos = now() - start;
    return NULL;
  }
  const char *path = work->paths[work->first % work->path_count];
  int fd = -1;
  if (!strncmp(work->operation, "pread", 5)) fd = open_file(path, strcmp(work->operation, "pread") ? O_DIRECT : 0);
  for (int i = 0; i < 20; i++) once(work, path, fd);
  long start = now(), end = start + work->millis * 1000000, at;
  do {
    // The clock is looked at seldom enough not to count.
    for (int i = 0; i < 16; i++) once(work, path, fd);
    work->operations += 16;
  } while ((at = now()) < end);
  work->nanos = at - start;
  if (fd >= 0) close(fd);
  return NULL;
}

static int cold(int count, char **paths) {
  char *buffer;
  if (posix_memalign((void **)&buffer, 4096, BUFFER)) die("memory");
  for (int i = 0; i < count; i++) {
    long start = now();
    read_whole(paths[i], 0, buffer);
    printf("%ld\n", now() - start);
  }
  return 0;
}

static int udp(const char *host, int port, int count) {
  // SNMPv2c, community "public", GET of sysName.0
  static unsigned char question[] = {0x30, 0x29, 0x02, 0x01, 0x01, 0x04, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xa0, 0x1c,
                                     0x02, 0x04, 0x01, 0x02, 0x03, 0x04, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0e, 0x30,
                                     0x0c, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x05, 0x00, 0x05, 0x00};
  struct sockaddr_in agent = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &agent.sin_addr) != 1) die(host);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct timeval limit = {.tv_sec = 5};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (fd < 0 || connect(fd, (struct sockaddr *)&agent, sizeof agent)) die(host);
  char answer[2048];
  for (int i = 0; i < count; i++) {
    question[20] = i;
    long start = now();
    if (send(fd, question, sizeof question, 0) < 0 || recv(fd, answer, sizeof answer, 0) < 0) die(host);
    printf("%ld\n", now() - start);
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 2 && !strcmp(argv[1], "cold")) return cold(argc - 2, argv + 2);
  if (argc == 5 && !strcmp(argv[1], "udp")) return udp(argv[2], atoi(argv[3]), atoi(argv[4]));
  if (argc < 5) {
    fprintf(stderr, "usage: client OPERATION THREADS MILLISECONDS PATH...\n");
    return 2;
  }
  int threads = atoi(argv[2]);
  pthread_t ids[threads];
  struct work works[threads];
  long start = now();
  for (int i = 0; i < threads; i++) {
    works[i] = (struct work){argv[1], argv + 4, argc - 4, i, threads, atol(argv[3]), 0, 0, NULL};
    if (pthread_create(&ids[i], NULL, run, &works[i])) die("thread");
  }
  long operations = 0;
  double rate = 0;
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
    operations += works[i].operations;
    if (works[i].nanos) rate += (double)works[i].operations / works[i].nanos;
  }
  if (is_walk(argv[1])) rate = (double)operations / (now() - start);
  // Of one thread: how long it waits for an operation while the others do theirs.
  printf("%.1f %ld\n", (is_walk(argv[1]) ? 1 : threads) / rate, operations);
  return 0;
}
