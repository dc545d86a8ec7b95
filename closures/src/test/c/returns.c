/*
 * A daemon that goes and comes back: 'returns MOUNTPOINT LIVE DEAD PID READY wait|loop|callback'. Attaches to the daemon
 * of that process, makes the file READY and kills it; then waits for another one at the same place. Ends with 1 at the
 * first that does not hold.
 */
#include "holds.h"

struct row {
  int number;
  char path[200];
  struct aeiou_entry entry;
};

enum { WATCH, READ, OUTSTANDING, LATE, CHAIN, CHAIN_END, LEFT, ANSWER, ROWS };

static const char *place, *live, *dead, *how;
static struct aeiou *net;
static struct aeiou_group group;
static int told[ROWS], stopped[ROWS], readings[ROWS], lost, found, returned_at;
static uint32_t last_reason[ROWS];
static struct aeiou_id watch_id;

static int ask(struct aeiou_group *of, int (*operation)(struct aeiou_group *, struct aeiou_entry *), int number,
               const char *system, const char *what, uint32_t flags) {
  struct row row = {.number = number, .entry = {.flags = flags}};
  snprintf(row.path, sizeof row.path, "%s%s%s", system, what[0] != '\0' ? "/" : "", what);
  row.entry.path = row.path;
  int result = operation(of, &row.entry);
  if (number == WATCH) watch_id = row.entry.id;
  return result;
}

static void on_row(int is_delayed, struct aeiou_entry *entry) {
  struct row *row = aeiou_container_of(entry, struct row, entry);
  HOLDS(is_delayed);
  char path[200];
  snprintf(path, sizeof path, "%s", entry->path);
  int number = row->number;
  told[number]++;
  readings[number] += entry->kind == AEIOU_READING;
  last_reason[number] = entry->kind == AEIOU_READING ? 0 : entry->reason;
  int is_stopped = entry->kind == AEIOU_FAILURE && entry->reason == AEIOU_STOPPED;
  stopped[number] += is_stopped;
  if (is_stopped && strcmp(how, "callback") == 0 && number == OUTSTANDING && stopped[number] == 1) {
    /* Waits inside a callback until the next daemon is there: what this one was told stays. */
    char before[200];
    snprintf(before, sizeof before, "%.*s", (int) entry->length, entry->value);
    struct aeiou_group inner;
    aeiou_begin(&inner, net, struct aeiou_entry, struct row, entry, on_row);
    HOLDS(ask(&inner, aeiou_read, READ, live, "system/sysDescr", AEIOU_FORCE_MISS) == 1);
    HOLDS(aeiou_wait(&inner, 40000) == 0 && readings[READ] == 1 && found == 1);
    HOLDS(strcmp(entry->path, path) == 0 && entry->length == strlen(before));
    HOLDS(row->number == number);
  }
}

static void on_connection(struct aeiou *of, int is_connected, const char *why, void *context) {
  HOLDS(of == net && context == &found);
  if (is_connected) {
    HOLDS(why[0] == '\0' && lost == 1);
    found++;
  } else {
    HOLDS(strcmp(why, "the daemon is gone") == 0 && !aeiou_is_connected(net));
    lost++;
  }
}

static int is_done(void) { return found == 1 && readings[READ] > 0 && readings[LATE] == 1; }

/* Runs callbacks until that is so, for 40 s at the most. */
static void until(int (*is_reached)(void)) {
  uint64_t end = aeiou_in(40000);
  while (!is_reached() && aeiou_now() < end) {
    if (strcmp(how, "loop") == 0) {
      HOLDS(aeiou_dispatch(net) >= 0);
      struct pollfd readable = {aeiou_fd(net), POLLIN, 0};
      if (!is_reached()) HOLDS(poll(&readable, 1, 20000) == 1);
    } else {
      int result = aeiou_wait_some(&group, 1, 500);
      HOLDS(result == 0 || result == -ETIMEDOUT);
    }
  }
  HOLDS(is_reached());
}

static int has_two(void) { return readings[WATCH] >= 2; }
static int is_lost(void) { return lost == 1 && stopped[OUTSTANDING] == 20; }
static int has_more(void) { return readings[WATCH] >= returned_at + 2; }

