/*
 * What is read in the value table, without a daemon: 'cached GOLDEN'. Ends with 1 at the first that does not hold.
 */
#include "holds.h"

static struct aeiou_hit hit;
static struct aeiou_entry entry;

static int find(struct aeiou *net, uint32_t operation, const char *path) {
  entry = (struct aeiou_entry){.path = path};
  return aeiou_find(net, operation, &entry, &hit);
}

static int is_value(const char *value) {
  return entry.length == strlen(value) && memcmp(entry.value, value, entry.length) == 0;
}

static int is_failure(uint32_t reason, const char *sentence) {
  return entry.kind == AEIOU_FAILURE && entry.reason == reason && is_value(sentence);
}

static int is_stat(uint64_t mode, uint64_t size, uint64_t taken, uint64_t changed, uint64_t links) {
  return aeiou_stat_number(&entry, AEIOU_STAT_MODE) == mode && aeiou_stat_number(&entry, AEIOU_STAT_SIZE) == size &&
         aeiou_stat_number(&entry, AEIOU_STAT_TAKEN) == taken &&
         aeiou_stat_number(&entry, AEIOU_STAT_CHANGED) == changed &&
         aeiou_stat_number(&entry, AEIOU_STAT_LINKS) == links && aeiou_stat_number(&entry, AEIOU_STAT_UID) == 1001 &&
         aeiou_stat_number(&entry, AEIOU_STAT_GID) == 1002;
}

/* Sets until when everything in a table is fresh and usable, in seconds from now. */
static void set_times(unsigned char *memory, int fresh, int usable) {
  uint64_t now = aeiou_now();
  for (uint32_t i = 0; i < aeiou_get32(memory, 32); i++) {
    unsigned char *slot = memory + 4096 + 64 * (size_t) i;
    if (aeiou_get(slot, 0) == 0) continue;
    aeiou_set(slot, 16, now + (uint64_t) (fresh * INT64_C(1000000000)));
    aeiou_set(slot, 24, now + (uint64_t) (usable * INT64_C(1000000000)));
  }
}

static const uint64_t taken = 1700000001234, changed = 1600000001234;
enum { A_FILE = 0100444, A_DIRECTORY = 040555 };

