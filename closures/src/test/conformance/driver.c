/*
 * Plays the steps of the conformance suite with the C client: 'driver PLACE'. What it reads and writes is in README.md
 * beside it, and driver.py says the same in Python.
 */
#include "aeiou.h"

#include <stdarg.h>
#include <sys/wait.h>

enum { MOST = 4096, WORDS = 128, STEPS = 32, GROUPS = 8 };

/* What was asked for under a label: how to show its outcome, and how often it ended. */
struct asked {
  char label[24];
  int operations[STEPS], count; /* one for each outcome that is to come */
  int ends;
  uint64_t number;
  struct aeiou_group *group;
};

/* The program's structure around an entry: it goes with the request, and comes back. */
struct row {
  int number; /* of what was asked */
  struct aeiou_entry entry;
};

static const char *const operation_names[] = {"read",  "cached",   "fetch", "stat", "list",
                                              "watch", "describe", "read-group", "each", "cancel", "write"};
enum { READ, CACHED, FETCH, STAT, LIST, WATCH, DESCRIBE, READ_GROUP, EACH, CANCEL, WRITE, OPERATIONS };

static const char *const reasons[] = {"",           "timeout",      "unreachable",    "refused",         "not writable",
                                      "cancelled",  "bad answer",   "not cached",     "overloaded",      "unknown name",
                                      "stopped",    "bad request",  "is a directory", "not a directory", "name too long"};
static const char *const answers[] = {"", "cancelled", "too late", "unknown"};

static const char *place;
static struct aeiou *net;
static struct aeiou_group groups[GROUPS], *group;
static char group_names[GROUPS][24];
static struct asked asked[MOST];
static int asked_count;

static void print_escaped(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char) text[i];
    if (c < ' ' || c == 0x7F || c == '\\') {
      printf("\\x%02x", c);
    } else {
      putchar(c);
    }
  }
}

/* The pairs of name and value that are wanted, or all if that is NULL. */
static void print_pairs(const struct aeiou_entry *entry, const char *wanted) {
  const char *at = entry->value, *end = at + entry->length;
  const char *name, *value;
  uint32_t length;
  while ((name = aeiou_string(&at, end, NULL)) != NULL && (value = aeiou_string(&at, end, &length)) != NULL) {
    if (wanted != NULL && strcmp(name, wanted) != 0) continue;
    printf(" %s=", name);
    print_escaped(value, length);
  }
}

static void print_group(const struct aeiou_entry *entry) {
  struct aeiou_values values;
  struct aeiou_reading reading;
  if (aeiou_values(&values, entry) != 0) printf(" no group");
  while (aeiou_next(&values, &reading) > 0) {
    printf(reading.row[0] != '\0' ? " %s/%s=" : " %s%s=", reading.row, reading.column);
    if (reading.kind == AEIOU_READING) {
      print_escaped(reading.value, reading.length);
    } else {
      printf("(%s)", reading.kind == AEIOU_ABSENT ? "absent" : reasons[reading.reason]);
    }
  }
}

/* An outcome, as all drivers write it. */
static void print_outcome(int operation, const struct aeiou_entry *entry) {
  if (entry->kind == AEIOU_CANCEL) {
    printf("answer %s", answers[entry->reason]);
  } else if (entry->kind == AEIOU_ABSENT) {
    printf("absent");
  } else if (entry->kind == AEIOU_FAILURE) {
    printf("failure %s: ", reasons[entry->reason]);
    print_escaped(entry->value, entry->length);
  } else if (operation == STAT) {
    printf("stat %o %lu %lu", (unsigned) aeiou_stat_number(entry, AEIOU_STAT_MODE),
           (unsigned long) aeiou_stat_number(entry, AEIOU_STAT_SIZE),
           (unsigned long) aeiou_stat_number(entry, AEIOU_STAT_LINKS));
  } else if (operation == LIST) {
    const char *at = entry->value, *name;
    printf("names");
    while ((name = aeiou_string(&at, entry->value + entry->length, NULL)) != NULL) printf(" %s", name);
  } else if (operation == DESCRIBE) {
    static const char *const facts[] = {"value", "oid", "type", "units"};
    printf("facts");
    for (int i = 0; i < 4; i++) print_pairs(entry, facts[i]);
  } else if (operation == READ_GROUP) {
    printf("group");
    print_group(entry);
  } else if (operation == EACH) {
    printf("each");
    print_pairs(entry, NULL);
  } else {
    printf("reading ");
    print_escaped(entry->value, entry->length);
  }
  putchar('\n');
}

