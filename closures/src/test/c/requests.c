/*
 * Deadlines, ids, waits and conditions of requests, against a real daemon: 'requests MOUNTPOINT LIVE DEAD', where LIVE is
 * a system that answers, DEAD one that does not for many seconds. Ends with 1 at the first that does not hold.
 */
#include "holds.h"

struct row {
  int number;
  char path[200];
  struct aeiou_entry entry;
};

static const char *place, *live, *dead;
static uint32_t kinds[40], reasons[40];
static int told[40], immediate[40];
static char last_value[4000];
static uint32_t last_length;
static struct aeiou_id last_id;

static void on_row(int is_delayed, struct aeiou_entry *entry) {
  struct row *row = aeiou_container_of(entry, struct row, entry);
  kinds[row->number] = entry->kind;
  reasons[row->number] = entry->reason;
  told[row->number]++;
  immediate[row->number] += !is_delayed;
  last_length = entry->length < sizeof last_value - 1 ? entry->length : sizeof last_value - 1;
  memcpy(last_value, entry->value, last_length);
  last_value[last_length] = '\0';
  last_id = entry->id;
}

static void begin(struct aeiou_group *group, struct aeiou *net) {
  memset(told, 0, sizeof told);
  memset(immediate, 0, sizeof immediate);
  aeiou_begin(group, net, struct aeiou_entry, struct row, entry, on_row);
}

static struct row make(int number, const char *system, const char *what, uint32_t flags) {
  struct row row = {.number = number, .entry = {.flags = flags}};
  snprintf(row.path, sizeof row.path, "%s%s%s", system, system[0] != '\0' ? "/" : "", what);
  return row;
}

/* Asks, and gives the id of the request. */
static struct aeiou_id ask(struct aeiou_group *group, int (*how)(struct aeiou_group *, struct aeiou_entry *), int number,
                           const char *system, const char *what, uint32_t flags, uint64_t deadline) {
  struct row row = make(number, system, what, flags);
  row.entry.path = row.path;
  row.entry.deadline = deadline;
  HOLDS(how(group, &row.entry) == 1);
  return row.entry.id;
}

static struct aeiou *attach(uint32_t pages) {
  struct aeiou_geometry geometry = {pages, 768, 256, 64 << 10};
  char why[256] = "";
  struct aeiou *net = aeiou_attach_why(place, &geometry, why);
  if (net == NULL) fprintf(stderr, "%s\n", why);
  HOLDS(net != NULL);
  return net;
}

static void request_ends_by_its_deadline(void) {
  struct aeiou *net = attach(16);
  struct aeiou_group group;
  begin(&group, net);
  uint64_t start = aeiou_now();
  ask(&group, aeiou_read, 1, dead, "system/sysName", AEIOU_FORCE_MISS, aeiou_in(100));
  ask(&group, aeiou_read, 2, dead, "system/sysDescr", AEIOU_FORCE_MISS, 1); /* past already */
  ask(&group, aeiou_list, 3, dead, "interfaces", AEIOU_FORCE_MISS, aeiou_in(200));
  HOLDS(aeiou_wait(&group, 10000) == 0 && aeiou_now() - start < 5000000000u);
  for (int i = 1; i <= 3; i++) HOLDS(told[i] == 1 && kinds[i] == AEIOU_FAILURE && reasons[i] == AEIOU_TIMEOUT);
  HOLDS(strcmp(last_value, "its deadline passed") == 0);
  struct aeiou_progress progress = aeiou_checkprogress(&group);
  HOLDS(progress.failed == 3 && progress.first_reason == AEIOU_TIMEOUT);
  HOLDS(strstr(progress.first_error, "system/sysDescr: its deadline passed") != NULL);
  struct row row = make(4, live, "system/sysName", 0);
  row.entry.path = row.path;
  row.entry.deadline = aeiou_in(1000);
  HOLDS(aeiou_watch(&group, &row.entry) == -EINVAL);
  aeiou_detach(net);
}

static void request_in_the_background_is_answered_too(void) {
  struct aeiou *net = attach(16);
  struct aeiou_group group;
  begin(&group, net);
  ask(&group, aeiou_read, 1, live, "system/sysName", AEIOU_FORCE_MISS | AEIOU_BACKGROUND, 0);
  HOLDS(aeiou_wait(&group, 10000) == 0 && kinds[1] == AEIOU_READING && told[1] == 1);
  struct row row = make(2, live, "system/sysName", 0);
  row.entry.path = row.path;
  HOLDS(aeiou_read(&group, &row.entry) >= 0 && aeiou_wait(&group, 10000) == 0);
  immediate[2] = 0;
  row.entry.flags = AEIOU_BACKGROUND;
  HOLDS(aeiou_read(&group, &row.entry) == 0 && immediate[2] == 1);
  aeiou_detach(net);
}

