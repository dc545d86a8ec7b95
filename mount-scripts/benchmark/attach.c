/*
 * What is answered inside the call, again and again: 'attach MOUNTPOINT FILE DIRECTORY NONE COUNT'. FILE is an attribute,
 * DIRECTORY has the names that are told, NONE is no name. Prints nanoseconds for each of them, in turns: a read, a stat, a
 * stat of a file of which nothing was read, a list that tells every name, a list that tells none, a read of no name.
 */
#include "aeiou.h"

struct row {
  struct aeiou_entry entry;
};

static uint64_t bytes, told;
static char unread[400];

static void on_value(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  bytes += entry->length;
}

static void on_names(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  struct aeiou_names names;
  struct aeiou_name name;
  if (aeiou_names(&names, entry) != 0) return;
  while (aeiou_next_name(&names, &name) > 0) {
    bytes += name.length;
    told++;
  }
}

/* Takes the last file of a listing that is not this one. */
static void on_unread(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  struct aeiou_names names;
  struct aeiou_name name;
  if (aeiou_names(&names, entry) != 0) return;
  while (aeiou_next_name(&names, &name) > 0)
    if (!name.is_directory) snprintf(unread, sizeof unread, "%s/%.*s", entry->path, (int) name.length, name.name);
}

static const struct {
  const char *what;
  int (*how)(struct aeiou_group *, struct aeiou_entry *);
  int argument; /* 0: the unread file */
  aeiou_callback callback;
} kinds[] = {{"read", aeiou_read, 2, on_value},  {"stat", aeiou_stat, 2, on_value},
             {"unread", aeiou_stat, 0, on_value}, {"list", aeiou_list, 3, on_names},
             {"listing", aeiou_list, 3, on_value}, {"none", aeiou_read, 4, on_value}};

enum { KINDS = sizeof kinds / sizeof *kinds, TURNS = 20 };

int main(int count, char **arguments) {
  if (count != 6) return 2;
  struct aeiou *net = aeiou_attach(arguments[1], NULL);
  if (net == NULL) {
    perror(arguments[1]);
    return 1;
  }
  char above[400];
  snprintf(above, sizeof above, "%s", arguments[2]);
  *strrchr(above, '/') = '\0';
  struct aeiou_group groups[KINDS], first;
  aeiou_begin(&first, net, struct aeiou_entry, struct row, entry, on_unread);
  struct row row = {.entry = {.path = above}};
  if (aeiou_list(&first, &row.entry) < 0 || aeiou_wait(&first, 10000) != 0) return 1;
  uint64_t took[KINDS] = {0};
  long times = atol(arguments[5]) / TURNS;
  for (int turn = -1; turn < TURNS; turn++) {
    for (int kind = 0; kind < KINDS; kind++) {
      if (turn < 0) aeiou_begin(&groups[kind], net, struct aeiou_entry, struct row, entry, kinds[kind].callback);
      row.entry.path = kinds[kind].argument == 0 ? unread : arguments[kinds[kind].argument];
      uint64_t start = aeiou_now();
      for (long i = turn < 0 ? times - 1 : 0; i < times; i++) {
        /* It is delayed the first time, and when its time is over. */
        if (kinds[kind].how(&groups[kind], &row.entry) > 0 && aeiou_wait(&groups[kind], 10000) != 0) return 1;
      }
      if (turn >= 0) took[kind] += aeiou_now() - start;
      if (turn < 0) told = 0;
      aeiou_end(&groups[kind]);
    }
  }
  int is_good = bytes > 0;
  for (int kind = 0; kind < KINDS; kind++) {
    struct aeiou_progress progress = aeiou_checkprogress(&groups[kind]);
    printf("%s %.1f %llu\n", kinds[kind].what, (double) took[kind] / (double) times / TURNS,
           (unsigned long long) progress.delayed);
    is_good &= progress.delayed <= 20 && progress.refused == 0;
  }
  printf("names %.1f 0\n", (double) told / (double) times / TURNS);
  aeiou_detach(net);
  return !is_good;
}
