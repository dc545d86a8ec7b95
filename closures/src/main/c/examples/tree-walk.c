/*
 * Walks a tree and prints every attribute in it: all directories at once, then all attributes of what they hold.
 *
 *     cc -O2 -I closures/src/main/c -o tree-walk closures/src/main/c/examples/tree-walk.c
 *     ./tree-walk /net core1/system
 */
#include "aeiou.h"

struct step {
  char path[200];
  struct aeiou_entry entry;
};

static int failed;

static void on_value(int is_delayed, struct aeiou_entry *entry) {
  struct step *step = aeiou_container_of(entry, struct step, entry);
  if (entry->kind == AEIOU_READING) {
    printf("%s %s: %.*s\n", is_delayed ? "…" : "=", step->path, (int) entry->length, entry->value);
  } else if (entry->kind == AEIOU_FAILURE) {
    printf("! %s: %.*s\n", step->path, (int) entry->length, entry->value);
    failed = 1;
  }
}

static struct aeiou_group values;

static void ask(struct aeiou_group *group, int (*how)(struct aeiou_group *, struct aeiou_entry *), const char *above,
                const char *name, size_t length) {
  struct step step = {.path = ""};
  snprintf(step.path, sizeof step.path, "%s%s%.*s", above, above[0] != '\0' ? "/" : "", (int) length, name);
  step.entry.path = step.path;
  int result = how(group, &step.entry);
  if (result < 0) {
    fprintf(stderr, "%s: %s\n", step.path, strerror(-result));
    failed = 1;
  }
}

static void on_names(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  struct step *step = aeiou_container_of(entry, struct step, entry);
  if (entry->kind != AEIOU_READING) {
    fprintf(stderr, "%s: %.*s\n", step->path, (int) entry->length, entry->value);
    failed = 1;
    return;
  }
  for (const char *name = entry->value; name < entry->value + entry->length; name += strlen(name) + 1) {
    size_t length = strlen(name);
    if (name[length - 1] == '/') {
      ask(entry->group, aeiou_list, step->path, name, length - 1);
    } else {
      ask(&values, aeiou_read, step->path, name, length);
    }
  }
  /* What is found now leaves now. */
  aeiou_end(entry->group);
}

int main(int count, char **arguments) {
  if (count < 2 || count > 3) {
    fprintf(stderr, "usage: %s MOUNTPOINT [PATH]\n", arguments[0]);
    return 2;
  }
  char why[256] = "";
  struct aeiou *net = aeiou_attach_why(arguments[1], NULL, why);
  if (net == NULL) {
    fprintf(stderr, "%s\n", why);
    return 1;
  }
  struct aeiou_group names;
  aeiou_begin(&names, net, struct aeiou_entry, struct step, entry, on_names);
  aeiou_begin(&values, net, struct aeiou_entry, struct step, entry, on_value);
  const char *path = count == 3 ? arguments[2] : "";
  ask(&names, aeiou_list, "", path, strlen(path));
  int result = aeiou_wait(&names, 30000);
  if (result == 0) result = aeiou_wait(&values, 30000);
  struct aeiou_progress progress = aeiou_checkprogress(&values);
  fprintf(stderr, "%llu immediate, %llu delayed, %llu failed\n", (unsigned long long) progress.immediate,
          (unsigned long long) progress.delayed, (unsigned long long) progress.failed);
  aeiou_detach(net);
  if (result != 0) fprintf(stderr, "%s: %s\n", arguments[1], strerror(-result));
  return result != 0 || failed;
}
