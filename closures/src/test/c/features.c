/*
 * The features of the seed, by name, against a real daemon: 'features MOUNTPOINT SYSTEM GOLDEN'. Prints the name of each
 * test that holds; ends with 1 at the first that does not.
 */
#include "holds.h"

struct row {
  int number;
  char path[120];
  struct aeiou_entry entry;
};

static int immediate, delayed, last_number, last_kind, last_reason, answers;
static char last_value[200];
static uint64_t last_mode, last_size;

static void on_row(int is_delayed, struct aeiou_entry *entry) {
  struct row *row = aeiou_container_of(entry, struct row, entry);
  *(is_delayed ? &delayed : &immediate) += 1;
  last_number = row->number;
  last_kind = (int) entry->kind;
  last_reason = (int) entry->reason;
  if (entry->kind == AEIOU_CANCEL) answers = (int) entry->reason;
  snprintf(last_value, sizeof last_value, "%.*s", (int) entry->length, entry->value);
  last_mode = aeiou_stat_number(entry, AEIOU_STAT_MODE);
  last_size = aeiou_stat_number(entry, AEIOU_STAT_SIZE);
}

static struct row make(int number, const char *system, const char *what) {
  struct row row = {.number = number};
  snprintf(row.path, sizeof row.path, "%s/%s", system, what);
  return row;
}

static void begin(struct aeiou_group *group, struct aeiou *net) {
  immediate = delayed = 0;
  aeiou_begin(group, net, struct aeiou_entry, struct row, entry, on_row);
}

static void entry_is_reusable_right_after_the_call(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row row = make(7, system, "system/sysName");
  row.entry.path = row.path;
  HOLDS(aeiou_read(&group, &row.entry) == 1);
  memset(&row, 0xFF, sizeof row);
  aeiou_end(&group);
  HOLDS(aeiou_wait(&group, 5000) == 0);
  HOLDS(last_number == 7 && last_kind == AEIOU_READING && delayed == 1);
}

static void hit_is_inside_the_call_and_miss_never(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row row = make(8, system, "system/sysName");
  row.entry.path = row.path;
  HOLDS(aeiou_read(&group, &row.entry) == 0);
  HOLDS(immediate == 1 && delayed == 0 && last_number == 8 && strcmp(last_value, system) == 0);
  row.entry.flags = AEIOU_FORCE_MISS;
  HOLDS(aeiou_read(&group, &row.entry) == 1);
  HOLDS(immediate == 1 && delayed == 0);
  aeiou_end(&group);
  HOLDS(aeiou_wait(&group, 5000) == 0);
  HOLDS(delayed == 1);
}

static void progress_is_read_without_asking(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row rows[3] = {make(1, system, "system/sysName"), make(2, system, "system/nope"), make(3, system, "system/sysName")};
  for (int i = 0; i < 3; i++) rows[i].entry.path = rows[i].path;
  int error;
  HOLDS(aeiou_read_many(&group, &rows[0].entry, 3, &error) == 3 && error == 0);
  struct aeiou_progress progress = aeiou_checkprogress(&group);
  HOLDS(progress.submitted == 3 && progress.immediate == 2 && progress.delayed == 1 && progress.pending == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0);
  progress = aeiou_checkprogress(&group);
  HOLDS(progress.pending == 0 && progress.failed == 1 && last_reason == AEIOU_UNKNOWN_NAME);
}

static void write_is_refused_and_stat_fetches_nothing(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row row = make(4, system, "system/sysName");
  row.entry.path = row.path;
  HOLDS(aeiou_write(&group, &row.entry, "other") == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0);
  HOLDS(last_kind == AEIOU_FAILURE && last_reason == AEIOU_NOT_WRITABLE);
  HOLDS(aeiou_stat(&group, &row.entry) >= 0);
  HOLDS(aeiou_wait(&group, 5000) == 0 && last_kind == AEIOU_READING);
  HOLDS((last_mode & S_IFMT) == S_IFREG && last_size > 1);
}

static void chain_uses_the_value_before_and_stops_where_it_is_told(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row rows[2] = {make(1, system, "system/sysName"), {.number = 2, .path = "{}/system/sysContact"}};
  for (int i = 0; i < 2; i++) rows[i].entry.path = rows[i].path;
  struct aeiou_step steps[2] = {{AEIOU_READ, AEIOU_STOP_ON_ERROR, &rows[0].entry}, {AEIOU_READ, 0, &rows[1].entry}};
  HOLDS(aeiou_chain(&group, steps, 2) == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0 && delayed == 2 && last_number == 2 && last_kind == AEIOU_READING);
  begin(&group, net);
  snprintf(rows[0].path, sizeof rows[0].path, "%s/system/nope", system);
  HOLDS(aeiou_chain(&group, steps, 2) == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0 && delayed == 2 && last_reason == AEIOU_CANCELLED);
  HOLDS(aeiou_chain(&group, steps, 0) == -EINVAL);
}

static void cancel_has_three_answers(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row row = make(1, system, "system/sysName");
  row.entry.path = row.path;
  row.entry.flags = AEIOU_FORCE_MISS;
  HOLDS(aeiou_read(&group, &row.entry) == 1);
  struct aeiou_id id = row.entry.id;
  HOLDS(id.attachment != 0 && id.number != 0);
  struct row answer = {.number = 2};
  HOLDS(aeiou_cancel(&group, &answer.entry, id) == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0);
  HOLDS(delayed == 2 && (answers == AEIOU_IS_CANCELLED || answers == AEIOU_TOO_LATE));
  HOLDS(aeiou_cancel(&group, &answer.entry, id) == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0 && answers == AEIOU_TOO_LATE);
  HOLDS(aeiou_cancel(&group, &answer.entry, (struct aeiou_id){id.attachment, 1u << 30}) == 1);
  HOLDS(aeiou_wait(&group, 5000) == 0 && answers == AEIOU_UNKNOWN);
  answers = immediate = 0;
  HOLDS(aeiou_cancel(&group, &answer.entry, (struct aeiou_id){id.attachment + 1, id.number}) == 0);
  HOLDS(answers == AEIOU_UNKNOWN && immediate == 1);
}

