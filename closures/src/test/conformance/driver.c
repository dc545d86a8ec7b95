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
  struct aeiou_id id;
  struct aeiou_group *group;
};

/* The program's structure around an entry: it goes with the request, and comes back. */
struct row {
  int number; /* of what was asked */
  struct aeiou_entry entry;
};

static const char *const operation_names[] = {"read",  "cached",   "fetch", "stat", "list",
                                              "watch", "describe", "read-group", "each", "as-group", "cancel", "write"};
enum { READ, CACHED, FETCH, STAT, LIST, WATCH, DESCRIBE, READ_GROUP, EACH, EACH_AS_GROUP, CANCEL, WRITE, OPERATIONS };

static const char *const reasons[] = {
    "",           "timeout",    "unreachable",  "refused", "not writable", "cancelled",      "bad answer",
    "not cached", "overloaded", "unknown name", "stopped", "bad request",  "is a directory", "not a directory",
    "name too long", "out of range", "not done"};
static const char *const answers[] = {"", "cancelled", "too late", "unknown"};

static const char *place;
static struct aeiou *net;
static struct aeiou_id kept;
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
  const char *at = NULL, *name, *value;
  while ((name = aeiou_next_string(entry, &at)) != NULL && (value = aeiou_next_string(entry, &at)) != NULL) {
    if (wanted != NULL && strcmp(name, wanted) != 0) continue;
    printf(" %s=", name);
    print_escaped(value, strlen(value));
  }
}

static void print_group(const struct aeiou_entry *entry) {
  struct aeiou_values values;
  struct aeiou_reading reading;
  if (aeiou_values(&values, entry) != 0) printf(" no group");
  while (aeiou_next(&values, &reading) > 0) {
    const char *between = reading.row[0] != '\0' && reading.column[0] != '\0' ? "/" : "";
    printf(" %s%s%s=", reading.row, between, reading.column);
    if (reading.kind == AEIOU_READING) {
      print_escaped(reading.value, reading.length);
    } else {
      printf("(%s)", reading.kind == AEIOU_ABSENT ? "absent" : reasons[reading.reason]);
    }
  }
}

