/*
 * Asks for the paths of a file, all together and none from the cache: 'misses MOUNTPOINT FILE [read | fetch]'. For each
 * line with a number on the standard input it does so that often, and prints for each time how many microseconds passed
 * until the last outcome was there; then a line that is empty. It does next to nothing itself, so that the daemon has
 * the processors.
 */
#include "aeiou.h"

struct value {
  struct aeiou_entry entry;
};

static uint64_t wrong, immediate;

static void on_value(int is_delayed, struct aeiou_entry *entry) {
  if (entry->kind != AEIOU_READING) {
    if (wrong++ == 0) fprintf(stderr, "%s: %.*s\n", entry->path, (int) entry->length, entry->value);
  }
  immediate += !is_delayed;
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  static char *paths[1 << 17];
  char line[1024];
  size_t many = 0;
  FILE *file = fopen(arguments[2], "r");
  while (file != NULL && many < 1 << 17 && fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = 0;
    paths[many++] = strdup(line);
  }
  if (many == 0) return 2;
  struct aeiou_geometry geometry = {.pages = (uint32_t) many + 64, .page_bytes = 256, .outcome_bytes = 256};
  struct aeiou *net = aeiou_attach(arguments[1], &geometry);
  if (net == NULL) {
    perror(arguments[1]);
    return 1;
  }
  uint32_t flags = count > 3 && strcmp(arguments[3], "fetch") == 0 ? AEIOU_FORCE_MISS : 0;
  while (fgets(line, sizeof line, stdin) != NULL) {
    for (long rounds = atol(line); rounds > 0; rounds--) {
      struct aeiou_group group;
      aeiou_begin(&group, net, struct aeiou_entry, struct value, entry, on_value);
      uint64_t start = aeiou_now();
      for (size_t i = 0; i < many; i++) {
        struct aeiou_entry entry = {.path = paths[i], .flags = flags};
        if (aeiou_read(&group, &entry) < 0) return 1;
      }
      aeiou_end(&group);
      if (aeiou_wait(&group, 60000) != 0) return 1;
      printf("%.1f\n", (double) (aeiou_now() - start) / 1000);
      usleep(100000); /* what was read is past its TTL */
    }
    printf("\n");
    fflush(stdout);
  }
  aeiou_detach(net);
  if (immediate + wrong > 0) fprintf(stderr, "%lu were no misses, %lu no readings\n", immediate, wrong);
  return wrong > 0;
}
