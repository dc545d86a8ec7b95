// The least that asking a network for values costs here: sends GETs of SNMPv2c over UDP, within the limits that aeiou keeps to
// as well, and parses the answers; it has no cache, no tree and no other program to serve. 'bench network' divides by it.
// It is one file, and needs nothing but libc, so that it can be taken to another machine and asked about that one.
//
//   poller [-b VALUES] [-k FLIGHT] [-n TOTAL] [-t MILLISECONDS] [-r ROUNDS] < questions
//
//   -b  values in a packet at the most (24)        -k  packets in flight to one system (2)
//   -n  packets in flight in all (4096)            -t  how long it waits for an answer, of three attempts (2000)
//   -r  how often it asks for everything (1)
//
// A question is a line ADDRESS:PORT COMMUNITY OID..., a system; its values are asked for in that order. For each round one
// line is printed: microseconds from the first packet to the last answer, microseconds of processor time meanwhile, values,
// packets, packets that were repeated, and values that the agents do not have. It fails unless every value came.
//
//   lines ──▶ struct system: OIDs, encoded once        struct slot: what one packet asks for
//   send_all: a system with something left and fewer than FLIGHT on their way takes a free slot
//   receive_all: the request id names slot and use of the slot; the answer must come from the address that was asked
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  SOCKETS = 8,           // each has a receive buffer of its own, so that no burst of answers is dropped; aeiou has as many
  BUFFER = 4 << 20,      // asked for; net.core.rmem_max may allow less
  MOST_REQUEST = 1400,   // octets; what does not fit goes into the next packet
  MOST_ANSWER = 65536,
  TOGETHER = 32,         // packets for one system call
  MOST_VALUES = 500,     // of a packet
  MOST_TOTAL = 1 << 16,  // a request id has 16 bits for the slot, and 15 for its use
  ATTEMPTS = 3,
  OVERHEAD = 64,         // octets of a message that are neither community nor variables, and then some
  INTEGER = 0x02, OCTETS = 0x04, NOTHING = 0x05, IDENTIFIER = 0x06, SEQUENCE = 0x30,
  GET = 0xa0, RESPONSE = 0xa2, NO_SUCH_OBJECT = 0x80, NO_SUCH_INSTANCE = 0x81, END_OF_VIEW = 0x82,
  TOO_BIG = 1,
};

struct oid { const uint8_t *octets; int length; };  // with tag and length

struct value {
  uint8_t tag;
  int64_t number;  // of what is a number
  char *text;      // of what is not, a copy
};

struct system {
  struct sockaddr_in address;
  char *community;
  struct oid *oids;
  struct value *values;
  int count, next, in_flight;
  struct system *after;  // in the queue of those that may send
  int queued;
};

struct slot {
  struct system *system;
  int first, count, attempts;
  unsigned use;
  int busy;
  long due;
};

struct range { struct system *system; int first, count; };

static int batch = 24, flight = 2, total = 4096, rounds = 1;
static long timeout_ns = 2000000000L;
static int sockets[SOCKETS];
static struct system *systems;
static int system_count;
static struct slot *slots;
static int *free_slots, free_count;
static struct { int slot; unsigned use; } *waiting;  // in the order in which they are due, a ring
static unsigned wait_first, wait_last, wait_size;
static struct range *halves;  // what was too big for one answer
static int half_count;
static struct system *queue_first, *queue_last;
static long got, absent, packets, repeated;

