/*
 * What holds when things end or run short, against a real daemon: 'ends MOUNTPOINT LIVE DEAD PID', where LIVE is a system
 * that answers and whose sysName is stale after 300 ms, DEAD one that does not answer for many seconds, and PID the daemon's,
 * which is killed at the end. With 'ends attach PLACE' it only tries to attach, for half a second.
 */
#include "holds.h"

#include <sys/wait.h>

struct row {
  int number;
  int *told; /* how often the callback ran, by what it was told */
  char path[200];
  struct aeiou_entry entry;
};

enum { READ, CANCELLED, STOPPED, ANSWERED, OTHER, KINDS };

static const char *place, *live, *dead;
static uint32_t last_kind, last_reason;
static char last_value[1000];

static void on_row(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  struct row *row = aeiou_container_of(entry, struct row, entry);
  last_kind = entry->kind;
  last_reason = entry->reason;
  size_t length = entry->length < sizeof last_value - 1 ? entry->length : sizeof last_value - 1;
  memcpy(last_value, entry->value, length);
  last_value[length] = '\0';
  int what = entry->kind == AEIOU_READING                                           ? READ
             : entry->kind == AEIOU_CANCEL                                          ? ANSWERED
             : entry->kind == AEIOU_FAILURE && entry->reason == AEIOU_CANCELLED     ? CANCELLED
             : entry->kind == AEIOU_FAILURE && entry->reason == AEIOU_STOPPED       ? STOPPED
                                                                                    : OTHER;
  row->told[what]++;
}

static struct row make(int *told, const char *system, const char *what) {
  struct row row = {.told = told};
  snprintf(row.path, sizeof row.path, "%s%s%s", system, what[0] != '\0' ? "/" : "", what);
  return row;
}

static int ask(struct aeiou_group *group, int (*how)(struct aeiou_group *, struct aeiou_entry *), int *told,
               const char *system, const char *what, uint32_t flags) {
  struct row row = make(told, system, what);
  row.entry.path = row.path;
  row.entry.flags = flags;
  return how(group, &row.entry);
}

static void begin(struct aeiou_group *group, struct aeiou *net) {
  aeiou_begin(group, net, struct aeiou_entry, struct row, entry, on_row);
}

static struct aeiou *attach(uint32_t pages, uint32_t page_bytes, uint32_t outcome_bytes, uint32_t arena_bytes) {
  struct aeiou_geometry geometry = {pages, page_bytes, outcome_bytes, arena_bytes};
  char why[256] = "";
  struct aeiou *net = aeiou_attach_why(place, &geometry, why);
  if (net == NULL) fprintf(stderr, "%s\n", why);
  HOLDS(net != NULL);
  return net;
}