static void every_kind_answers_every_operation(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  set_times(memory, 1000, 2000);
  struct aeiou *net = with_table(memory, bytes);

  HOLDS(find(net, AEIOU_READ, "core1/system/sysName") && entry.kind == AEIOU_READING && is_value("core1"));
  HOLDS(entry.taken_ms == taken && entry.changed_ms == changed && !entry.is_stale);
  HOLDS(find(net, AEIOU_READ, "/core1//system/sysName/") && is_value("core1"));
  HOLDS(find(net, AEIOU_STAT, "core1/system/sysName") && is_stat(A_FILE, 6, taken, changed, 1));
  HOLDS(find(net, AEIOU_LIST, "core1/system/sysName") && is_failure(AEIOU_NOT_DIRECTORY, "is not a directory"));

  HOLDS(find(net, AEIOU_READ, "core1/system/sysContact") && entry.kind == AEIOU_ABSENT && entry.length == 0);
  HOLDS(find(net, AEIOU_STAT, "core1/system/sysContact") && is_stat(A_FILE, 4096, changed, changed, 1));
  HOLDS(find(net, AEIOU_LIST, "core1/system/sysContact") && is_failure(AEIOU_NOT_DIRECTORY, "is not a directory"));

  const char *none = "there is no 'nothing'";
  HOLDS(find(net, AEIOU_READ, "core1/nothing") && is_failure(AEIOU_UNKNOWN_NAME, none));
  HOLDS(find(net, AEIOU_LIST, "core1/nothing") && is_failure(AEIOU_UNKNOWN_NAME, none));
  HOLDS(find(net, AEIOU_STAT, "core1/nothing") && is_failure(AEIOU_UNKNOWN_NAME, none));
  HOLDS(find(net, AEIOU_DESCRIBE, "core1/nothing") && is_failure(AEIOU_UNKNOWN_NAME, none));

  HOLDS(find(net, AEIOU_LIST, "core1/system") && entry.kind == AEIOU_READING && entry.version != 0);
  HOLDS(find(net, AEIOU_READ, "core1/system") && is_failure(AEIOU_IS_DIRECTORY, "is a directory"));
  HOLDS(find(net, AEIOU_DESCRIBE, "core1/system") && is_failure(AEIOU_IS_DIRECTORY, "is a directory"));
  HOLDS(find(net, AEIOU_STAT, "core1/system") && is_stat(A_DIRECTORY, 0, changed, changed, 1));
  HOLDS(find(net, AEIOU_LIST, "") && entry.kind == AEIOU_READING && find(net, AEIOU_LIST, "/") && entry.version != 0);

  HOLDS(!find(net, AEIOU_LIST, "core1/interfaces"));
  HOLDS(find(net, AEIOU_READ, "core1/interfaces") && is_failure(AEIOU_IS_DIRECTORY, "is a directory"));
  HOLDS(find(net, AEIOU_STAT, "core1/interfaces") && is_stat(A_DIRECTORY, 0, taken, changed, 1));
  HOLDS(!find(net, AEIOU_READ, "core1/snmp/snmpInPkts"));
  HOLDS(find(net, AEIOU_LIST, "core1/snmp/snmpInPkts") && is_failure(AEIOU_NOT_DIRECTORY, "is not a directory"));
  HOLDS(find(net, AEIOU_STAT, "core1/snmp/snmpInPkts") && is_stat(A_FILE, 4096, taken, changed, 1));
  HOLDS(!find(net, AEIOU_DESCRIBE, "core1/snmp/snmpInPkts"));

  for (uint32_t operation = AEIOU_READ; operation <= AEIOU_LIST; operation++)
    HOLDS(!find(net, operation, "core1/system/none") && !find(net, operation, "core2/system/sysName"));
  drop(net);
  free(memory);
}

static void listing_is_told_in_place_and_in_order(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  set_times(memory, 1000, 2000);
  struct aeiou *net = with_table(memory, bytes);
  struct aeiou_group group = {.net = net};
  struct aeiou_names names;
  struct aeiou_name name;
  char told[200] = "";
  HOLDS(find(net, AEIOU_LIST, "core1/system"));
  entry.group = &group;
  HOLDS(aeiou_names(&names, &entry) == 0 && names.count == 4);
  int result;
  while ((result = aeiou_next_name(&names, &name)) > 0) {
    HOLDS((const unsigned char *) name.name > memory && (const unsigned char *) name.name < memory + bytes);
    strncat(told, name.name, name.length);
    strcat(told, name.is_directory ? "/ " : " ");
  }
  HOLDS(result == 0 && strcmp(told, "sysName sysDescr Gerät more/ ") == 0);
  /* As long as it is short the sequence is not looked at; after that it has to be the same. */
  aeiou_set(memory + 4096 + 64 * (size_t) entry.slot, 0, entry.version + 2);
  HOLDS(aeiou_next_name(&names, &name) == 0);
  names.since -= 11000000000u;
  HOLDS(aeiou_next_name(&names, &name) == -ESTALE);
  aeiou_set(memory + 4096 + 64 * (size_t) entry.slot, 0, entry.version);
  HOLDS(aeiou_next_name(&names, &name) == 0);

  /* What the daemon sends is told in the same way. */
  static const char sent[] = "sysName\0Gerät\0more/";
  entry = (struct aeiou_entry){.kind = AEIOU_READING, .value = sent, .length = sizeof sent};
  HOLDS(aeiou_names(&names, &entry) == 0);
  HOLDS(aeiou_next_name(&names, &name) == 1 && name.length == 7 && !name.is_directory);
  HOLDS(aeiou_next_name(&names, &name) == 1 && name.length == 6 && memcmp(name.name, "Gerät", 6) == 0);
  HOLDS(aeiou_next_name(&names, &name) == 1 && name.length == 4 && name.is_directory);
  HOLDS(aeiou_next_name(&names, &name) == 0);
  entry.length--;
  HOLDS(aeiou_names(&names, &entry) == 0 && aeiou_next_name(&names, &name) == 1);
  HOLDS(aeiou_next_name(&names, &name) == 1 && aeiou_next_name(&names, &name) == -EPROTO);
  entry.kind = AEIOU_FAILURE;
  HOLDS(aeiou_names(&names, &entry) == -EPROTO);
  drop(net);
  free(memory);
}