static void ids_are_of_one_attachment(void) {
  struct aeiou *one = attach(16), *other = attach(16);
  struct aeiou_group group, others;
  begin(&others, other);
  begin(&group, one);
  struct aeiou_id id = ask(&group, aeiou_read, 1, dead, "system/sysName", AEIOU_FORCE_MISS, 0);
  struct aeiou_id same = ask(&others, aeiou_read, 2, dead, "system/sysName", AEIOU_FORCE_MISS, 0);
  HOLDS(id.number == same.number && id.attachment != same.attachment);
  aeiou_end(&group), aeiou_end(&others);
  struct row answer = {.number = 3};
  HOLDS(aeiou_cancel(&others, &answer.entry, id) == 0);
  HOLDS(immediate[3] == 1 && kinds[3] == AEIOU_CANCEL && reasons[3] == AEIOU_UNKNOWN && told[1] + told[2] == 0);
  HOLDS(aeiou_cancel(&group, &answer.entry, id) == 1 && aeiou_wait(&group, 10000) == 0);
  HOLDS(reasons[3] == AEIOU_IS_CANCELLED && told[1] == 1 && reasons[1] == AEIOU_CANCELLED && told[2] == 0);
  HOLDS(aeiou_wait_for(other, &id, 1, 1, 0) == 0); /* what is unknown is not waited for */
  HOLDS(aeiou_wait_for(other, &same, 1, 1, 10) == -ETIMEDOUT);
  aeiou_detach(one), aeiou_detach(other);
}

static void wait_is_for_given_requests_and_for_some_of_them(void) {
  struct aeiou *net = attach(16);
  struct aeiou_group group, other;
  begin(&other, net);
  begin(&group, net);
  struct aeiou_id ids[4];
  ids[0] = ask(&group, aeiou_read, 0, dead, "system/sysName", AEIOU_FORCE_MISS, 0);
  ids[1] = ask(&group, aeiou_read, 1, live, "system/sysName", AEIOU_FORCE_MISS, 0);
  ids[2] = ask(&other, aeiou_read, 2, live, "system/sysDescr", AEIOU_FORCE_MISS, 0);
  ids[3] = ask(&other, aeiou_read, 3, dead, "system/sysDescr", AEIOU_FORCE_MISS, 0);
  HOLDS(aeiou_wait_for(net, ids, 4, 0, -1) == 0 && told[1] == 0);
  HOLDS(aeiou_wait_for(net, ids, 4, 1, 10000) == 0 && told[1] + told[2] >= 1);
  HOLDS(aeiou_wait_for(net, ids + 1, 2, 2, 10000) == 0 && told[1] == 1 && told[2] == 1);
  HOLDS(aeiou_wait_for(net, ids, 4, 2, 0) == 0);
  HOLDS(aeiou_wait_for(net, ids, 4, 3, 50) == -ETIMEDOUT && aeiou_wait_for(net, ids, 4, 4, 50) == -ETIMEDOUT);
  /* Also if many others have come and gone meanwhile. */
  for (int i = 0; i < 100; i++) {
    struct aeiou_id id = ask(&group, aeiou_read, 5, live, "system/sysName", AEIOU_FORCE_MISS, 0);
    HOLDS(aeiou_wait_for(net, &id, 1, 1, 10000) == 0 && told[5] == i + 1);
  }
  HOLDS(aeiou_wait_for(net, ids, 1, 1, 0) == -ETIMEDOUT && aeiou_wait_for(net, ids + 1, 2, 2, 0) == 0);
  struct row answer = {.number = 6};
  HOLDS(aeiou_cancel(&group, &answer.entry, ids[0]) == 1);
  ids[1] = answer.entry.id;
  HOLDS(aeiou_wait_for(net, ids, 2, 2, 10000) == 0 && told[0] == 1 && told[6] == 1 && told[3] == 0);
  aeiou_detach(net);
}