static void space_for_long_values_comes_back_after_a_flood(void) {
  struct aeiou *net = attach(128, 512, 128, 32 * 1024);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  for (int i = 0; i < 100; i++) HOLDS(ask(&group, aeiou_read, told, ".aeiou", "stats", 0) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  HOLDS(told[READ] > 0 && told[READ] + told[OTHER] == 100);
  for (int i = 0; i < 100; i++) {
    HOLDS(ask(&group, aeiou_read, told, ".aeiou", "stats", 0) == 1);
    HOLDS(aeiou_wait(&group, 10000) == 0);
    HOLDS(last_kind == AEIOU_READING && strlen(last_value) > 64);
  }
  aeiou_detach(net);
}

static void stale_hits_take_no_page_from_the_program(void) {
  struct aeiou *net = attach(8, 512, 256, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  ask(&group, aeiou_read, told, live, "system/sysName", 0);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  usleep(400000);
  uint64_t stale = aeiou_checkprogress(&group).stale;
  for (int i = 0; i < 1000; i++) HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", 0) == 0);
  HOLDS(aeiou_checkprogress(&group).stale == stale + 1000);
  HOLDS(net->silent_count == 1);
  for (int i = 0; i < 6; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  aeiou_end(&group);
  /* What was asked for is there, for the next hit. */
  uint64_t end = aeiou_now() + 10000000000u;
  do {
    stale = aeiou_checkprogress(&group).stale;
    ask(&group, aeiou_read, told, live, "system/sysName", 0);
    aeiou_end(&group);
  } while (aeiou_checkprogress(&group).stale != stale && aeiou_now() < end);
  HOLDS(aeiou_checkprogress(&group).stale == stale);
  aeiou_detach(net);
}

static void stale_hits_have_pages_of_their_own(void) {
  struct aeiou *net = attach(16, 512, 256, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  ask(&group, aeiou_read, told, live, "system/sysName", 0);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  usleep(400000);
  for (int i = 0; i < 14; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == -EAGAIN);
  HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", 0) == 0 && aeiou_checkprogress(&group).stale > 0);
  aeiou_end(&group);
  uint64_t end = aeiou_now() + 10000000000u, stale;
  do {
    stale = aeiou_checkprogress(&group).stale;
    /* No page is left for a miss, which a slot that is being written is. */
    while (ask(&group, aeiou_read, told, live, "system/sysName", 0) == -EAGAIN && aeiou_now() < end) aeiou_end(&group);
    aeiou_end(&group);
  } while (aeiou_checkprogress(&group).stale != stale && aeiou_now() < end);
  HOLDS(aeiou_checkprogress(&group).stale == stale);
  aeiou_detach(net);
}

static void child_of_a_fork_is_refused_and_its_parent_goes_on(void) {
  struct aeiou *net = attach(16, 512, 256, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", 0) >= 0);
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  pid_t child = fork();
  if (child == 0) {
    HOLDS(ask(&group, aeiou_read, told, live, "system/sysContact", 0) == -ENOTCONN);
    HOLDS(ask(&group, aeiou_list, told, live, "system", 0) == -ENOTCONN);
    HOLDS(aeiou_prefetch(net, "x") == -ENOTCONN);
    struct row answer = {.told = told};
    HOLDS(aeiou_cancel(&group, &answer.entry, (struct aeiou_id){net->key, 1}) == -ENOTCONN);
    int before = told[READ];
    HOLDS(aeiou_wait(&group, 100) == -ENOTCONN && aeiou_dispatch(net) == -ENOTCONN);
    HOLDS(strstr(aeiou_message(net), "before a fork; attach again") != NULL);
    aeiou_leave(&group);
    aeiou_detach(net);
    HOLDS(told[READ] == before && told[STOPPED] == 0 && told[CANCELLED] == 0);
    struct aeiou *mine = attach(4, 512, 256, 0);
    begin(&group, mine);
    HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
    HOLDS(aeiou_wait(&group, 10000) == 0 && strcmp(last_value, live) == 0);
    aeiou_detach(mine);
    _exit(0);
  }
  int status;
  HOLDS(waitpid(child, &status, 0) == child && status == 0);
  for (int i = 0; i < 50; i++) {
    HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
    HOLDS(aeiou_wait_some(&group, 1, 10000) == 0 && strcmp(last_value, live) == 0);
  }
  aeiou_detach(net);
  HOLDS(told[STOPPED] == 1);
}

static void on_fork(int is_delayed, struct aeiou_entry *entry) {
  if (fork() == 0) return; /* the child goes on behind the wait */
  int status;
  HOLDS(wait(&status) > 0 && status == 0);
  on_row(is_delayed, entry);
}

static void fork_in_a_callback_leaves_the_parents_rings_alone(void) {
  struct aeiou *net = attach(16, 512, 256, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_fork);
  pid_t parent = getpid();
  for (int i = 0; i < 5; i++) HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
  int result = aeiou_wait(&group, 10000);
  if (getpid() != parent) _exit(result == -ENOTCONN && aeiou_checkprogress(&group).pending > 0 ? 0 : result == -ENOTCONN ? 0 : 1);
  HOLDS(result == 0 && told[READ] == 5);
  aeiou_detach(net);
}

static void cancels_find_a_page_when_all_are_in_use(void) {
  struct aeiou *net = attach(8, 512, 128, 0);
  int told[KINDS] = {0}, answers[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  struct aeiou_id ids[7];
  for (int i = 0; i < 7; i++) {
    struct row row = make(told, dead, "system/sysName");
    row.entry.path = row.path;
    row.entry.flags = AEIOU_FORCE_MISS;
    HOLDS(aeiou_read(&group, &row.entry) == 1);
    ids[i] = row.entry.id;
  }
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == -EAGAIN);
  aeiou_end(&group);
  for (int i = 0; i < 7; i++) {
    struct row answer = {.told = answers};
    HOLDS(aeiou_cancel(&group, &answer.entry, ids[i]) == 1);
  }
  HOLDS(aeiou_wait(&group, 10000) == 0);
  HOLDS(told[CANCELLED] == 7 && answers[ANSWERED] == 7 && last_reason == AEIOU_IS_CANCELLED);
  struct row late = {.told = answers};
  HOLDS(aeiou_cancel(&group, &late.entry, ids[0]) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0 && last_reason == AEIOU_TOO_LATE);
  /* More than there can be requests are refused; as many are not. */
  for (int i = 0; i < 7; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  int accepted = 0, result;
  do {
    struct row answer = {.told = answers};
    result = aeiou_cancel(&group, &answer.entry, (struct aeiou_id){net->key, 1u << 30});
    accepted += result == 1;
  } while (result == 1);
  HOLDS(result == -EAGAIN && accepted >= 8);
  aeiou_detach(net);
  HOLDS(told[STOPPED] == 7 && answers[ANSWERED] + answers[STOPPED] == 8 + accepted);
}

static void group_is_cancelled_as_a_whole(void) {
  struct aeiou *net = attach(16, 512, 128, 0);
  int told[KINDS] = {0}, others[KINDS] = {0}, answers[KINDS] = {0};
  struct aeiou_group group, other;
  begin(&group, net);
  begin(&other, net);
  for (int i = 0; i < 10; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  HOLDS(ask(&other, aeiou_read, others, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  struct row answer = {.told = answers};
  HOLDS(aeiou_cancel_group(&group, &answer.entry) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0 && last_reason == AEIOU_IS_CANCELLED);
  HOLDS(told[CANCELLED] == 10 && answers[ANSWERED] == 1 && others[CANCELLED] == 0);
  HOLDS(aeiou_cancel_group(&group, &answer.entry) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0 && last_reason == AEIOU_UNKNOWN);
  aeiou_detach(net);
  HOLDS(others[STOPPED] == 1);
}

static void on_outer(int is_delayed, struct aeiou_entry *entry) {
  char before[200];
  snprintf(before, sizeof before, "%.*s", (int) entry->length, entry->value);
  struct row *row = aeiou_container_of(entry, struct row, entry);
  if (row->number < 3) {
    struct row inner = make(row->told, live, row->number % 2 == 0 ? "system/sysDescr" : "system/sysName");
    inner.number = row->number + 1;
    inner.entry.path = inner.path;
    HOLDS(aeiou_read(entry->group, &inner.entry) == 0);
  }
  HOLDS(entry->length == strlen(before) && memcmp(entry->value, before, entry->length) == 0);
  on_row(is_delayed, entry);
}

static void hit_inside_a_callback_leaves_the_value_outside_alone(void) {
  struct aeiou *net = attach(16, 512, 128, 4096);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  ask(&group, aeiou_read, told, live, "system/sysName", 0);
  ask(&group, aeiou_read, told, live, "system/sysDescr", 0);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  memset(told, 0, sizeof told);
  aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_outer);
  HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", 0) == 0 && told[READ] == 4);
  HOLDS(ask(&group, aeiou_read, told, live, "system/sysDescr", AEIOU_FORCE_MISS) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0 && told[READ] == 8);
  aeiou_detach(net);
}

static void leave_in_the_middle(struct aeiou *net, int *told) {
  AEIOU_SCOPED struct aeiou_group group = {0};
  begin(&group, net);
  for (int i = 0; i < 3; i++) HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
  for (int i = 0; i < 3; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  HOLDS(ask(&group, aeiou_watch, told, live, "system/sysName", 0) == 1);
  aeiou_end(&group);
}

static void group_that_goes_out_of_scope_ends_its_requests_there(void) {
  struct aeiou *net = attach(8, 512, 128, 0);
  for (int i = 0; i < 20; i++) {
    int told[KINDS] = {0}, others[KINDS] = {0};
    leave_in_the_middle(net, told);
    HOLDS(told[CANCELLED] == 7);
    /* Its pages come back, and whatever else comes of it touches nothing of what was its scope. */
    struct aeiou_group group;
    begin(&group, net);
    int result;
    for (int tries = 0; tries < 1000; tries++) {
      for (int k = 0; k < 7; k++) {
        result = ask(&group, aeiou_read, others, live, "system/sysName", AEIOU_FORCE_MISS);
        if (result < 0) break;
      }
      HOLDS(aeiou_wait(&group, 10000) == 0 && others[CANCELLED] == 0);
      if (result == 1) break;
      HOLDS(result == -EAGAIN);
      aeiou_dispatch(net);
      usleep(1000);
    }
    HOLDS(result == 1 && told[CANCELLED] == 7 && told[READ] == 0);
  }
  struct aeiou_group left;
  int told[KINDS] = {0};
  begin(&left, net);
  aeiou_leave(&left);
  HOLDS(ask(&left, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == -ECANCELED);
  aeiou_detach(net);
}

static void detaching_ends_each_request_once(void) {
  struct aeiou *net = attach(64, 512, 128, 0);
  int told[KINDS] = {0};
  AEIOU_SCOPED struct aeiou_group group = {0};
  begin(&group, net);
  for (int i = 0; i < 30; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  HOLDS(ask(&group, aeiou_watch, told, live, "system/sysContact", 0) == 1);
  aeiou_end(&group);
  struct row answer = {.told = told};
  HOLDS(aeiou_cancel_group(&group, &answer.entry) == 1); /* whose answer the test does not wait for */
  aeiou_detach(net);
  int ends = told[STOPPED] + told[CANCELLED] + told[ANSWERED];
  HOLDS(ends == 32 && aeiou_checkprogress(&group).pending == 0);
}

static struct aeiou *to_detach;

static void on_detach(int is_delayed, struct aeiou_entry *entry) {
  on_row(is_delayed, entry);
  aeiou_detach(to_detach);
  struct row *row = aeiou_container_of(entry, struct row, entry);
  HOLDS(entry->length > 0 && row->told != NULL); /* still there */
}

static void callback_may_detach(void) {
  for (int is_hit = 0; is_hit < 2; is_hit++) {
    struct aeiou *net = to_detach = attach(16, 512, 128, 0);
    int told[KINDS] = {0};
    struct aeiou_group first, group;
    begin(&first, net);
    HOLDS(ask(&first, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
    aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_detach);
    if (is_hit) {
      HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", 0) == 0);
      HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", 0) == -ENOTCONN);
    } else {
      for (int i = 0; i < 3; i++) HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
      HOLDS(aeiou_wait(&group, 10000) == -ENOTCONN);
    }
    HOLDS(told[READ] + told[STOPPED] == (is_hit ? 2 : 4) && told[READ] >= 1);
  }
}

static void flags_that_mean_nothing_are_refused(void) {
  struct aeiou *net = attach(16, 512, 128, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  for (uint32_t flag = 4; flag != 0; flag <<= 1)
    if (flag != AEIOU_BACKGROUND) HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", flag) == -EINVAL);
  HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_HIT_ONLY | AEIOU_FORCE_MISS) == -EINVAL);
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_HIT_ONLY) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0 && last_reason == AEIOU_NOT_CACHED);
  HOLDS(aeiou_checkprogress(&group).refused == 30);
  aeiou_detach(net);
}

static void what_is_no_file_is_said_as_files_do(void) {
  struct aeiou *net = attach(16, 4096, 256, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  HOLDS(ask(&group, aeiou_read, told, live, "system", 0) >= 0 && aeiou_wait(&group, 10000) == 0);
  HOLDS(last_reason == AEIOU_IS_DIRECTORY && strcmp(last_value, "is a directory") == 0);
  HOLDS(ask(&group, aeiou_list, told, live, "system/sysName", 0) >= 0 && aeiou_wait(&group, 10000) == 0);
  HOLDS(last_reason == AEIOU_NOT_DIRECTORY);
  char path[2000];
  memset(path, 'x', sizeof path);
  path[sizeof path - 1] = '\0';
  struct row row = {.told = told, .entry = {.path = path}};
  HOLDS(aeiou_read(&group, &row.entry) == 1 && aeiou_wait(&group, 10000) == 0);
  HOLDS(last_reason == AEIOU_NAME_TOO_LONG);
  aeiou_detach(net);
  net = attach(16, 512, 256, 0);
  begin(&group, net);
  HOLDS(aeiou_read(&group, &row.entry) == -ENAMETOOLONG);
  aeiou_detach(net);
}

static void attribute_is_described_with_its_value_first(void) {
  struct aeiou *net = attach(16, 512, 512, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  HOLDS(ask(&group, aeiou_describe, told, live, "system/sysName", 0) == 1 && aeiou_wait(&group, 10000) == 0);
  HOLDS(strcmp(last_value, "value") == 0 && strcmp(last_value + 6, live) == 0);
  aeiou_detach(net);
}

static void slashes_around_names_change_nothing(void) {
  struct aeiou *net = attach(16, 512, 128, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  ask(&group, aeiou_read, told, live, "system/sysName", 0);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  char slashes[100];
  snprintf(slashes, sizeof slashes, "//%s/", live);
  HOLDS(ask(&group, aeiou_read, told, slashes, "system//sysName//", 0) == 0 && strcmp(last_value, live) == 0);
  HOLDS(ask(&group, aeiou_read, told, slashes, "system//sysName//", AEIOU_FORCE_MISS) == 1);
  HOLDS(aeiou_wait(&group, 10000) == 0 && strcmp(last_value, live) == 0);
  aeiou_detach(net);
}

static void wait_for_some_ends_with_an_event_of_a_watch(void) {
  struct aeiou *net = attach(16, 512, 128, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  HOLDS(ask(&group, aeiou_watch, told, live, "system/sysUpTime", 0) == 1);
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  for (int i = 1; i <= 3; i++) {
    HOLDS(aeiou_wait_some(&group, 1, 20000) == 0 && told[READ] == i);
    HOLDS(aeiou_checkprogress(&group).pending == 2);
  }
  aeiou_detach(net);
  HOLDS(told[STOPPED] == 2);
}

static void event_loop_is_woken_and_runs_what_has_come(void) {
  struct aeiou *net = attach(16, 512, 128, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  for (int i = 0; i < 20; i++) {
    HOLDS(ask(&group, aeiou_read, told, live, "system/sysName", AEIOU_FORCE_MISS) == 1);
    aeiou_end(&group);
    HOLDS(aeiou_dispatch(net) >= 0);
    while (told[READ] == i) {
      struct pollfd readable = {aeiou_fd(net), POLLIN, 0};
      HOLDS(poll(&readable, 1, 10000) == 1);
      HOLDS(aeiou_dispatch(net) >= 0);
    }
  }
  aeiou_detach(net);
}

static void program_that_is_cut_off_hears_why(void) {
  struct aeiou *net = attach(16, 512, 128, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  aeiou_end(&group);
  aeiou_enter(net, 4711);
  HOLDS(aeiou_wait(&group, 10000) == -ENOTCONN && told[STOPPED] == 1);
  HOLDS(strcmp(last_value, "the daemon ended this attachment: it submits page 4711 of 16") == 0);
  HOLDS(strcmp(last_value, aeiou_message(net)) == 0);
  HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", 0) == -ENOTCONN);
  aeiou_detach(net);
  HOLDS(told[STOPPED] == 1);
}

/* Tries a socket at which no daemon answers: first one that takes connections, then one that is full. */
static void attaching_has_a_time_limit(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "/tmp/aeiou-ends-%d.sock", (int) getpid());
  int listening = socket(AF_UNIX, SOCK_STREAM, 0);
  HOLDS(bind(listening, (struct sockaddr *) &address, sizeof address) == 0 && listen(listening, 0) == 0);
  for (int i = 0; i < 3; i++) {
    char why[256];
    HOLDS(aeiou_attach_within(address.sun_path, NULL, 100, why) == NULL && errno == ETIMEDOUT);
    HOLDS(strstr(why, "does not answer in time") != NULL);
  }
  close(listening);
  unlink(address.sun_path);
}

static void daemon_that_is_killed_ends_each_request_once(pid_t daemon) {
  struct aeiou *net = attach(64, 512, 128, 0);
  int told[KINDS] = {0};
  struct aeiou_group group;
  begin(&group, net);
  for (int i = 0; i < 30; i++) HOLDS(ask(&group, aeiou_read, told, dead, "system/sysName", AEIOU_FORCE_MISS) == 1);
  aeiou_end(&group);
  HOLDS(aeiou_wait(&group, 100) == -ETIMEDOUT);
  kill(daemon, SIGKILL);
  HOLDS(aeiou_wait(&group, -1) == -ENOTCONN && told[STOPPED] == 30);
  HOLDS(strcmp(aeiou_message(net), "the daemon is gone") == 0);
  aeiou_detach(net);
  HOLDS(told[STOPPED] == 30);
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "attach") == 0) {
    char why[256] = "attached";
    struct aeiou *net = aeiou_attach_within(arguments[2], NULL, 500, why);
    printf("%s\n", why);
    fflush(stdout);
    aeiou_detach(net);
    _exit(0);
  }
  HOLDS(count == 5);
  place = arguments[1];
  live = arguments[2];
  dead = arguments[3];
  space_for_long_values_comes_back_after_a_flood();
  stale_hits_take_no_page_from_the_program();
  stale_hits_have_pages_of_their_own();
  child_of_a_fork_is_refused_and_its_parent_goes_on();
  fork_in_a_callback_leaves_the_parents_rings_alone();
  cancels_find_a_page_when_all_are_in_use();
  group_is_cancelled_as_a_whole();
  hit_inside_a_callback_leaves_the_value_outside_alone();
  group_that_goes_out_of_scope_ends_its_requests_there();
  detaching_ends_each_request_once();
  callback_may_detach();
  flags_that_mean_nothing_are_refused();
  what_is_no_file_is_said_as_files_do();
  attribute_is_described_with_its_value_first();
  slashes_around_names_change_nothing();
  wait_for_some_ends_with_an_event_of_a_watch();
  event_loop_is_woken_and_runs_what_has_come();
  program_that_is_cut_off_hears_why();
  attaching_has_a_time_limit();
  daemon_that_is_killed_ends_each_request_once(atoi(arguments[4]));
  puts("all hold");
  return 0;
}