static uint64_t pending(const struct aeiou_group *of) {
  uint64_t pending = 0;
  for (int i = 0; i < asked_count; i++)
    if (asked[i].group == of) pending += (uint64_t) (asked[i].count - asked[i].ends);
  return pending;
}

static void on_outcome(int is_delayed, struct aeiou_entry *entry) {
  struct row *row = aeiou_container_of(entry, struct row, entry);
  struct asked *of = &asked[row->number];
  int last = of->count - 1;
  int operation = of->operations[of->ends < last ? of->ends : last];
  if (operation != WATCH || aeiou_checkprogress(of->group).pending < pending(of->group)) of->ends++;
  printf("%s %s ", of->label, is_delayed ? "delayed" : "immediate");
  print_outcome(operation, entry);
}

static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("= ");
  vprintf(format, arguments);
  printf("\n");
  va_end(arguments);
}

/* How a call went that asks. */
static void say_result(int result) {
  switch (result) {
    case 0: say("immediate"); return;
    case 1: say("delayed"); return;
    case -EAGAIN: say("refused again"); return;
    case -ENAMETOOLONG: say("refused name too long"); return;
    case -EINVAL: say("refused bad request"); return;
    case -ENOTCONN: say("refused gone: %s", aeiou_message(net)); return;
    default: say("refused %s", strerror(-result));
  }
}

static int operation_of(const char *name) {
  int operation = 0;
  while (operation < OPERATIONS && strcmp(operation_names[operation], name) != 0) operation++;
  return operation;
}

static int add(const char *label) {
  struct asked *next = &asked[asked_count];
  memset(next, 0, sizeof *next);
  snprintf(next->label, sizeof next->label, "%s", label);
  next->group = group;
  return asked_count++;
}

static struct asked *find(const char *label) {
  int i = asked_count - 1;
  while (i > 0 && strcmp(asked[i].label, label) != 0) i--;
  return &asked[i];
}

static void begin(const char *name) {
  int i = 0;
  while (i < GROUPS - 1 && group_names[i][0] != '\0' && strcmp(group_names[i], name) != 0) i++;
  group = &groups[i];
  if (group_names[i][0] != '\0') return;
  snprintf(group_names[i], sizeof group_names[i], "%s", name);
  aeiou_begin(group, net, struct aeiou_entry, struct row, entry, on_outcome);
}

static const char *option(char **words, const char *name, const char *otherwise) {
  size_t length = strlen(name);
  for (; *words != NULL; words++)
    if (strncmp(*words, name, length) == 0 && (*words)[length] == '=') return *words + length + 1;
  return otherwise;
}

/* An option that this client cannot be given; NULL if there is none. */
static const char *lacks(char **words) {
  static const char *const known[] = {"pages", "page", "outcome", "arena", "timeout", "some", "ms"};
  for (; *words != NULL; words++) {
    const char *is = strchr(*words, '=');
    size_t i = 0;
    while (is != NULL && i < sizeof known / sizeof *known && strncmp(*words, known[i], strlen(known[i])) != 0) i++;
    if (is != NULL && i == sizeof known / sizeof *known) return *words;
  }
  return NULL;
}

static uint32_t number(char **words, const char *name, const char *otherwise) {
  return (uint32_t) strtoul(option(words, name, otherwise), NULL, 10);
}

