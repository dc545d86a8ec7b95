/*
 * Prints a group of attributes, a row a line, with tabs between: of a table, a row, or a column of all rows.
 *
 *     cc -O2 -I closures/src/main/c -o table closures/src/main/c/examples/table.c
 *     ./table /net 'core1/interfaces/STAR/{ifOperStatus,ifInOctets}', with an asterisk for STAR
 */
#include "aeiou.h"

struct table {
  struct aeiou_entry entry;
};

static int failed;

static void on_table(int is_delayed, struct aeiou_entry *entry) {
  (void) is_delayed;
  struct aeiou_values values;
  struct aeiou_reading reading;
  if (entry->kind != AEIOU_READING || aeiou_values(&values, entry) != 0) {
    fprintf(stderr, "%s: %.*s\n", entry->path, (int) entry->length, entry->value);
    failed = 1;
    return;
  }
  while (aeiou_next(&values, &reading) > 0) {
    int is_first = (values.next - 1) % values.columns == 0, is_last = values.next % values.columns == 0;
    if (is_first) printf("%s", reading.row);
    /* What could not be read shows as nothing. */
    printf("\t%s%s", reading.kind == AEIOU_READING ? reading.value : "", is_last ? "\n" : "");
  }
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: %s MOUNTPOINT PATH\n", arguments[0]);
    return 2;
  }
  char why[256] = "";
  struct aeiou_geometry geometry = {4, 1152, 512, 8 << 20}; /* few requests, with long answers */
  struct aeiou *net = aeiou_attach_why(arguments[1], &geometry, why);
  if (net == NULL) {
    fprintf(stderr, "%s\n", why);
    return 1;
  }
  struct aeiou_group group;
  aeiou_begin(&group, net, struct aeiou_entry, struct table, entry, on_table);
  struct table table = {.entry = {.path = arguments[2]}};
  int result = aeiou_read_group(&group, &table.entry);
  if (result > 0) result = aeiou_wait(&group, 60000);
  aeiou_detach(net);
  if (result != 0) fprintf(stderr, "%s: %s\n", arguments[2], strerror(-result));
  return result != 0 || failed;
}