static void wait_ends_with_an_event_of_a_given_watch(void) {
  struct aeiou *net = attach(16);
  struct aeiou_group group;
  begin(&group, net);
  struct aeiou_id id = ask(&group, aeiou_watch, 1, live, "system/sysUpTime", 0, 0);
  struct aeiou_id other = ask(&group, aeiou_read, 2, dead, "system/sysName", AEIOU_FORCE_MISS, 0);
  for (int i = 1; i <= 3; i++) {
    HOLDS(aeiou_wait_for(net, &id, 1, 1, 20000) == 0 && told[1] == i);
    HOLDS(aeiou_checkprogress(&group).pending == 2);
  }
  HOLDS(aeiou_wait_for(net, &other, 1, 1, 0) == -ETIMEDOUT);
  HOLDS(last_id.number == id.number && last_id.attachment == id.attachment);
  aeiou_detach(net);
}

static volatile sig_atomic_t signals;

static void on_signal(int signal) {
  (void) signal;
  signals++;
}

static void signal_ends_a_wait_if_that_is_asked_for(void) {
  struct sigaction action = {.sa_handler = on_signal};
  HOLDS(sigaction(SIGALRM, &action, NULL) == 0);
  struct aeiou *net = attach(16);
  struct aeiou_group group;
  begin(&group, net);
  ask(&group, aeiou_read, 1, dead, "system/sysName", AEIOU_FORCE_MISS, 0);
  struct itimerval soon = {.it_value = {0, 50000}}, never = {{0, 0}, {0, 0}};
  HOLDS(setitimer(ITIMER_REAL, &soon, NULL) == 0);
  HOLDS(aeiou_wait(&group, 300) == -ETIMEDOUT && signals == 1);
  aeiou_interruptible(net, 1, NULL);
  HOLDS(setitimer(ITIMER_REAL, &soon, NULL) == 0);
  HOLDS(aeiou_wait(&group, 10000) == -EINTR && signals == 2);
  /* One that came before the sleep, and was blocked until then, ends it as well. */
  sigset_t alarm_only, before;
  sigemptyset(&alarm_only);
  sigaddset(&alarm_only, SIGALRM);
  HOLDS(sigprocmask(SIG_BLOCK, &alarm_only, &before) == 0 && raise(SIGALRM) == 0 && signals == 2);
  HOLDS(aeiou_wait(&group, 50) == -ETIMEDOUT && signals == 2);
  aeiou_interruptible(net, 1, &before);
  HOLDS(aeiou_wait(&group, 10000) == -EINTR && signals == 3);
  HOLDS(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
  HOLDS(setitimer(ITIMER_REAL, &never, NULL) == 0);
  HOLDS(told[1] == 0 && aeiou_checkprogress(&group).pending == 1);
  aeiou_detach(net);
}

static void run_chain(struct aeiou_group *group, struct aeiou *net, int count, const uint32_t *flags,
                      const uint32_t *operations, const char *const *paths) {
  begin(group, net);
  struct row rows[16];
  struct aeiou_step steps[16];
  for (int i = 0; i < count; i++) {
    rows[i] = make(i, "", paths[i], 0);
    rows[i].entry.path = rows[i].path;
    steps[i] = (struct aeiou_step){operations[i], flags[i], &rows[i].entry};
  }
  HOLDS(aeiou_chain(group, steps, (uint32_t) count) == 1);
  HOLDS(aeiou_wait(group, 10000) == 0);
}

static void chain_skips_where_it_is_told(void) {
  struct aeiou *net = attach(32);
  struct aeiou_group group;
  char name[100], none[100];
  snprintf(name, sizeof name, "%s/system/sysName", live);
  snprintf(none, sizeof none, "%s/system/none", live);
  static const uint32_t reads[3] = {AEIOU_READ, AEIOU_READ, AEIOU_READ};
  const char *const good[3] = {name, none, "{}/system/sysContact"};
  run_chain(&group, net, 3, (uint32_t[]){AEIOU_STOP_ON_READING | AEIOU_SKIP, 0, 0}, reads, good);
  HOLDS(kinds[0] == AEIOU_READING && reasons[1] == AEIOU_CANCELLED && kinds[2] == AEIOU_READING);
  run_chain(&group, net, 3, (uint32_t[]){AEIOU_STOP_ON_READING, 0, 0}, reads, good);
  HOLDS(reasons[1] == AEIOU_CANCELLED && kinds[2] == AEIOU_FAILURE && reasons[2] == AEIOU_CANCELLED);
  const char *const bad[3] = {none, name, name};
  run_chain(&group, net, 3, (uint32_t[]){AEIOU_STOP_ON_ERROR | AEIOU_SKIP, 0, 0}, reads, bad);
  HOLDS(reasons[0] == AEIOU_UNKNOWN_NAME && reasons[1] == AEIOU_CANCELLED && kinds[2] == AEIOU_READING);
  run_chain(&group, net, 3, (uint32_t[]){AEIOU_STOP_ON_ABSENT, 0, 0}, reads, bad);
  HOLDS(reasons[0] == AEIOU_UNKNOWN_NAME && kinds[1] == AEIOU_READING && kinds[2] == AEIOU_READING);
  run_chain(&group, net, 2, (uint32_t[]){AEIOU_SKIP, 0, 0}, reads, good);
  HOLDS(reasons[0] == AEIOU_BAD_REQUEST);
  aeiou_detach(net);
}

static int values_count, values_readings;

static void on_values(int is_delayed, struct aeiou_entry *entry) {
  struct aeiou_values values;
  struct aeiou_reading reading;
  on_row(is_delayed, entry);
  if (aeiou_container_of(entry, struct row, entry)->number != 1) return;
  HOLDS(aeiou_values(&values, entry) == 0 && values.form == AEIOU_COLUMN && values.columns == 1);
  while (aeiou_next(&values, &reading) > 0) {
    HOLDS(reading.row[0] != '\0' && reading.column[0] == '\0');
    values_count++;
    values_readings += reading.kind == AEIOU_READING;
    if (reading.kind == AEIOU_FAILURE) HOLDS(reading.reason == AEIOU_UNKNOWN_NAME && reading.length > 0);
  }
}

static void each_tells_the_kind_of_every_name(void) {
  struct aeiou *net = attach(32);
  struct aeiou_group group;
  struct row rows[2] = {make(0, live, "interfaces", 0), make(1, live, "interfaces/{}/ifOperStatus", 0)};
  struct aeiou_step steps[2] = {{AEIOU_LIST, 0, &rows[0].entry},
                                {AEIOU_READ, AEIOU_EACH | AEIOU_EACH_AS_GROUP, &rows[1].entry}};
  for (int is_known = 1; is_known >= 0; is_known--) {
    if (!is_known) rows[1] = make(1, live, "interfaces/{}/ifNothing", 0);
    for (int i = 0; i < 2; i++) rows[i].entry.path = rows[i].path;
    begin(&group, net);
    aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_values);
    values_count = values_readings = 0;
    HOLDS(aeiou_chain(&group, steps, 2) == 1 && aeiou_wait(&group, 10000) == 0);
    HOLDS(values_count == 4 && values_readings == (is_known ? 4 : 0));
  }
  aeiou_detach(net);
}

