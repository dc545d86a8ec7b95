/* Looks a cached attribute up again and again: 'attach MOUNTPOINT PATH COUNT'; prints nanoseconds for each. */
#include "aeiou.h"

struct row {
  struct aeiou_entry entry;
};

static uint64_t bytes;

static void on_value(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  bytes += entry->length;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  struct aeiou *net = aeiou_attach(arguments[1], NULL);
  if (net == NULL) {
    perror(arguments[1]);
    return 1;
  }
  struct aeiou_group group;
  aeiou_begin(&group, net, struct aeiou_entry, struct row, entry, on_value);
  struct row row = {.entry = {.path = arguments[2]}};
  aeiou_read(&group, &row.entry);
  aeiou_end(&group);
  aeiou_wait(&group, 5000);
  long times = atol(arguments[3]);
  uint64_t start = aeiou_now();
  for (long i = 0; i < times; i++) aeiou_read(&group, &row.entry);
  uint64_t took = aeiou_now() - start;
  struct aeiou_progress progress = aeiou_checkprogress(&group);
  printf("%.1f\n", (double) took / (double) times);
  aeiou_detach(net);
  return progress.immediate < (uint64_t) times || bytes == 0;
}