static long now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void die(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("poller: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static void *memory(size_t count, size_t size) {
  void *found = calloc(count ? count : 1, size);
  if (!found) die("out of memory");
  return found;
}

static int option(const char *text, int most) {
  char *end;
  long found = strtol(text, &end, 10);
  if (*end || found < 1 || found > most) die("'%s' is not a number from 1 to %d", text, most);
  return found;
}

static const char *name(const struct system *system) {
  static char text[32];
  snprintf(text, sizeof text, "%s:%d", inet_ntoa(system->address.sin_addr), ntohs(system->address.sin_port));
  return text;
}

// --- reading the questions

static struct oid encode_oid(const char *text, int line) {
  uint8_t octets[2 + 128 * 5], *at = octets + 2;
  unsigned long first = 0, part;
  const char *rest = text + (*text == '.');
  for (int i = 0;; i++) {
    char *end;
    errno = 0;
    part = strtoul(rest, &end, 10);
    if (end == rest || errno || part > UINT32_MAX || i >= 128 || (*end && *end != '.')) die("line %d: '%s' is no OID", line, text);
    if (i == 0) {
      first = part;
    } else {
      unsigned long number = i == 1 ? first * 40 + part : part;
      for (int shift = 28; shift > 0; shift -= 7) {
        if (number >> shift) *at++ = 0x80 | (number >> shift & 0x7f);
      }
      *at++ = number & 0x7f;
    }
    if (!*end) break;
    rest = end + 1;
  }
  int length = at - octets - 2;
  if (length < 1 || length > 127) die("line %d: '%s' is too short or too long", line, text);
  octets[0] = IDENTIFIER;
  octets[1] = length;
  return (struct oid){memcpy(memory(1, length + 2), octets, length + 2), length + 2};
}

static void read_questions(void) {
  char *line = NULL;
  size_t size = 0;
  int room = 0;
  for (int number = 1; getline(&line, &size, stdin) > 0; number++) {
    char *save, *address = strtok_r(line, " \n", &save), *community = strtok_r(NULL, " \n", &save), *word;
    if (!address) continue;
    if (system_count == room) {
      systems = realloc(systems, (room = 2 * room + 16) * sizeof *systems);
      if (!systems) die("out of memory");
    }
    struct system *system = &systems[system_count++];
    memset(system, 0, sizeof *system);
    char *colon = strrchr(address, ':');
    if (colon) *colon++ = 0;
    system->address.sin_family = AF_INET;
    system->address.sin_port = htons(colon ? option(colon, 65535) : 161);
    if (inet_pton(AF_INET, address, &system->address.sin_addr) != 1) die("line %d: '%s' is no address", number, address);
    if (!community || strlen(community) > 127) die("line %d: no community of 1 to 127 octets", number);
    system->community = strdup(community);
    for (int oids = 0; (word = strtok_r(NULL, " \n", &save)); system->count++) {
      if (system->count == oids) {
        system->oids = realloc(system->oids, (oids = 2 * oids + 16) * sizeof *system->oids);
        if (!system->oids) die("out of memory");
      }
      system->oids[system->count] = encode_oid(word, number);
    }
    if (!system->count) die("line %d: nothing is asked of %s", number, address);
    system->values = memory(system->count, sizeof *system->values);
  }
  free(line);
  if (!system_count) die("no questions; expected lines ADDRESS:PORT COMMUNITY OID...");
}

// --- BER

// Messages are written backwards: a length is known when what it counts is there.
static uint8_t *put_head(uint8_t *at, const uint8_t *end, uint8_t tag) {
  int length = end - at;
  if (length < 128) {
    *--at = length;
  } else {
    *--at = length;
    if (length > 255) *--at = length >> 8;
    *--at = length > 255 ? 0x82 : 0x81;
  }
  *--at = tag;
  return at;
}

static uint8_t *put_integer(uint8_t *at, uint32_t number) {
  const uint8_t *end = at;
  do {
    *--at = number;
    number >>= 8;
  } while (number);
  if (*at & 0x80) *--at = 0;
  return put_head(at, end, INTEGER);
}

static uint8_t *put_request(uint8_t *end, const struct system *system, int first, int count, uint32_t id) {
  uint8_t *at = end;
  for (int i = first + count - 1; i >= first; i--) {
    const uint8_t *after = at;
    *--at = 0;
    *--at = NOTHING;
    at -= system->oids[i].length;
    memcpy(at, system->oids[i].octets, system->oids[i].length);
    at = put_head(at, after, SEQUENCE);
  }
  at = put_head(at, end, SEQUENCE);
  at = put_integer(at, 0);
  at = put_integer(at, 0);
  at = put_integer(at, id);
  at = put_head(at, end, GET);
  const uint8_t *after = at;
  int length = strlen(system->community);
  at -= length;
  memcpy(at, system->community, length);
  at = put_head(at, after, OCTETS);
  at = put_integer(at, 1);
  return put_head(at, end, SEQUENCE);
}

struct field { uint8_t tag; const uint8_t *from, *to; };

// Reads a tag and a length, and moves past what they are of; false if it is not all there.
static int take(const uint8_t **at, const uint8_t *end, struct field *field) {
  const uint8_t *p = *at;
  if (end - p < 2) return 0;
  field->tag = *p++;
  size_t length = *p++;
  if (length & 0x80) {
    int octets = length & 0x7f;
    if (octets < 1 || octets > 4 || end - p < octets) return 0;
    for (length = 0; octets; octets--) length = length << 8 | *p++;
  }
  if ((size_t)(end - p) < length) return 0;
  field->from = p;
  *at = field->to = p + length;
  return 1;
}

static int64_t number(const struct field *field) {
  int64_t found = field->tag == INTEGER && field->from < field->to && (*field->from & 0x80) ? -1 : 0;
  for (const uint8_t *p = field->from; p < field->to; p++) found = (int64_t)((uint64_t)found << 8 | *p);
  return found;
}

static void keep(struct value *value, const struct field *field) {
  value->tag = field->tag;
  switch (field->tag) {
    case INTEGER: case 0x41: case 0x42: case 0x43: case 0x46:
      value->number = number(field);
      break;
    case NO_SUCH_OBJECT: case NO_SUCH_INSTANCE: case END_OF_VIEW:
      absent++;
      break;
    default: {
      size_t length = field->to - field->from;
      free(value->text);
      value->text = memory(1, length + 1);
      memcpy(value->text, field->from, length);
    }
  }
}

// --- asking

static void enqueue(struct system *system) {
  if (system->queued || system->next == system->count || system->in_flight == flight) return;
  system->queued = 1;
  system->after = NULL;
  if (queue_first) queue_last->after = system; else queue_first = system;
  queue_last = system;
}

// How many of the values from 'first' on go into one packet.
static int fitting(const struct system *system, int first) {
  int octets = OVERHEAD + strlen(system->community), count = 0;
  while (count < batch && first + count < system->count) {
    octets += system->oids[first + count].length + 4;
    if (octets > MOST_REQUEST && count) break;
    count++;
  }
  return count;
}

// The next packet to be sent, as a slot, or -1.
static int next_slot(void) {
  if (!free_count) return -1;
  struct range range = {0};
  for (int i = 0; i < half_count && !range.system; i++) {
    if (halves[i].system->in_flight < flight) {
      range = halves[i];
      halves[i] = halves[--half_count];
    }
  }
  if (!range.system) {
    while (queue_first && queue_first->in_flight == flight) {
      queue_first->queued = 0;  // a half went before it; its answer brings it back
      queue_first = queue_first->after;
    }
    struct system *system = queue_first;
    if (!system) return -1;
    queue_first = system->after;
    system->queued = 0;
    range = (struct range){system, system->next, fitting(system, system->next)};
    system->next += range.count;
  }
  range.system->in_flight++;
  enqueue(range.system);
  int number = free_slots[--free_count];
  struct slot *slot = &slots[number];
  *slot = (struct slot){range.system, range.first, range.count, 0, slot->use, 1, 0};
  return number;
}

static void send_slots(int socket, const int *numbers, int count) {
  static uint8_t buffers[TOGETHER][MOST_REQUEST + 256];
  struct mmsghdr messages[TOGETHER] = {0};
  struct iovec parts[TOGETHER];
  long time = now(CLOCK_MONOTONIC);
  for (int i = 0; i < count; i++) {
    struct slot *slot = &slots[numbers[i]];
    // An answer to an earlier attempt is taken, too, as its id is the same.
    uint32_t id = slot->use << 16 | numbers[i];
    uint8_t *end = buffers[i] + sizeof buffers[i], *at = put_request(end, slot->system, slot->first, slot->count, id);
    parts[i] = (struct iovec){at, end - at};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &slot->system->address, .msg_namelen = sizeof slot->system->address,
                                          .msg_iov = &parts[i], .msg_iovlen = 1};
    slot->attempts++;
    slot->due = time + timeout_ns;
    waiting[wait_last++ & (wait_size - 1)] = (typeof(*waiting)){numbers[i], slot->use};
  }
  for (int sent = 0; sent < count;) {
    int n = sendmmsg(socket, messages + sent, count - sent, 0);
    if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED) die("sending: %s", strerror(errno));
    if (n < 0 && errno == EAGAIN) poll(&(struct pollfd){socket, POLLOUT, 0}, 1, 10);
    if (n > 0) sent += n;
  }
  packets += count;
}