static void stat_of_an_unread_file_is_that_of_its_directory(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  set_times(memory, 1000, 2000);
  struct aeiou *net = with_table(memory, bytes);
  HOLDS(find(net, AEIOU_STAT, "core1/system/sysDescr") && is_stat(A_FILE, 4096, taken - 1, changed - 1, 1));
  HOLDS(find(net, AEIOU_STAT, "core1/system/Gerät") && is_stat(A_FILE, 4096, taken - 1, changed - 1, 1));
  HOLDS(!find(net, AEIOU_STAT, "core1/system/more") && !find(net, AEIOU_STAT, "core1/system/mor"));
  HOLDS(!find(net, AEIOU_STAT, "core1") && !find(net, AEIOU_READ, "core1/system/sysDescr"));
  /* It was read meanwhile, and has no slot of its own any more. */
  HOLDS(find(net, AEIOU_LIST, "core1/system"));
  struct aeiou_listing listing;
  HOLDS(aeiou_is_listing(&listing, entry.value, entry.length));
  memory[(const unsigned char *) listing.kinds + 1 - memory] = 0;
  HOLDS(!find(net, AEIOU_STAT, "core1/system/sysDescr") && find(net, AEIOU_STAT, "core1/system/Gerät"));
  drop(net);
  free(memory);
}

static void answers_are_fresh_then_stale_then_none(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  struct aeiou *net = with_table(memory, bytes);
  static const struct {
    uint32_t operation;
    const char *path;
  } asks[] = {{AEIOU_READ, "core1/system/sysName"}, {AEIOU_READ, "core1/system/sysContact"},
              {AEIOU_READ, "core1/nothing"},        {AEIOU_LIST, "core1/system"},
              {AEIOU_STAT, "core1/system/sysName"}, {AEIOU_STAT, "core1/system/sysDescr"},
              {AEIOU_STAT, "core1/interfaces"},     {AEIOU_DESCRIBE, "core1/system/sysName"}};
  for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
    set_times(memory, 1000, 2000);
    HOLDS(find(net, asks[i].operation, asks[i].path) && !hit.is_stale);
    set_times(memory, -1, 2000);
    HOLDS(find(net, asks[i].operation, asks[i].path) && hit.is_stale);
    set_times(memory, -2, -1);
    HOLDS(!find(net, asks[i].operation, asks[i].path));
  }
  /* Closer to the end than the coarse clock can tell. */
  uint64_t end = aeiou_now() + 3000000;
  for (uint32_t i = 0; i < 64; i++) aeiou_set(memory, 4096 + 64 * (size_t) i + 24, end);
  int found;
  uint64_t before, after;
  do {
    before = aeiou_now();
    found = find(net, AEIOU_READ, "core1/system/sysName");
    after = aeiou_now();
    HOLDS(found ? before < end : after >= end);
  } while (found);
  drop(net);
  free(memory);
}