int main(int count, char **arguments) {
  HOLDS(count == 7);
  place = arguments[1];
  live = arguments[2];
  dead = arguments[3];
  how = arguments[6];
  struct aeiou_geometry geometry = {64, 512, 256, 0};
  net = aeiou_attach(place, &geometry);
  HOLDS(net != NULL);
  HOLDS(aeiou_reconnect(net, on_connection, &found) == 0 && aeiou_reconnect(net, NULL, NULL) == -EALREADY);
  uint64_t epoch = net->epoch;
  int fd = aeiou_fd(net);
  aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_row);
  HOLDS(ask(&group, aeiou_watch, WATCH, live, "system/sysUpTime", 0) == 1);
  aeiou_end(&group);
  until(has_two);
  for (int i = 0; i < 20; i++) HOLDS(ask(&group, aeiou_read, OUTSTANDING, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  aeiou_end(&group);
  usleep(100000); /* the daemon has taken them */
  kill(atoi(arguments[4]), SIGKILL);
  FILE *ready = fopen(arguments[5], "w");
  HOLDS(ready != NULL && fclose(ready) == 0);
  if (strcmp(how, "callback") != 0) {
    until(is_lost);
    HOLDS(readings[WATCH] >= 2 && stopped[WATCH] == 0 && aeiou_checkprogress(&group).pending == 1);
    HOLDS(!aeiou_is_connected(net));
  }
  /* What is asked meanwhile waits, as far as there are pages. */
  HOLDS(ask(&group, aeiou_read, LATE, live, "system/sysName", 0) == 1);
  struct row steps[2] = {{.number = CHAIN}, {.number = CHAIN_END}};
  snprintf(steps[0].path, sizeof steps[0].path, "%s/system/sysName", live);
  snprintf(steps[1].path, sizeof steps[1].path, "{}/system/sysContact");
  struct aeiou_step chain[2] = {{AEIOU_READ, AEIOU_STOP_ON_ERROR, &steps[0].entry}, {AEIOU_READ, 0, &steps[1].entry}};
  for (int i = 0; i < 2; i++) steps[i].entry.path = steps[i].path;
  HOLDS(aeiou_chain(&group, chain, 2) == 1);
  struct aeiou_group left;
  aeiou_begin(&left, net, struct aeiou_entry, struct row, entry, on_row);
  HOLDS(ask(&left, aeiou_read, LEFT, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
  aeiou_leave(&left);
  HOLDS(told[LEFT] == 1 && last_reason[LEFT] == AEIOU_CANCELLED);
  if (strcmp(how, "callback") != 0) {
    int asked = 0, result;
    while ((result = ask(&group, aeiou_read, READ, live, "system/sysName", AEIOU_FORCE_MISS)) == 1) asked++;
    HOLDS(result == -EAGAIN && asked == 64 - 5 - 5);
  }
  until(is_done);
  HOLDS(net->epoch != epoch && aeiou_is_connected(net) && aeiou_fd(net) == fd);
  HOLDS(aeiou_wait_some(&group, 0, 0) == 0);
  returned_at = readings[WATCH];
  until(has_more);
  while (aeiou_checkprogress(&group).pending > 1) HOLDS(aeiou_wait_some(&group, 1, 20000) == 0);
  HOLDS(stopped[OUTSTANDING] == 20 && told[OUTSTANDING] == 20 && stopped[WATCH] == 0 && stopped[LATE] == 0);
  HOLDS(readings[CHAIN] == 1 && readings[CHAIN_END] == 1 && told[LEFT] == 1 && lost == 1 && found == 1);
  /* The watch is still that of its id, also at the new daemon. */
  struct row answer = {.number = ANSWER};
  HOLDS(aeiou_cancel(&group, &answer.entry, watch_id) == 1);
  HOLDS(aeiou_wait(&group, 20000) == 0 && last_reason[ANSWER] == AEIOU_IS_CANCELLED);
  HOLDS(last_reason[WATCH] == AEIOU_CANCELLED);
  /* All pages are there again. */
  int asked = 0;
  while (ask(&group, aeiou_read, READ, live, "system/sysName", AEIOU_FORCE_MISS) == 1) asked++;
  HOLDS(asked == 59 && aeiou_wait(&group, 20000) == 0);
  aeiou_detach(net);
  puts("all hold");
  return 0;
}