static void send_all(void) {
  int numbers[TOGETHER], count = 0, number;
  static int turn;
  while ((number = next_slot()) >= 0) {
    numbers[count++] = number;
    if (count == TOGETHER) {
      send_slots(sockets[turn++ % SOCKETS], numbers, count);
      count = 0;
    }
  }
  if (count) send_slots(sockets[turn++ % SOCKETS], numbers, count);
}

static void split(struct slot *slot) {
  if (slot->count < 2) die("%s: an answer with one value is too big for it", name(slot->system));
  int half = slot->count / 2;
  halves[half_count++] = (struct range){slot->system, slot->first, half};
  halves[half_count++] = (struct range){slot->system, slot->first + half, slot->count - half};
}

// Takes an answer; one that is none of ours, or of an earlier use of its slot, is left.
static void received(const uint8_t *at, int length, const struct sockaddr_in *from) {
  const uint8_t *end = at + length, *pdu, *list;
  struct field field, error, one, oid, value;
  if (!take(&at, end, &field) || field.tag != SEQUENCE) return;
  at = field.from;
  end = field.to;
  if (!take(&at, end, &field) || !take(&at, end, &field)) return;  // version, community
  if (!take(&at, end, &field) || field.tag != RESPONSE) return;
  pdu = field.from;
  end = field.to;
  if (!take(&pdu, end, &field) || field.tag != INTEGER) return;
  uint32_t id = number(&field);
  if ((id & 0xffff) >= (uint32_t)total) return;
  struct slot *slot = &slots[id & 0xffff];
  struct system *system = slot->system;
  if (!slot->busy || slot->use != id >> 16) return;
  if (from->sin_addr.s_addr != system->address.sin_addr.s_addr || from->sin_port != system->address.sin_port) return;
  if (!take(&pdu, end, &error) || !take(&pdu, end, &field) || !take(&pdu, end, &field)) return;
  if (number(&error) == TOO_BIG) {
    split(slot);
  } else if (number(&error)) {
    die("%s: error-status %ld", name(system), (long)number(&error));
  } else {
    list = field.from;
    for (int i = slot->first; i < slot->first + slot->count; i++) {
      const struct oid *asked = &system->oids[i];
      if (!take(&list, field.to, &one)) die("%s: an answer is too short", name(system));
      const uint8_t *name_at = one.from;
      if (!take(&name_at, one.to, &oid) || !take(&name_at, one.to, &value) || oid.to - one.from != asked->length ||
          memcmp(one.from, asked->octets, asked->length)) {
        die("%s: an answer has another object than was asked for", name(system));
      }
      keep(&system->values[i], &value);
    }
    got += slot->count;
  }
  slot->busy = 0;
  slot->use = (slot->use + 1) & 0x7fff;
  free_slots[free_count++] = slot - slots;
  system->in_flight--;
  enqueue(system);
}

