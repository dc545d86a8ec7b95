/*
 * What a debug build says of a program that breaks a rule, and then ends it: 'misuse MOUNTPOINT SYSTEM CASE'. Compiled with
 * AEIOU_DEBUG. A case that goes on behind what it should not do ends with 3.
 */
#include "holds.h"

#include <sys/wait.h>

struct row {
  char path[200];
  struct aeiou_entry entry;
};

static struct aeiou *net;
static struct aeiou_group group;
static struct aeiou_entry *kept;
static char path[200];
static const char *what;

static void on_row(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  HOLDS(entry->kind == AEIOU_READING);
  kept = entry;
  if (strcmp(what, "wait in a callback") == 0) aeiou_wait(&group, 1000);
  if (strcmp(what, "loop in a callback") == 0) aeiou_dispatch(net);
}

static int ask(int (*how)(struct aeiou_group *, struct aeiou_entry *), uint32_t flags) {
  struct row row = {.entry = {.path = path, .flags = flags}};
  return how(&group, &row.entry);
}

int main(int count, char **arguments) {
  HOLDS(count == 4);
  what = arguments[3];
  snprintf(path, sizeof path, "%s/system/sysName", arguments[2]);
  net = aeiou_attach(arguments[1], NULL);
  HOLDS(net != NULL);
  aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_row);
  const char *then = what;
  what = "";
  HOLDS(ask(aeiou_read, 0) >= 0 && aeiou_wait(&group, 10000) == 0); /* now it is cached */
  HOLDS(ask(aeiou_read, AEIOU_FORCE_MISS) == 1 && aeiou_wait(&group, 10000) == 0);
  what = then;
  struct aeiou_entry *delayed = kept;
  if (strcmp(what, "nothing") == 0) {
    struct row row = {.entry = {.path = path}};
    for (int i = 0; i < 3; i++) HOLDS(aeiou_read(&group, &row.entry) == 0); /* as often as it likes */
    aeiou_leave(&group);
    aeiou_detach(net);
    return 0;
  }
  if (strcmp(what, "entry again") == 0) aeiou_read(&group, delayed);
  if (strcmp(what, "value of a delayed entry") == 0) aeiou_stat_number(delayed, AEIOU_STAT_SIZE);
  if (strcmp(what, "names of an immediate entry") == 0) {
    struct row row = {.entry = {.path = path}};
    struct aeiou_names names;
    HOLDS(aeiou_read(&group, &row.entry) == 0);
    aeiou_names(&names, &row.entry);
  }
  if (strstr(what, "in a callback") != NULL) ask(aeiou_read, 0);
  if (strcmp(what, "after a fork") == 0) {
    pid_t child = fork();
    if (child == 0) {
      ask(aeiou_read, 0);
      _exit(3);
    }
    int status;
    HOLDS(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status)) abort();
  }
  if (strstr(what, "after it was detached") != NULL) {
    aeiou_detach(net);
    if (what[0] == 'a') ask(aeiou_read, 0);
    if (what[0] == 'w') aeiou_wait(&group, 10);
    if (what[0] == 'd') aeiou_detach(net);
  }
  return 3;
}