static void description_says_how_old_it_is_by_now(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  struct aeiou *net = with_table(memory, bytes);
  for (int is_stale = 0; is_stale < 2; is_stale++) {
    set_times(memory, is_stale ? -1 : 1000, 2000);
    HOLDS(find(net, AEIOU_DESCRIBE, "core1/system/sysName") && entry.kind == AEIOU_READING);
    const char *at = NULL, *state = is_stale ? "stale" : "fresh";
    HOLDS(strcmp(aeiou_next_string(&entry, &at), "value") == 0 && strcmp(aeiou_next_string(&entry, &at), "core1") == 0);
    HOLDS(strcmp(aeiou_next_string(&entry, &at), "age_ms") == 0);
    uint64_t age = strtoull(aeiou_next_string(&entry, &at), NULL, 10);
    HOLDS(age / 1000 + taken / 1000 + 2 >= (uint64_t) time(NULL) && age / 1000 + taken / 1000 <= (uint64_t) time(NULL));
    HOLDS(strcmp(aeiou_next_string(&entry, &at), "state") == 0 && strcmp(aeiou_next_string(&entry, &at), state) == 0);
    HOLDS(aeiou_next_string(&entry, &at) == NULL);
  }
  drop(net);
  free(memory);
}

static uint64_t seed = 88172645463325252;

static uint32_t noise(uint32_t below) {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17; /* xorshift64, Marsaglia 2003 */
  return (uint32_t) (seed >> 32) % below;
}

/* Whatever is in it: nothing beside it is read, which a sanitizer would find. */
static void torn_memory_harms_nothing(const char *folder) {
  static const char *const paths[] = {"core1/system/sysName",  "core1/system", "", "core1/system/sysDescr",
                                      "core1/system/Gerät",    "core1/nothing", "core1/interfaces",
                                      "core1/system/sysContact"};
  size_t bytes;
  unsigned char *original = golden(folder, "kinds.txt", &bytes), *memory = aligned_alloc(64, bytes);
  HOLDS(memory != NULL);
  int found = 0, missed = 0, broken = 0;
  struct aeiou *net = with_table(original, bytes);
  net->table = memory;
  struct aeiou_group group = {.net = net};
  for (int round = 0; round < 3000; round++) {
    memcpy(memory, original, bytes);
    set_times(memory, 1000, 2000);
    for (uint32_t i = noise(6) + 1; i > 0; i--) {
      uint32_t at = noise(2) ? 8192 + noise(700) : 4096 + noise(4096);
      /* Where something is, so that it is looked at. */
      for (int tries = 0; memory[at] == 0 && tries < 50; tries++) at = noise(2) ? 8192 + noise(700) : 4096 + noise(4096);
      if (at < 8192 && at % 64 < 8) continue; /* an odd sequence is another test */
      memory[at] = (unsigned char) (noise(2) ? noise(256) : noise(2) ? 0 : 255);
    }
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
      for (uint32_t operation = AEIOU_READ; operation <= 4; operation++) {
        int is_found = find(net, operation == 4 ? AEIOU_DESCRIBE : operation, paths[i]);
        *(is_found ? &found : &missed) += 1;
        if (!is_found || entry.version == 0) continue;
        entry.group = &group;
        struct aeiou_names names;
        struct aeiou_name name;
        int result = aeiou_names(&names, &entry);
        while (result == 0 && (result = aeiou_next_name(&names, &name)) > 0) {
          HOLDS(strlen(name.name) <= name.length);
          result = 0;
        }
        broken += result < 0;
      }
    }
  }
  HOLDS(found > 10000 && missed > 10000 && broken > 10);
  drop(net);
  free(memory);
  free(original);
}

static void slot_that_is_written_for_ever_is_a_miss(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  set_times(memory, 1000, 2000);
  struct aeiou *net = with_table(memory, bytes);
  HOLDS(find(net, AEIOU_READ, "core1/system/sysName"));
  aeiou_set(memory, hit.slot.at, 7);
  HOLDS(!find(net, AEIOU_READ, "core1/system/sysName"));
  drop(net);
  free(memory);
}

struct writer {
  unsigned char *memory;
  size_t at;
  atomic_int is_over;
};