static void attach(char **words) {
  struct aeiou_geometry geometry = {number(words, "pages", "64"), number(words, "page", "512"),
                                    number(words, "outcome", "512"), number(words, "arena", "65536")};
  char why[256] = "";
  asked_count = 0;
  memset(group_names, 0, sizeof group_names);
  net = aeiou_attach_within(place, &geometry, (int) number(words, "timeout", "5000"), why);
  if (net == NULL) {
    say("refused: %s", why);
    return;
  }
  begin("main");
  say("attached");
}

static int ask(const char *name, const char *label, const char *path) {
  static int (*const ways[])(struct aeiou_group *, struct aeiou_entry *) = {
      aeiou_read,  aeiou_read,     aeiou_read,       aeiou_stat, aeiou_list,
      aeiou_watch, aeiou_describe, aeiou_read_group, NULL,       NULL,       aeiou_write};
  int operation = operation_of(name), at = add(label);
  asked[at].operations[0] = operation;
  asked[at].count = 1;
  struct row row = {.number = at, .entry = {.path = path}};
  row.entry.flags = operation == CACHED ? AEIOU_HIT_ONLY : operation == FETCH ? AEIOU_FORCE_MISS : 0;
  int result = ways[operation](group, &row.entry);
  asked[at].number = row.entry.number;
  if (result < 0) asked_count--;
  return result;
}

static void chain(char **words) {
  struct row rows[STEPS];
  struct aeiou_step steps[STEPS];
  int at = add(words[0]), count = 0;
  for (char **word = words + 1; *word != NULL; count++) {
    int operation = operation_of(*word++);
    if (operation != READ && operation != STAT && operation != LIST && operation != EACH) {
      asked_count--;
      say("lacks %s in a chain", operation_names[operation]);
      return;
    }
    rows[count] = (struct row){.number = at, .entry = {.path = *word++}};
    uint32_t flags = operation == EACH ? AEIOU_EACH : 0;
    for (; *word != NULL && strcmp(*word, "|") != 0; word++) {
      uint32_t flag = strcmp(*word, "stop-on-error") == 0     ? AEIOU_STOP_ON_ERROR
                      : strcmp(*word, "stop-on-zero") == 0    ? AEIOU_STOP_ON_ZERO
                      : strcmp(*word, "stop-on-nonzero") == 0 ? AEIOU_STOP_ON_NONZERO
                                                              : 0;
      if (flag == 0) {
        asked_count--;
        say("lacks %s in a chain", *word);
        return;
      }
      flags |= flag;
    }
    if (*word != NULL) word++;
    uint32_t number = operation == STAT ? AEIOU_STAT : operation == LIST ? AEIOU_LIST : AEIOU_READ;
    steps[count] = (struct aeiou_step){number, flags, &rows[count].entry};
    asked[at].operations[count] = operation;
  }
  asked[at].count = count;
  int result = aeiou_chain(group, steps, (uint32_t) count);
  if (result < 0) asked_count--;
  say_result(result);
}

static int cancel(const char *answer, uint64_t target, int is_group) {
  int at = add(answer);
  asked[at].operations[0] = CANCEL;
  asked[at].count = 1;
  struct row row = {.number = at};
  int result = is_group ? aeiou_cancel_group(group, &row.entry) : aeiou_cancel(group, &row.entry, target);
  if (result < 0) asked_count--;
  aeiou_end(group);
  return result;
}

static void wait_for(char **words) {
  const char *some = option(words, "some", NULL);
  int result = aeiou_wait_some(group, some != NULL ? strtoul(some, NULL, 10) : UINT64_MAX,
                               (int) number(words, "ms", "20000"));
  if (result == -ENOTCONN && aeiou_checkprogress(group).pending == 0) result = 0; /* all have ended, as stopped */
  say(result == 0 ? "done" : result == -ETIMEDOUT ? "time" : "error %d", result);
}

