/* Group reads, against a real daemon: 'groups MOUNTPOINT SYSTEM GOLDEN'. Ends with 1 at the first that does not hold. */
#include "holds.h"

struct row {
  char path[120];
  struct aeiou_entry entry;
};

static struct aeiou *net;
static int ran, attributes, readings, last_kind, last_reason, last_form, asks_again, was_full;

static void ask(struct aeiou_group *group, const char *path, uint32_t flags) {
  struct row row = {.entry = {.flags = flags}};
  snprintf(row.path, sizeof row.path, "%s", path);
  row.entry.path = row.path;
  HOLDS(aeiou_read_group(group, &row.entry) == 1);
  memset(&row, 0xFF, sizeof row);
}

/* How many attributes there are, each of which has a name, an end and a time. */
static int count(struct aeiou_entry *entry) {
  struct aeiou_values values;
  struct aeiou_reading reading;
  int counted = 0, result;
  if (aeiou_values(&values, entry) != 0) return -1;
  last_form = (int) values.form;
  while ((result = aeiou_next(&values, &reading)) > 0) {
    HOLDS(reading.column[0] != '\0' && strlen(reading.value) == reading.length);
    if (values.form != AEIOU_ATTRIBUTES) HOLDS(reading.row[0] != '\0');
    readings += reading.kind == AEIOU_READING;
    if (reading.kind != AEIOU_FAILURE) HOLDS(reading.taken_ms > 1000000000000u && reading.taken_ms <= entry->taken_ms);
    counted++;
  }
  HOLDS(result == 0 && (uint64_t) counted == values.count);
  return counted;
}

static void on_group(int is_delayed, struct aeiou_entry *entry) {
  ran++;
  HOLDS(is_delayed);
  last_kind = (int) entry->kind;
  last_reason = (int) entry->reason;
  was_full |= last_reason == AEIOU_OVERLOADED;
  if (entry->kind != AEIOU_READING) return;
  readings = 0;
  attributes = count(entry);
  if (asks_again-- > 0) {
    /* What comes meanwhile takes nothing of this one's place, which is not copied. */
    char *before = malloc(entry->length);
    memcpy(before, entry->value, entry->length);
    HOLDS((const unsigned char *) entry->value > net->in && (const unsigned char *) entry->value < net->in + net->in_bytes);
    for (int i = 0; i < 2; i++) {
      struct aeiou_group inner;
      aeiou_begin(&inner, net, struct aeiou_entry, struct row, entry, on_group);
      for (int page = 0; page < 6; page++) ask(&inner, entry->path, AEIOU_FORCE_MISS); /* more than have a place in the arena */
      HOLDS(aeiou_wait(&inner, 5000) == 0);
    }
    HOLDS(memcmp(before, entry->value, entry->length) == 0);
    free(before);
  }
}

static int read_one(const char *system, const char *what, uint32_t flags) {
  struct aeiou_group group;
  char path[120];
  snprintf(path, sizeof path, "%s/%s", system, what);
  aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_group);
  ran = attributes = 0;
  ask(&group, path, flags);
  HOLDS(aeiou_wait(&group, 10000) == 0);
  HOLDS(ran >= 1);
  return attributes;
}

static void groups_are_told_one_after_the_other(const char *system) {
  HOLDS(read_one(system, "system", 0) > 5 && readings > 5 && last_form == AEIOU_ATTRIBUTES);
  HOLDS(read_one(system, "interfaces", 0) > 4 * 20 && last_form == AEIOU_TABLE);
  HOLDS(read_one(system, "interfaces/*/ifOperStatus", 0) == 4 && readings == 4 && last_form == AEIOU_COLUMN);
  HOLDS(read_one(system, "interfaces/*/{ifName,ifAlias}", AEIOU_FORCE_MISS) == 8);
  HOLDS(read_one(system, "interfaces/{ifName,ifAlias}", AEIOU_HIT_ONLY) == 8);
}

static void what_is_no_group_is_said(const char *system) {
  HOLDS(read_one(system, "", 0) == 0 && last_reason == AEIOU_BAD_REQUEST);
  HOLDS(read_one(system, "system/sysName", 0) == 0 && last_reason == AEIOU_NOT_DIRECTORY);
  HOLDS(read_one(system, "system/{nope}", 0) == 0 && last_reason == AEIOU_UNKNOWN_NAME);
}

static void value_in_the_arena_stays_as_long_as_its_callback_runs(const char *system) {
  asks_again = 1;
  HOLDS(read_one(system, "interfaces", 0) > 4 * 20);
  HOLDS(was_full);
  /* And its place comes back. */
  for (int i = 0; i < 100; i++) HOLDS(read_one(system, "interfaces", 0) > 4 * 20);
}

/* The rest of the last row of 16 is nothing. */
enum { GROUP_BYTES = 90 };

static void golden_group_reads_as_java_wrote_it(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "group.txt", &bytes);
  uint32_t length = GROUP_BYTES;
  struct aeiou_entry entry = {.kind = AEIOU_READING, .value = (char *) memory, .length = length, .taken_ms = 1700000001234u};
  struct aeiou_values values;
  struct aeiou_reading one;
  char told[300] = "";
  HOLDS(aeiou_values(&values, &entry) == 0 && values.form == AEIOU_TABLE);
  while (aeiou_next(&values, &one) > 0) {
    char line[100];
    unsigned age = one.taken_ms == 0 ? 0 : (unsigned) (entry.taken_ms - one.taken_ms);
    snprintf(line, sizeof line, "%s.%s %u %u '%s' %u;", one.row, one.column, one.kind, one.reason, one.value, age);
    strcat(told, line);
  }
  HOLDS(strcmp(told, "eth0.ifOperStatus 1 0 'up' 0;eth0.ifAlias 1 0 '' 2500;"
                     "Gerät 1.ifOperStatus 2 0 '' 1;Gerät 1.ifAlias 3 1 'no answer' 0;") == 0);
  free(memory);
}

/* In memory of its very length, where a sanitizer finds a byte too many. */
static void noise_is_read_or_refused(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "group.txt", &bytes);
  uint32_t length = GROUP_BYTES;
  srand(1);
  int refused = 0;
  for (int i = 0; i < 20000; i++) {
    uint32_t cut = (uint32_t) rand() % (length + 1);
    char *noise = malloc(cut);
    memcpy(noise, memory, cut);
    for (int j = rand() % 4; j > 0 && cut > 0; j--) noise[(uint32_t) rand() % (cut < 40 ? cut : 40)] = (char) rand();
    struct aeiou_entry entry = {.kind = AEIOU_READING, .value = noise, .length = cut};
    struct aeiou_values values;
    struct aeiou_reading one;
    int result = aeiou_values(&values, &entry);
    while (result == 0 && (result = aeiou_next(&values, &one)) > 0) result = 0;
    refused += result < 0;
    free(noise);
  }
  HOLDS(refused > 1000 && refused < 20000);
  free(memory);
}

int main(int arguments, char **argument) {
  HOLDS(arguments == 4);
  struct aeiou_geometry geometry = {8, 512, 128, 16 << 10};
  net = aeiou_attach(argument[1], &geometry);
  HOLDS(net != NULL);
  golden_group_reads_as_java_wrote_it(argument[3]);
  noise_is_read_or_refused(argument[3]);
  groups_are_told_one_after_the_other(argument[2]);
  what_is_no_group_is_said(argument[2]);
  value_in_the_arena_stays_as_long_as_its_callback_runs(argument[2]);
  aeiou_detach(net);
  printf("all hold\n");
  return 0;
}