static void what_is_asked_for_ahead_is_a_hit_later(struct aeiou *net, const char *system) {
  struct aeiou_group group;
  begin(&group, net);
  struct row row = make(9, system, "system/sysContact");
  row.entry.path = row.path;
  row.entry.flags = AEIOU_HIT_ONLY;
  HOLDS(aeiou_prefetch(net, row.path) == 1);
  aeiou_end(&group);
  for (int i = 0; i < 500 && immediate == 0; i++) {
    HOLDS(aeiou_read(&group, &row.entry) >= 0);
    aeiou_end(&group);
    aeiou_wait(&group, 10);
  }
  HOLDS(immediate == 1 && last_kind == AEIOU_READING);
}

static void full_pages_are_eagain_at_once(const char *place, const char *system) {
  struct aeiou_geometry three = {3, 512, 128, 0}; /* one of which is kept for cancels */
  struct aeiou *net = aeiou_attach(place, &three);
  HOLDS(net != NULL);
  struct aeiou_group group;
  begin(&group, net);
  struct row rows[3];
  for (int i = 0; i < 3; i++) {
    rows[i] = make(i, system, "system/sysDescr");
    rows[i].entry.path = NULL;
  }
  for (int i = 0; i < 3; i++) rows[i].entry.path = rows[i].path;
  for (int i = 0; i < 3; i++) rows[i].entry.flags = AEIOU_FORCE_MISS;
  int error;
  HOLDS(aeiou_read_many(&group, &rows[0].entry, 3, &error) == 2 && error == EAGAIN);
  HOLDS(aeiou_wait_some(&group, 0, 0) == 0 && delayed == 0);
  HOLDS(aeiou_wait_some(&group, 1, 1) == -ETIMEDOUT);
  HOLDS(aeiou_wait_some(&group, 1, 5000) == 0 && delayed >= 1);
  HOLDS(aeiou_wait(&group, 5000) == 0 && delayed == 2);
  HOLDS(aeiou_checkprogress(&group).refused == 1);
  aeiou_detach(net);
}

static void golden_stat_reads_as_java_wrote_it(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "stat.txt", &bytes);
  struct aeiou_entry entry = {.kind = AEIOU_READING, .length = AEIOU_STAT_BYTES, .value = (const char *) memory};
  HOLDS(aeiou_stat_number(&entry, AEIOU_STAT_MODE) == 0100444 && aeiou_stat_number(&entry, AEIOU_STAT_UID) == 1);
  HOLDS(aeiou_stat_number(&entry, AEIOU_STAT_GID) == 2 && aeiou_stat_number(&entry, AEIOU_STAT_LINKS) == 3);
  HOLDS(aeiou_stat_number(&entry, AEIOU_STAT_SIZE) == 1ull << 33);
  HOLDS(aeiou_stat_number(&entry, AEIOU_STAT_TAKEN) == 1700000001234u);
  HOLDS(aeiou_stat_number(&entry, AEIOU_STAT_CHANGED) == 1600000001234u);
  entry.length = 5;
  HOLDS(aeiou_stat_number(&entry, AEIOU_STAT_MODE) == 0);
  free(memory);
}

static void golden_table_reads_as_java_wrote_it(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "table.txt", &bytes);
  struct aeiou *net = with_table(memory, bytes);
  struct aeiou_entry entry = {.path = "core1/system/sysName"};
  struct aeiou_hit hit;
  HOLDS(!aeiou_find(net, AEIOU_READ, &entry, &hit)); /* its time is over by any clock */
  HOLDS(hit.slot.kind == AEIOU_SLOT_READING && hit.slot.length == 8 && memcmp(hit.slot.value, "core-one", 8) == 0);
  HOLDS(hit.slot.taken == 1700000001234u && hit.slot.changed == 1600000001234u && hit.slot.fresh == 5000000000u);
  HOLDS(hit.slot.mode == 0100444 && hit.slot.size == 9);
  struct aeiou_entry gone = {.path = "core2/system/sysName"};
  HOLDS(!aeiou_find(net, AEIOU_READ, &gone, &hit) && gone.kind == 0);
  drop(net);
  free(memory);
}

int main(int count, char **arguments) {
  HOLDS(count == 4);
  golden_table_reads_as_java_wrote_it(arguments[3]);
  golden_stat_reads_as_java_wrote_it(arguments[3]);
  struct aeiou *net = aeiou_attach(arguments[1], NULL);
  HOLDS(net != NULL);
  entry_is_reusable_right_after_the_call(net, arguments[2]);
  hit_is_inside_the_call_and_miss_never(net, arguments[2]);
  progress_is_read_without_asking(net, arguments[2]);
  chain_uses_the_value_before_and_stops_where_it_is_told(net, arguments[2]);
  write_is_refused_and_stat_fetches_nothing(net, arguments[2]);
  cancel_has_three_answers(net, arguments[2]);
  what_is_asked_for_ahead_is_a_hit_later(net, arguments[2]);
  aeiou_detach(net);
  full_pages_are_eagain_at_once(arguments[1], arguments[2]);
  char why[256];
  HOLDS(aeiou_attach_why("/nonexistent", NULL, why) == NULL && strstr(why, "No such file") != NULL);
  puts("all hold");
  return 0;
}