/* A daemon that speaks 1.2: what it cannot do is not sent. */
static void older_daemon_is_asked_for_nothing_new(void) {
  struct aeiou *net = attach(16);
  net->minor = 2;
  struct aeiou_group group;
  begin(&group, net);
  struct row row = make(1, live, "system/sysName", AEIOU_FORCE_MISS);
  row.entry.path = row.path;
  row.entry.deadline = aeiou_in(5000);
  HOLDS(aeiou_read(&group, &row.entry) == -ENOTSUP);
  row.entry.deadline = 0;
  row.entry.flags |= AEIOU_BACKGROUND;
  HOLDS(aeiou_read(&group, &row.entry) == 1 && aeiou_wait(&group, 10000) == 0 && kinds[1] == AEIOU_READING);
  row.entry.flags = 0;
  struct aeiou_step step = {AEIOU_READ, AEIOU_STOP_ON_ABSENT, &row.entry};
  HOLDS(aeiou_chain(&group, &step, 1) == -ENOTSUP);
  aeiou_detach(net);
}

int main(int count, char **arguments) {
  HOLDS(count == 4);
  place = arguments[1];
  live = arguments[2];
  dead = arguments[3];
  request_ends_by_its_deadline();
  request_in_the_background_is_answered_too();
  ids_are_of_one_attachment();
  wait_is_for_given_requests_and_for_some_of_them();
  wait_ends_with_an_event_of_a_given_watch();
  signal_ends_a_wait_if_that_is_asked_for();
  chain_skips_where_it_is_told();
  each_tells_the_kind_of_every_name();
  older_daemon_is_asked_for_nothing_new();
  puts("all hold");
  return 0;
}
