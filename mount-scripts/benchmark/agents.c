// Many SNMP agents that answer GETs and nothing else, each on a loopback address of its own: 'bench network' asks them where it
// measures what asking costs. Those of 'aeiou simulate' can do more, and take ten times as long for an answer.
//
//   agents FIRST_ADDRESS PORT COUNT MILLISECONDS
//
// An answer leaves so many milliseconds after its question came. Port 0 picks one that is free on all the addresses. It prints
// the port when all of them answer, and runs until a signal; at SIGUSR1 it prints how many it has answered. What is asked for is always there: below 'system' (1.3.6.1.2.1.1) a value of the type that the MIB says, elsewhere a
// Counter32; numbers are others each time.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
  MOST_MESSAGE = 2048,
  MOST_WAITING = 1 << 16,  // answers that are not due yet; a power of two
  EVENTS = 256,
  BUFFER = 1 << 20,
  ATTEMPTS = 16,
};

struct answer {
  long due;
  int socket, length;
  struct sockaddr_in to;
  uint8_t octets[MOST_MESSAGE];
};

static long delay;
// All wait equally long, so that they are due in the order in which they came.
static struct answer *waiting;
static unsigned first, last;
static uint32_t counter;
static long answered;
static volatile sig_atomic_t asked;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void die(const char *what) {
  fprintf(stderr, "agents: %s: %s\n", what, strerror(errno));
  exit(1);
}

// Steps into what is at 'at', or over it if 'over', and narrows 'end' to it when stepping in; NULL if it is not all there.
static const uint8_t *step(const uint8_t *at, const uint8_t **end, uint8_t tag, int over) {
  if (!at || *end - at < 2 || at[0] != tag) return NULL;
  const uint8_t *content = at + 2;
  int length = at[1];
  if (length == 0x81 && *end - at > 2) {
    length = at[2];
    content = at + 3;
  } else if (length == 0x82 && *end - at > 3) {
    length = at[2] << 8 | at[3];
    content = at + 4;
  } else if (length > 0x7f) {
    return NULL;
  }
  if (length > *end - content) return NULL;
  if (over) return content + length;
  *end = content + length;
  return content;
}

// Begins what will have two octets of length, and returns where its content goes; 'finish' fills the length in.
static uint8_t *begin(uint8_t *at, uint8_t tag) {
  at[0] = tag;
  at[1] = 0x82;
  return at + 4;
}

static void finish(uint8_t *content, const uint8_t *end) {
  content[-2] = (end - content) >> 8;
  content[-1] = end - content;
}

static uint8_t *put_number(uint8_t *at, uint8_t tag) {
  uint32_t number = counter++ & 0x7fffffff;
  memcpy(at, (uint8_t[]){tag, 4, number >> 24, number >> 16, number >> 8, number}, 6);
  return at + 6;
}

static uint8_t *put_text(uint8_t *at, const char *text) {
  int length = strlen(text);
  *at++ = 0x04;
  *at++ = length;
  return (uint8_t *)memcpy(at, text, length) + length;
}

static uint8_t *put_value(uint8_t *at, const uint8_t *oid, int length) {
  static const uint8_t system[] = {0x2b, 6, 1, 2, 1, 1}, maker[] = {0x06, 8, 0x2b, 6, 1, 4, 1, 0xbf, 8, 10};
  if (length != 8 || memcmp(oid, system, sizeof system)) return put_number(at, 0x41);
  switch (oid[6]) {
    case 1: return put_text(at, "A reference agent that answers at once, with a description as long as usual");
    case 2: return (uint8_t *)memcpy(at, maker, sizeof maker) + sizeof maker;
    case 3: case 8: return put_number(at, 0x43);
    case 4: return put_text(at, "noc@example.net");
    case 5: return put_text(at, "agent");
    case 6: return put_text(at, "Rack 12, Room 3, London");
    case 7: return (uint8_t *)memcpy(at, (uint8_t[]){0x02, 1, 78}, 3) + 3;
    default: return put_number(at, 0x41);
  }
}

