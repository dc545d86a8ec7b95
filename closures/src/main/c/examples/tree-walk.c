/*
 * Walks a tree with closures: each listing asks for what it names, and whatever comes first is gone on with first.
 * It prints every attribute; "=" in front of what was told inside the call, "…" of what came later.
 *
 *     cc -O2 -I closures/src/main/c -o tree-walk closures/src/main/c/examples/tree-walk.c
 *     ./tree-walk /net core1/system
 *
 * With a number of passes it looks at every file as stat does instead, and prints a line for each pass. The first one
 * asks the daemon; in the next ones everything is told inside the call, with no system call at all:
 *
 *     ./tree-walk -n 2 /net
 */
#include "aeiou.h"

struct step {
  struct aeiou_entry entry;
};

typedef int (*operation)(struct aeiou_group *, struct aeiou_entry *);

/* What waits until there is a page for it. */
struct later {
  struct later *next;
  operation how;
  char path[];
};

static struct aeiou_group names, files;
static operation look_at = aeiou_read;
static struct later *laters;
static unsigned long directories, found;
static int failed;

static void complain(const char *path, const char *what, size_t length) {
  fprintf(stderr, "%s: %.*s\n", path, (int) length, what);
  failed = 1;
}

static void ask(operation how, const char *path) {
  struct step step = {.entry = {.path = path}};
  int result = how(how == aeiou_list ? &names : &files, &step.entry);
  if (result == -EAGAIN) {
    struct later *later = malloc(sizeof *later + strlen(path) + 1);
    if (later == NULL) abort();
    later->next = laters;
    later->how = how;
    strcpy(later->path, path);
    laters = later;
  } else if (result < 0) {
    complain(path, strerror(-result), strlen(strerror(-result)));
  }
}

static void on_file(int is_delayed, struct aeiou_entry *entry) {
  if (entry->kind == AEIOU_FAILURE) {
    complain(entry->path, entry->value, entry->length);
  } else if (look_at == aeiou_read && entry->kind == AEIOU_READING) {
    printf("%s %s: %.*s\n", is_delayed ? "…" : "=", entry->path, (int) entry->length, entry->value);
  }
  found++;
}

static void on_names(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  struct aeiou_names listing;
  struct aeiou_name name;
  int result = aeiou_names(&listing, entry);
  if (result != 0) {
    complain(entry->path, entry->value, entry->length);
    return;
  }
  directories++;
  char path[1200];
  size_t above = strlen(entry->path);
  memcpy(path, entry->path, above);
  if (above > 0) path[above++] = '/';
  while ((result = aeiou_next_name(&listing, &name)) > 0) {
    if (above + name.length >= sizeof path) continue; /* longer than any path can be */
    if (name.name[0] == '.') continue; /* what the daemon tells of itself is made when it is asked for */
    memcpy(path + above, name.name, name.length);
    path[above + name.length] = '\0';
    ask(name.is_directory ? aeiou_list : look_at, path);
  }
  if (result < 0) complain(entry->path, strerror(-result), strlen(strerror(-result)));
  /* What is found now leaves now. */
  aeiou_end(entry->group);
}

/* Walks it once. Returns 0, or as aeiou_wait. */
static int walk(struct aeiou *net, const char *path) {
  aeiou_begin(&names, net, struct aeiou_entry, struct step, entry, on_names);
  aeiou_begin(&files, net, struct aeiou_entry, struct step, entry, on_file);
  directories = found = 0;
  ask(aeiou_list, path);
  int result = 0;
  while (result == 0 && (names.progress.pending > 0 || files.progress.pending > 0 || laters != NULL)) {
    result = aeiou_wait_some(names.progress.pending > 0 ? &names : &files, 1, 60000);
    struct later *again = laters;
    for (laters = NULL; again != NULL;) {
      struct later *next = again->next;
      ask(again->how, again->path);
      free(again);
      again = next;
    }
  }
  return result;
}

int main(int count, char **arguments) {
  long passes = 1;
  int option;
  while ((option = getopt(count, arguments, "n:")) == 'n') {
    passes = atol(optarg);
    look_at = aeiou_stat;
  }
  if (option != -1 || optind >= count || optind + 2 < count || passes < 1) {
    fprintf(stderr, "usage: %s [-n PASSES] MOUNTPOINT [PATH]\n", arguments[0]);
    return 2;
  }
  const char *place = arguments[optind], *path = optind + 1 < count ? arguments[optind + 1] : "";
  struct aeiou_geometry geometry = {.pages = 8192, .page_bytes = 1152, .outcome_bytes = 1024, .arena_bytes = 16 << 20};
  char why[256] = "";
  struct aeiou *net = aeiou_attach_why(place, &geometry, why);
  if (net == NULL) {
    fprintf(stderr, "%s\n", why);
    return 1;
  }
  static char lines[1 << 16];
  setvbuf(stdout, lines, _IOFBF, sizeof lines);
  int result = 0;
  for (long pass = 1; result == 0 && pass <= passes; pass++) {
    uint64_t start = aeiou_now();
    result = walk(net, path);
    double took = (double) (aeiou_now() - start) / 1e6;
    uint64_t immediate = names.progress.immediate + files.progress.immediate;
    uint64_t delayed = names.progress.delayed + files.progress.delayed;
    fprintf(look_at == aeiou_stat ? stdout : stderr,
            "%lu directories, %lu files: %llu immediate, %llu delayed, %llu failed, %.1f ms\n", directories, found,
            (unsigned long long) immediate, (unsigned long long) delayed,
            (unsigned long long) (names.progress.failed + files.progress.failed), took);
  }
  aeiou_detach(net);
  if (result != 0) complain(place, strerror(-result), strlen(strerror(-result)));
  return result != 0 || failed;
}