/* Writes values of one letter each, as the daemon does: odd, fence, all of it, even (release). */
static void *write_on(void *given) {
  struct writer *writer = given;
  unsigned char *slot = writer->memory + writer->at, *data = writer->memory + aeiou_get(writer->memory, 40);
  uint64_t sequence = aeiou_get(slot, 0);
  for (unsigned round = 0; !atomic_load(&writer->is_over); round++) {
    aeiou_set(slot, 0, sequence + 1);
    atomic_thread_fence(memory_order_release);
    uint64_t length = 1 + round % 40, unit = aeiou_get(slot, 48) >> 32;
    volatile unsigned char *value = data + unit * 64 + strlen("core1/system/sysName");
    for (uint64_t i = 0; i < length; i++) value[i] = (unsigned char) ('a' + round % 26);
    aeiou_set(slot, 48, length | unit << 32);
    aeiou_set(slot, 32, round % 26);
    sequence += 2;
    aeiou_release(slot, 0, sequence);
    for (volatile int i = 0; i < 500; i++) continue; /* as long as nothing is written a reader can come to its end */
  }
  return NULL;
}

static void values_are_never_torn(const char *folder) {
  size_t bytes;
  unsigned char *memory = golden(folder, "kinds.txt", &bytes);
  set_times(memory, 1000, 2000);
  struct aeiou *net = with_table(memory, bytes);
  HOLDS(find(net, AEIOU_READ, "core1/system/sysName"));
  struct writer writer = {.memory = memory, .at = hit.slot.at};
  pthread_t thread;
  HOLDS(pthread_create(&thread, NULL, write_on, &writer) == 0);
  for (uint64_t rounds = 0, last = 99, changes = 0; changes < 100 || rounds < 5000; rounds++) {
    if (!find(net, AEIOU_READ, "core1/system/sysName") || entry.taken_ms == taken) continue;
    for (uint32_t i = 0; i < entry.length; i++) HOLDS(entry.value[i] == (char) ('a' + entry.taken_ms));
    changes += entry.taken_ms != last;
    last = entry.taken_ms;
  }
  atomic_store(&writer.is_over, 1);
  pthread_join(thread, NULL);
  drop(net);
  free(memory);
}

static void paths_are_hashed_and_spelled_as_byte_by_byte(void) {
  struct aeiou *net = aeiou_new();
  aeiou_fill_crc(net);
  HOLDS(aeiou_crc(net, 0, "123456789", 9) == 0xCBF43926u && aeiou_crc(net, 0, "", 0) == 0);
  for (int round = 0; round < 20000; round++) {
    char path[80] = "";
    uint32_t length = noise(40), offset = noise(8);
    for (uint32_t i = 0; i < length; i++) path[offset + i] = "/ab0\xC3\xAF."[noise(round % 2 ? 7 : 2)];
    const char *at = path + offset;
    uint32_t sum = ~0u;
    int is_misspelled = at[0] == '/';
    for (uint32_t i = 0; i < length; i++) {
      sum = net->crc[0][(sum ^ (unsigned char) at[i]) & 0xFF] ^ (sum >> 8);
      is_misspelled |= at[i] == '/' && (at[i + 1] == '/' || i + 1 == length);
    }
    HOLDS(aeiou_crc(net, 0, at, length) == ~sum && aeiou_is_misspelled(at, length) == is_misspelled);
    uint32_t cut = length > 0 ? noise(length) : 0;
    HOLDS(aeiou_crc(net, aeiou_crc(net, 0, at, cut), at + cut, length - cut) == ~sum);
  }
  aeiou_free(net);
}

int main(int count, char **arguments) {
  HOLDS(count == 2);
  every_kind_answers_every_operation(arguments[1]);
  listing_is_told_in_place_and_in_order(arguments[1]);
  stat_of_an_unread_file_is_that_of_its_directory(arguments[1]);
  answers_are_fresh_then_stale_then_none(arguments[1]);
  description_says_how_old_it_is_by_now(arguments[1]);
  paths_are_hashed_and_spelled_as_byte_by_byte();
  slot_that_is_written_for_ever_is_a_miss(arguments[1]);
  values_are_never_torn(arguments[1]);
  torn_memory_harms_nothing(arguments[1]);
  puts("all hold");
  return 0;
}
