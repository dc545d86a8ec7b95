/* What the tests in C share: a check that says where it failed, and memory as Java wrote it. */
#ifndef HOLDS_H
#define HOLDS_H

#include "aeiou.h"

#define HOLDS(what)                                                                                                    \
  do {                                                                                                                 \
    if (!(what)) {                                                                                                     \
      fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #what);                                         \
      _exit(1);                                                                                                        \
    }                                                                                                                  \
  } while (0)

/* Golden bytes, in memory of their very length; to be freed. */
static inline unsigned char *golden(const char *folder, const char *name, size_t *length) {
  char path[4096], line[200];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  HOLDS(file != NULL);
  HOLDS(fscanf(file, "length %zu\n", length) == 1);
  unsigned char *memory = aligned_alloc(64, (*length + 63) / 64 * 64);
  HOLDS(memory != NULL);
  memset(memory, 0, *length);
  while (fgets(line, sizeof line, file) != NULL) {
    size_t at;
    int used;
    HOLDS(sscanf(line, "%zu %n", &at, &used) == 1);
    for (size_t i = 0; i < 16 && at + i < *length; i++)
      HOLDS(sscanf(line + used + 2 * i, "%2hhx", &memory[at + i]) == 1);
  }
  fclose(file);
  return memory;
}

/* An attachment that has nothing but a value table: this memory. */
static inline struct aeiou *with_table(unsigned char *memory, size_t bytes) {
  struct aeiou *net = aeiou_new();
  HOLDS(net != NULL);
  aeiou_fill_crc(net);
  net->table = memory;
  net->table_bytes = bytes;
  net->table_mask = aeiou_get32(memory, 32) - 1;
  net->data = aeiou_get(memory, 40);
  net->data_bytes = aeiou_get(memory, 48);
  net->owner = aeiou_get(memory, 80);
  return net;
}

/* Frees it, but not its table. */
static inline void drop(struct aeiou *net) {
  net->table = NULL;
  aeiou_free(net);
}

#endif