static void receive_all(int socket) {
  static uint8_t buffers[TOGETHER][MOST_ANSWER];
  static struct mmsghdr messages[TOGETHER];
  static struct iovec parts[TOGETHER];
  static struct sockaddr_in from[TOGETHER];
  int n;
  do {
    for (int i = 0; i < TOGETHER; i++) {
      parts[i] = (struct iovec){buffers[i], MOST_ANSWER};
      messages[i].msg_hdr = (struct msghdr){.msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    n = recvmmsg(socket, messages, TOGETHER, MSG_DONTWAIT, NULL);
    for (int i = 0; i < n; i++) received(buffers[i], messages[i].msg_len, &from[i]);
  } while (n == TOGETHER);
}

// Repeats what was not answered in time, and returns how many milliseconds there are until the next will not have been.
static int repeat_late(void) {
  long time = now(CLOCK_MONOTONIC);
  for (; wait_first != wait_last; wait_first++) {
    int number = waiting[wait_first & (wait_size - 1)].slot;
    struct slot *slot = &slots[number];
    if (!slot->busy || slot->use != waiting[wait_first & (wait_size - 1)].use) continue;
    if (slot->due > time) return (slot->due - time) / 1000000 + 1;
    if (slot->attempts == ATTEMPTS) die("%s does not answer", name(slot->system));
    repeated++;
    send_slots(sockets[0], &number, 1);
  }
  return -1;
}

static long asked(void) {
  long sum = 0;
  for (int i = 0; i < system_count; i++) sum += systems[i].count;
  return sum;
}

static void ask(void) {
  struct pollfd polled[SOCKETS];
  long all = asked();
  got = absent = packets = repeated = 0;
  for (int i = 0; i < system_count; i++) {
    systems[i].next = 0;
    for (int j = 0; j < systems[i].count; j++) systems[i].values[j].tag = 0;
    enqueue(&systems[i]);
  }
  long begin = now(CLOCK_MONOTONIC), processor = now(CLOCK_PROCESS_CPUTIME_ID);
  while (got < all) {
    send_all();
    for (int i = 0; i < SOCKETS; i++) polled[i] = (struct pollfd){sockets[i], POLLIN, 0};
    int ready = poll(polled, SOCKETS, repeat_late());
    for (int i = 0; i < SOCKETS && ready > 0; i++) {
      if (polled[i].revents) receive_all(sockets[i]);
    }
  }
  long took = now(CLOCK_MONOTONIC) - begin, used = now(CLOCK_PROCESS_CPUTIME_ID) - processor;
  for (int i = 0; i < system_count; i++) {
    for (int j = 0; j < systems[i].count; j++) {
      if (!systems[i].values[j].tag) die("%s: value %d did not come", name(&systems[i]), j + 1);
    }
  }
  printf("%ld %ld %ld %ld %ld %ld\n", took / 1000, used / 1000, got, packets, repeated, absent);
  fflush(stdout);
}

int main(int count, char **arguments) {
  for (int given; (given = getopt(count, arguments, "b:k:n:t:r:")) != -1;) {
    switch (given) {
      case 'b': batch = option(optarg, MOST_VALUES); break;
      case 'k': flight = option(optarg, 100); break;
      case 'n': total = option(optarg, MOST_TOTAL); break;
      case 't': timeout_ns = option(optarg, 600000) * 1000000L; break;
      case 'r': rounds = option(optarg, 1000000); break;
      default: die("usage: poller [-b VALUES] [-k FLIGHT] [-n TOTAL] [-t MILLISECONDS] [-r ROUNDS] < questions");
    }
  }
  read_questions();
  for (int i = 0; i < SOCKETS; i++) {
    sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sockets[i] < 0) die("socket: %s", strerror(errno));
    setsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &(int){BUFFER}, sizeof(int));
  }
  slots = memory(total, sizeof *slots);
  free_slots = memory(total, sizeof *free_slots);
  halves = memory(2L * asked(), sizeof *halves);
  for (int i = total - 1; i >= 0; i--) free_slots[free_count++] = i;
  // A slot may be in it once for each attempt, and for each use within the time of an attempt.
  for (wait_size = 1 << 16; wait_size < 8L * total + 8L * asked();) wait_size *= 2;
  waiting = memory(wait_size, sizeof *waiting);
  for (int i = 0; i < rounds; i++) ask();
  return 0;
}