static void print_written(const struct aeiou_entry *entry) {
  struct aeiou_change change;
  const char *at = NULL;
  while (aeiou_next_change(entry, &at, &change) > 0) {
    printf(" %s=", change.name);
    if (change.before != NULL) print_escaped(change.before, strlen(change.before));
    putchar('>');
    if (change.after != NULL) print_escaped(change.after, strlen(change.after));
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
    struct aeiou_names names;
    struct aeiou_name name;
    printf(aeiou_names(&names, entry) == 0 ? "names" : "no names");
    while (aeiou_next_name(&names, &name) > 0)
      printf(" %.*s%s", (int) name.length, name.name, name.is_directory ? "/" : "");
  } else if (operation == DESCRIBE) {
    static const char *const facts[] = {"value", "oid", "type", "units"};
    printf("facts");
    for (int i = 0; i < 4; i++) print_pairs(entry, facts[i]);
  } else if (operation == READ_GROUP || operation == EACH_AS_GROUP) {
    printf("group");
    print_group(entry);
  } else if (operation == WRITE) {
    printf("written");
    print_written(entry);
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
  static const char *const known[] = {"pages", "page",    "outcome", "arena",  "timeout",
                                      "some",  "ms",      "background", "signal", "reconnect"};
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
  if (option(words, "reconnect", NULL) != NULL && aeiou_reconnect(net, NULL, NULL) != 0) {
    say("refused reconnect");
    return;
  }
  begin("main");
  say("attached");
}

/* A text, and further names of the directory with theirs. */
static int write_texts(struct aeiou_entry *entry, char **words) {
  struct aeiou_text further[WORDS];
  size_t count = 0;
  for (char **word = words + 1; *words != NULL && *word != NULL && strchr(*word, '=') == NULL; word += 2)
    further[count++] = (struct aeiou_text){word[0], word[1]};
  return count > 0 ? aeiou_write_with(group, entry, words[0], further, count) : aeiou_write(group, entry, words[0]);
}

static int ask(const char *name, const char *label, const char *path, char **options) {
  static int (*const ways[])(struct aeiou_group *, struct aeiou_entry *) = {
      aeiou_read,  aeiou_read,     aeiou_read,       aeiou_stat, aeiou_list,
      aeiou_watch, aeiou_describe, aeiou_read_group};
  int operation = operation_of(name), at = add(label);
  asked[at].operations[0] = operation;
  asked[at].count = 1;
  struct row row = {.number = at, .entry = {.path = path}};
  row.entry.flags = operation == CACHED ? AEIOU_HIT_ONLY : operation == FETCH ? AEIOU_FORCE_MISS : 0;
  if (option(options, "background", NULL) != NULL) row.entry.flags |= AEIOU_BACKGROUND;
  if (option(options, "timeout", NULL) != NULL) row.entry.deadline = aeiou_in(number(options, "timeout", ""));
  int result = operation == WRITE ? write_texts(&row.entry, options + 2) : ways[operation](group, &row.entry);
  asked[at].id = row.entry.id;
  if (result < 0) asked_count--;
  return result;
}

static uint32_t flag_of(const char *word) {
  static const struct {
    const char *name;
    uint32_t flag;
  } flags[] = {{"stop-on-error", AEIOU_STOP_ON_ERROR},     {"stop-on-zero", AEIOU_STOP_ON_ZERO},
               {"stop-on-nonzero", AEIOU_STOP_ON_NONZERO}, {"stop-on-absent", AEIOU_STOP_ON_ABSENT},
               {"stop-on-reading", AEIOU_STOP_ON_READING}, {"skip", AEIOU_SKIP},
               {"as-group", AEIOU_EACH_AS_GROUP},          {NULL, 0}};
  int i = 0;
  while (flags[i].name != NULL && strcmp(flags[i].name, word) != 0) i++;
  return flags[i].flag;
}

static void chain(char **words) {
  struct row rows[STEPS];
  struct aeiou_step steps[STEPS];
  int at = add(words[0]), count = 0;
  for (char **word = words + 1; *word != NULL; count++) {
    int operation = operation_of(*word++);
    rows[count] = (struct row){.number = at, .entry = {.path = *word++}};
    uint32_t flags = operation == EACH ? AEIOU_EACH : 0;
    for (; *word != NULL && strcmp(*word, "|") != 0; word++) {
      flags |= flag_of(*word);
      if (strcmp(*word, "as-group") == 0) operation = EACH_AS_GROUP;
      if (strncmp(*word, "timeout=", 8) == 0) rows[count].entry.deadline = aeiou_in((uint32_t) atoi(*word + 8));
    }
    if (*word != NULL) word++;
    uint32_t number = operation == STAT       ? AEIOU_STAT
                      : operation == LIST     ? AEIOU_LIST
                      : operation == DESCRIBE ? AEIOU_DESCRIBE
                                              : AEIOU_READ;
    steps[count] = (struct aeiou_step){number, flags, &rows[count].entry};
    asked[at].operations[count] = operation;
  }
  asked[at].count = count;
  int result = aeiou_chain(group, steps, (uint32_t) count);
  if (result < 0) asked_count--;
  say_result(result);
}

static int cancel(const char *answer, const struct aeiou_id *target) {
  int at = add(answer);
  asked[at].operations[0] = CANCEL;
  asked[at].count = 1;
  struct row row = {.number = at};
  int result = target == NULL ? aeiou_cancel_group(group, &row.entry) : aeiou_cancel(group, &row.entry, *target);
  if (result < 0) asked_count--;
  aeiou_end(group);
  return result;
}

static void on_alarm(int number) { (void) number; }

/* Lets the next wait be ended by a signal. */
static void interrupt_after(uint32_t milliseconds) {
  struct sigaction action = {.sa_handler = on_alarm};
  struct itimerval timer = {.it_value = {.tv_usec = milliseconds * 1000}};
  sigaction(SIGALRM, &action, NULL);
  aeiou_interruptible(net, 1, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void say_waited(int result) {
  if (result == -ENOTCONN && aeiou_checkprogress(group).pending == 0) result = 0; /* all have ended, as stopped */
  say(result == 0 ? "done" : result == -ETIMEDOUT ? "time" : result == -EINTR ? "signal" : "error %d", result);
}

static void wait_for(char **words) {
  const char *some = option(words, "some", NULL);
  uint32_t signalled = number(words, "signal", "0");
  if (signalled != 0) interrupt_after(signalled);
  int result = aeiou_wait_some(group, some != NULL ? strtoul(some, NULL, 10) : UINT64_MAX,
                               (int) number(words, "ms", "20000"));
  if (signalled != 0) aeiou_interruptible(net, 0, NULL);
  say_waited(result);
}

static void wait_for_those(char **words) {
  struct aeiou_id ids[WORDS];
  size_t count = 0;
  for (char **word = words; *word != NULL; word++)
    if (strchr(*word, '=') == NULL) ids[count++] = find(*word)->id;
  aeiou_end(group);
  size_t some = option(words, "some", NULL) != NULL ? number(words, "some", "") : count;
  say_waited(aeiou_wait_for(net, ids, count, some, (int) number(words, "ms", "20000")));
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
    if (strcmp(*words, "first-error") == 0) {
      int is_none = progress.first_reason == 0;
      snprintf(line + length, sizeof line - length, "%sfirst-error %s%s%s", length > 0 ? ", " : "",
               is_none ? "none" : reasons[progress.first_reason], is_none ? "" : ": ", progress.first_error);
      continue;
    }
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
    int result = ask(words[1], words[2], words[3], words);
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
  } else if (operation != OPERATIONS && operation != CANCEL && operation != EACH && operation != EACH_AS_GROUP) {
    say_result(ask(command, words[0], words[1], words));
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
  } else if (strcmp(command, "cancel-unknown") == 0) {
    struct aeiou_id unknown = find(words[0])->id;
    unknown.number += 1000000;
    say_result(cancel(words[1], &unknown));
  } else if (strcmp(command, "cancel") == 0 || strcmp(command, "cancel-id") == 0) {
    say_result(cancel(words[1], &find(words[0])->id));
  } else if (strcmp(command, "cancel-group") == 0) {
    say_result(cancel(words[0], NULL));
  } else if (strcmp(command, "keep") == 0) {
    kept = find(words[0])->id;
    say("ok");
  } else if (strcmp(command, "cancel-kept") == 0) {
    say_result(cancel(words[0], &kept));
  } else if (strcmp(command, "end") == 0) {
    aeiou_end(group);
    say("ok");
  } else if (strcmp(command, "wait") == 0) {
    wait_for(words);
  } else if (strcmp(command, "wait-for") == 0) {
    wait_for_those(words);
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
