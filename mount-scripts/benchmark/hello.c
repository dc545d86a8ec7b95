// A minimal file system in C, on libfuse's low-level interface: what a round trip costs without Java. Names are as deep as
// in aeiou: DIRECTORIES directories d0, d1, ... with one directory g0 each, with FILES files f0, f1, ... of the same short text.
//
//   hello MOUNTPOINT DIRECTORIES FILES cached     as most file systems do it: names and attributes valid for an hour, pages kept
//   hello MOUNTPOINT DIRECTORIES FILES uncached   nothing valid, and no open: each operation is the requests that aeiou
//                                                 gets with its kernel cache off
// Prints at its end how many requests it got, by name.
#define FUSE_USE_VERSION 34
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char text[] = "the rack beside the window\n";
static long directories, files;
static int cached;
static double valid;
static long lookups, getattrs, opens, reads, readdirs, others;

// 1 the root; then the directories; then the one below each; then the files of each.
static fuse_ino_t inner(long d) { return 2 + directories + d; }
static fuse_ino_t first_file(long d) { return 2 + 2 * directories + d * files; }
static int is_directory(fuse_ino_t ino) { return ino < first_file(0); }

// What is in a directory: names of this letter with numbers below count, and nodes from first on.
struct children {
  char letter;
  long count;
  fuse_ino_t first;
};

static struct children children(fuse_ino_t ino) {
  if (ino == 1) return (struct children){'d', directories, 2};
  if (ino < inner(0)) return (struct children){'g', 1, inner(ino - 2)};
  return (struct children){'f', files, first_file(ino - inner(0))};
}

static void fill(fuse_ino_t ino, struct stat *status) {
  memset(status, 0, sizeof *status);
  status->st_ino = ino;
  status->st_mode = is_directory(ino) ? S_IFDIR | 0555 : S_IFREG | 0444;
  status->st_nlink = 1;
  status->st_size = is_directory(ino) ? 0 : (off_t)sizeof text - 1;
  status->st_mtime = 1000000000;
}

// Found in hash tables elsewhere; numbers in names are the cheapest there is.
static fuse_ino_t find(fuse_ino_t parent, const char *name) {
  char *end;
  long number = strtol(name + 1, &end, 10);
  if (!name[0] || *end || end == name + 1 || number < 0) return 0;
  struct children in = children(parent);
  return name[0] == in.letter && number < in.count ? in.first + number : 0;
}

static void lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
  lookups++;
  struct fuse_entry_param entry = {.attr_timeout = valid, .entry_timeout = valid};
  entry.ino = find(parent, name);
  if (!entry.ino) {
    fuse_reply_err(request, ENOENT);
    return;
  }
  fill(entry.ino, &entry.attr);
  fuse_reply_entry(request, &entry);
}

static void getattr(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info) {
  (void)info;
  getattrs++;
  struct stat status;
  fill(ino, &status);
  fuse_reply_attr(request, &status, valid);
}

static void open_file(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info) {
  (void)ino;
  opens++;
  if (!cached) {
    fuse_reply_err(request, ENOSYS);
    return;
  }
  info->keep_cache = 1;
  info->cache_readdir = 1;
  fuse_reply_open(request, info);
}

static void read_file(fuse_req_t request, fuse_ino_t ino, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)ino, (void)info;
  reads++;
  size_t length = sizeof text - 1;
  size_t from = offset < (off_t)length ? (size_t)offset : length;
  fuse_reply_buf(request, text + from, size < length - from ? size : length - from);
}

static void list(fuse_req_t request, fuse_ino_t ino, size_t size, off_t offset, int plus) {
  readdirs++;
  char *buffer = malloc(size);
  size_t used = 0;
  struct children in = children(ino);
  for (long i = offset; i < in.count; i++) {
    char name[32];
    snprintf(name, sizeof name, "%c%ld", in.letter, i);
    struct fuse_entry_param entry = {.attr_timeout = valid, .entry_timeout = valid};
    entry.ino = in.first + i;
    fill(entry.ino, &entry.attr);
    size_t length = plus ? fuse_add_direntry_plus(request, buffer + used, size - used, name, &entry, i + 1)
                         : fuse_add_direntry(request, buffer + used, size - used, name, &entry.attr, i + 1);
    if (length > size - used) break;
    used += length;
  }
  fuse_reply_buf(request, buffer, used);
  free(buffer);
}

static void readdir_plain(fuse_req_t request, fuse_ino_t ino, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  list(request, ino, size, offset, 0);
}

static void readdir_plus(fuse_req_t request, fuse_ino_t ino, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  list(request, ino, size, offset, 1);
}

static void forget(fuse_req_t request, fuse_ino_t ino, uint64_t count) {
  (void)ino, (void)count;
  others++;
  fuse_reply_none(request);
}

static void init(void *data, struct fuse_conn_info *connection) {
  (void)data;
  connection->want |= connection->capable & (FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_READDIRPLUS | FUSE_CAP_READDIRPLUS_AUTO |
                                             FUSE_CAP_PARALLEL_DIROPS);
  connection->want &= ~FUSE_CAP_ASYNC_READ;
  if (!cached) connection->want |= connection->capable & (FUSE_CAP_NO_OPEN_SUPPORT | FUSE_CAP_NO_OPENDIR_SUPPORT);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: hello MOUNTPOINT DIRECTORIES FILES cached|uncached\n");
    return 2;
  }
  directories = atol(argv[2]);
  files = atol(argv[3]);
  cached = !strcmp(argv[4], "cached");
  valid = cached ? 3600 : 0;
  struct fuse_lowlevel_ops operations = {.init = init, .lookup = lookup, .getattr = getattr, .open = open_file,
                                         .opendir = open_file, .read = read_file, .readdir = readdir_plain,
                                         .readdirplus = readdir_plus, .forget = forget};
  char *arguments[] = {argv[0], "-o", "default_permissions,ro,fsname=hello", NULL};
  struct fuse_args args = FUSE_ARGS_INIT(3, arguments);
  struct fuse_session *session = fuse_session_new(&args, &operations, sizeof operations, NULL);
  if (!session || fuse_set_signal_handlers(session) || fuse_session_mount(session, argv[1])) return 1;
  // libfuse's own number; with less it spends its time ending threads and starting them.
  struct fuse_loop_config config = {.clone_fd = 0, .max_idle_threads = 10};
  fuse_session_loop_mt(session, &config);
  fuse_session_unmount(session);
  fuse_remove_signal_handlers(session);
  fuse_session_destroy(session);
  printf("lookup %ld getattr %ld open %ld read %ld readdir %ld\n", lookups, getattrs, opens, reads, readdirs);
  return 0;
}