static void print_progress(char **words) {
  struct aeiou_progress progress = aeiou_checkprogress(group);
  const struct {
    const char *name;
    uint64_t value;
  } fields[] = {{"submitted", progress.submitted}, {"immediate", progress.immediate}, {"delayed", progress.delayed},
                {"pending", progress.pending},     {"failed", progress.failed},       {"stale", progress.stale},
                {"refused", progress.refused}};
  char line[400] = "";
  for (; *words != NULL; words++) {
    size_t i = 0, length = strlen(line);
    while (i < sizeof fields / sizeof *fields && strcmp(fields[i].name, *words) != 0) i++;
    if (i == sizeof fields / sizeof *fields) {
      say("lacks %s in progress", *words);
      return;
    }
    snprintf(line + length, sizeof line - length, "%s%s %lu", length > 0 ? ", " : "", *words,
             (unsigned long) fields[i].value);
  }
  say("%s", line);
}

static void flood(char **words) {
  int accepted = 0, refused = 0;
  for (int count = atoi(words[0]); count > 0; count--) {
    int result = ask(words[1], words[2], words[3]);
    accepted += result >= 0;
    refused += result == -EAGAIN;
  }
  say("accepted %d, refused %d", accepted, refused);
}

static void detach(void) {
  aeiou_detach(net);
  net = NULL;
  for (int i = 0; i < asked_count; i++)
    if (asked[i].ends != asked[i].count)
      printf("%s ended %d times instead of %d\n", asked[i].label, asked[i].ends, asked[i].count);
  say("detached");
}

static void play(char **words);

static void in_child(char **words) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    play(words);
    fflush(stdout);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
}

static void play(char **words) {
  const char *command = *words++;
  int operation = operation_of(command);
  const char *lacking = lacks(words);
  if (lacking != NULL) {
    say("lacks %s", lacking);
    return;
  }
  if (strcmp(command, "attach") == 0) {
    attach(words);
  } else if (strcmp(command, "begin") == 0) {
    begin(words[0]);
    say("ok");
  } else if (operation != OPERATIONS && operation != CANCEL && operation != EACH) {
    if (option(words, "timeout", NULL) != NULL) {
      say("lacks a deadline");
    } else {
      say_result(ask(command, words[0], words[1]));
    }
  } else if (strcmp(command, "flood") == 0) {
    flood(words);
  } else if (strcmp(command, "prefetch") == 0) {
    int result = aeiou_prefetch(net, words[0]);
    aeiou_end(group);
    if (result == 1) {
      say("ok");
    } else {
      say_result(result);
    }
  } else if (strcmp(command, "chain") == 0) {
    chain(words);
  } else if (strcmp(command, "cancel") == 0) {
    say_result(cancel(words[1], find(words[0])->number, 0));
  } else if (strcmp(command, "cancel-unknown") == 0) {
    say_result(cancel(words[1], find(words[0])->number + 1000000, 0));
  } else if (strcmp(command, "cancel-group") == 0) {
    say_result(cancel(words[0], 0, 1));
  } else if (strcmp(command, "end") == 0) {
    aeiou_end(group);
    say("ok");
  } else if (strcmp(command, "wait") == 0) {
    wait_for(words);
  } else if (strcmp(command, "progress") == 0) {
    print_progress(words);
  } else if (strcmp(command, "child") == 0) {
    in_child(words);
  } else if (strcmp(command, "detach") == 0) {
    detach();
  } else {
    say("lacks %s", command);
  }
}

int main(int count, char **arguments) {
  static char line[8192];
  if (count != 2) return 2;
  place = arguments[1];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *words[WORDS] = {NULL};
    int n = 0;
    for (char *word = strtok(line, " \n"); word != NULL && n < WORDS - 1; word = strtok(NULL, " \n")) words[n++] = word;
    if (n > 0) play(words);
    fflush(stdout);
  }
  aeiou_detach(net);
  return 0;
}