// The answer to a question, or 0 octets where it is no GET. Everything before the variables is as in the question.
static int answer(const uint8_t *at, int length, uint8_t *out) {
  const uint8_t *end = at + length, *inner, *credentials, *id;
  credentials = at = step(at, &end, 0x30, 0);
  at = step(step(at, &end, 0x02, 1), &end, 0x04, 1);
  if (!at) return 0;
  uint8_t *message = begin(out, 0x30), *pdu, *list, *to = mempcpy(message, credentials, at - credentials);
  id = at = step(at, &end, 0xa0, 0);
  at = step(step(step(at, &end, 0x02, 1), &end, 0x02, 1), &end, 0x02, 1);
  if (!at) return 0;
  pdu = begin(to, 0xa2);
  list = begin(mempcpy(pdu, id, at - id), 0x30);
  to = list;
  at = step(at, &end, 0x30, 0);
  while (at && at < end) {
    inner = end;
    const uint8_t *name = step(at, &inner, 0x30, 0), *after = step(name, &inner, 0x06, 1);
    if (!after || to - out > MOST_MESSAGE - 256 - (after - name)) return 0;
    uint8_t *variable = begin(to, 0x30);
    to = put_value(mempcpy(variable, name, after - name), name + 2, after - name - 2);
    finish(variable, to);
    at = inner;
  }
  if (!at) return 0;
  finish(list, to);
  finish(pdu, to);
  finish(message, to);
  return to - out;
}

static void on_asked(int number) { asked = number; }

static void send_due(int timer) {
  long time = delay ? now() : 0;
  for (; first != last && waiting[first % MOST_WAITING].due <= time; first++) {
    struct answer *next = &waiting[first % MOST_WAITING];
    sendto(next->socket, next->octets, next->length, 0, (struct sockaddr *)&next->to, sizeof next->to);
  }
  if (first == last) return;
  long due = waiting[first % MOST_WAITING].due;
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &(struct itimerspec){.it_value = {due / 1000000000, due % 1000000000}}, NULL);
}

static void receive(int socket) {
  uint8_t question[MOST_MESSAGE];
  struct answer *next = &waiting[last % MOST_WAITING];
  socklen_t size = sizeof next->to;
  int length = recvfrom(socket, question, sizeof question, MSG_DONTWAIT, (struct sockaddr *)&next->to, &size);
  if (length <= 0 || last - first == MOST_WAITING || !(next->length = answer(question, length, next->octets))) return;
  next->socket = socket;
  next->due = delay ? now() + delay : 0;
  last++;
  answered++;
}

// One socket for each address from 'address' on, all on one port; false if that is taken on one of them.
static int open_all(int *sockets, int count, struct sockaddr_in *address) {
  uint32_t number = ntohl(address->sin_addr.s_addr);
  for (int i = 0; i < count; i++) {
    socklen_t size = sizeof *address;
    sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (sockets[i] < 0) die("a socket; each agent needs one (ulimit -n)");
    setsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &(int){BUFFER}, sizeof(int));
    address->sin_addr.s_addr = htonl(number);
    if (bind(sockets[i], (struct sockaddr *)address, sizeof *address)) {
      for (; i >= 0; i--) close(sockets[i]);
      return 0;
    }
    getsockname(sockets[i], (struct sockaddr *)address, &size);
    number += (number & 0xff) == 254 ? 3 : 1;  // not those that end in 255 or 0
  }
  return 1;
}

int main(int count, char **arguments) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  if (count != 5 || inet_pton(AF_INET, arguments[1], &address.sin_addr) != 1) {
    fputs("usage: agents FIRST_ADDRESS PORT COUNT MILLISECONDS\n", stderr);
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, 15);  // they end with what started them, however that ended
  int agents = atoi(arguments[3]), *sockets = calloc(agents, sizeof *sockets);
  delay = atol(arguments[4]) * 1000000;
  waiting = calloc(MOST_WAITING, sizeof *waiting);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  for (int attempt = 1;; attempt++) {
    struct sockaddr_in bound = address;
    bound.sin_port = htons(atoi(arguments[2]));
    if (open_all(sockets, agents, &bound)) {
      printf("%d\n", ntohs(bound.sin_port));
      fflush(stdout);
      break;
    }
    if (bound.sin_port == htons(atoi(arguments[2])) || attempt == ATTEMPTS) die(inet_ntoa(bound.sin_addr));
  }
  sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_asked}, NULL);
  int poll = epoll_create1(EPOLL_CLOEXEC), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (!waiting || poll < 0 || timer < 0) die("starting");
  epoll_ctl(poll, EPOLL_CTL_ADD, timer, &(struct epoll_event){EPOLLIN, {.fd = timer}});
  for (int i = 0; i < agents; i++) epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &(struct epoll_event){EPOLLIN, {.fd = sockets[i]}});
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(poll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == timer) {
        uint64_t expired;
        if (read(timer, &expired, sizeof expired) < 0 && errno != EAGAIN) die("timer");
      } else {
        receive(events[i].data.fd);
      }
    }
    send_due(timer);
    if (asked) {
      asked = 0;
      printf("%ld\n", answered);
      fflush(stdout);
    }
  }
}
