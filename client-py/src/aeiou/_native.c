/*
 * What is done to many requests at once, in C: the same functions as _pure.py and Completions.take, for the plain cases.
 *
 * Each stops at what is not plain (a path that is not UTF-8 or too long, an entry of a watch, an outcome that was not
 * written) and says how far it came: Python does the next one, or refuses it. Offsets are those of closures/ABI.md.
 * Nothing here runs Python code but what `due.extend` does, so that no signal comes in between: either all of a call
 * was done, or nothing. The caller holds the lock of the submissions.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <structmember.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the layouts are little-endian, and read as words of this machine"
#endif

#if PY_VERSION_HEX < 0x030A0000
static PyObject *Py_NewRef(PyObject *object) {
  Py_INCREF(object);
  return object;
}
static PyObject *Py_XNewRef(PyObject *object) {
  Py_XINCREF(object);
  return object;
}
#endif

/* Is raised by one when a function here is called otherwise than before: _burst.py takes no other. */
enum { CALLS = 2 };

enum {
  FIRST_SLOT = 4096, SLOT = 64, SLOT_HASH_LENGTH_KIND = 8, SLOT_USABLE = 24, PROBES = 64,
  RING = 4096, PAGE_TARGET = 24, PAGE_GROUP = 32, PAGE_LENGTH = 40, PAGE_PATH = 64,
  COMPLETION_HEAD = 192, COMPLETIONS_DONE = 448,
  COMPLETION_TAIL = 64, COMPLETION = 16,
  OUTCOME_KIND = 8, OUTCOME_TAKEN = 16, OUTCOME_CHANGED = 24, OUTCOME_FRESH = 32, OUTCOME_USABLE = 40,
  OUTCOME_LENGTH = 48, OUTCOME_UNIT = 52, OUTCOME_VALUE = 64, UNIT = 64, LONGEST_PATH = 1024
};
enum { READING = 1, ABSENT = 2, FAILURE = 3, CANCEL = 4 };
enum { LISTING = 4 }; /* the last kind of slots that answers a read, the first of which is READING */
enum { BATCH = 1024, AHEAD = 16 };

typedef const _Atomic uint64_t read_word;
typedef _Atomic uint64_t write_word;

static uint32_t crc_table[256];

/* By slot of Entry: where it is in the object. */
static const char *const slot_names[] = {"path", "reason", "taken", "changed", "context", "_value", "_fresh", "_usable"};
enum { PATH, REASON, TAKEN, CHANGED, CONTEXT, VALUE, FRESH, USABLE, SLOTS };
static Py_ssize_t slot_offsets[SLOTS];
static PyTypeObject *entry_type;
static PyObject *reasons, *answers;
static PyObject *empty, *absent, *bad_answer, *extend;

static uint64_t word_at(const char *at) {
  uint64_t word;
  memcpy(&word, at, 8);
  return word;
}

static void store(char *at, uint64_t word) { memcpy(at, &word, 8); }

/* A path in UTF-8, for as long as it lives; NULL if it is no text, or cannot be that. */
static const char *utf8(PyObject *path, Py_ssize_t *length) {
  const char *name = PyUnicode_CheckExact(path) ? PyUnicode_AsUTF8AndSize(path, length) : NULL;
  if (!name) PyErr_Clear();
  return name;
}

/* What the slot of a path has of it; 0 if that is to be found out elsewhere. */
static uint64_t wanted_of(PyObject *path) {
  Py_ssize_t length;
  const char *name = utf8(path, &length);
  if (!name || length == 0 || length > LONGEST_PATH || name[0] == '/' || name[length - 1] == '/') return 0;
  uint32_t crc = 0xFFFFFFFF;
  char before = 0;
  for (Py_ssize_t i = 0; i < length; i++) {
    if (name[i] == '/' && before == '/') return 0;
    before = name[i];
    crc = crc_table[(crc ^ (unsigned char)before) & 0xFF] ^ crc >> 8;
  }
  return (crc ^ 0xFFFFFFFF) | (uint64_t)length << 32;
}

/* Whether the table may have something usable of a path; if in doubt, yes. */
static int may_be_usable(const char *slots, uint64_t mask, uint64_t wanted, uint64_t now) {
  for (uint64_t i = 0; i < PROBES; i++) {
    const char *slot = slots + ((wanted + i) & mask) * SLOT;
    /* Pairs with the daemon's release of the sequence: what is behind it is at least as new. */
    uint64_t sequence = atomic_load_explicit((read_word *)slot, memory_order_acquire);
    if (sequence == 0) return 0;
    if (sequence & 1) return 1;
    uint64_t head = atomic_load_explicit((read_word *)(slot + SLOT_HASH_LENGTH_KIND), memory_order_relaxed);
    if ((head & 0xFFFFFFFFFFFF) == wanted && head >> 48 >= READING && head >> 48 <= LISTING) {
      uint64_t usable = atomic_load_explicit((read_word *)(slot + SLOT_USABLE), memory_order_relaxed);
      /* The reads before this are done before it: the slot was not written meanwhile if the sequence is the same. */
      atomic_thread_fence(memory_order_acquire);
      return atomic_load_explicit((read_word *)slot, memory_order_relaxed) != sequence || now < usable;
    }
  }
  return 0;
}

static PyObject *misses(PyObject *self, PyObject *args) {
  Py_buffer table;
  unsigned long long slots, now;
  PyObject *paths, *wanted;
  Py_ssize_t begin, end;
  if (!PyArg_ParseTuple(args, "y*KOOnnK", &table, &slots, &paths, &wanted, &begin, &end, &now)) return NULL;
  PyObject *result = NULL;
  paths = PySequence_Fast(paths, "paths: expected a sequence");
  wanted = wanted == Py_None || !paths ? NULL : PySequence_Fast(wanted, "wanted: expected a sequence");
  if (!paths || PyErr_Occurred()) goto done;
  if (slots == 0 || slots & (slots - 1) || slots > ((uint64_t)table.len - FIRST_SLOT) / SLOT || table.len < FIRST_SLOT ||
      begin < 0 || end > PySequence_Fast_GET_SIZE(paths) || (wanted && end > PySequence_Fast_GET_SIZE(wanted))) {
    PyErr_SetString(PyExc_ValueError, "the value table, or the paths, are not what they should be");
    goto done;
  }
  const char *first = (const char *)table.buf + FIRST_SLOT;
  uint64_t ahead[AHEAD];
  Py_ssize_t i = begin;
  for (Py_ssize_t known = begin; i < end; i++) {
    /* Slots are all over the memory: it is asked for some of them before the first is looked at. */
    for (; known < end && known < i + AHEAD; known++) {
      PyObject *path = PySequence_Fast_GET_ITEM(paths, known);
      uint64_t want = wanted ? PyLong_AsUnsignedLongLong(PySequence_Fast_GET_ITEM(wanted, known)) : wanted_of(path);
      if (PyErr_Occurred()) goto done;
      ahead[known % AHEAD] = want;
      __builtin_prefetch(first + (want & (slots - 1)) * SLOT);
    }
    uint64_t want = ahead[i % AHEAD];
    if (want == 0 || may_be_usable(first, slots - 1, want, now)) break;
  }
  result = PyLong_FromSsize_t(i);
done:
  Py_XDECREF(wanted);
  Py_XDECREF(paths);
  PyBuffer_Release(&table);
  return result;
}

/* A path as a page has it; NULL if that is to be found out elsewhere. */
static const char *name_at(PyObject *paths, PyObject *names, Py_ssize_t i, Py_ssize_t room, Py_ssize_t *length) {
  const char *name;
  if (names) {
    PyObject *bytes = PySequence_Fast_GET_ITEM(names, i);
    if (!PyBytes_CheckExact(bytes)) return NULL;
    name = PyBytes_AS_STRING(bytes);
    *length = PyBytes_GET_SIZE(bytes);
  } else {
    name = utf8(PySequence_Fast_GET_ITEM(paths, i), length);
  }
  return name && *length <= room && *length <= 0xFFFF ? name : NULL;
}

static PyObject *fill(PyObject *self, PyObject *args) {
  Py_buffer file;
  PyObject *words, *ring_words, *free, *pending, *paths, *names, *sink, *contexts;
  Py_ssize_t pages_at, page_bytes, entries, begin, end;
  unsigned long long head, number, group, tail, deadline;
  if (!PyArg_ParseTuple(args, "(w*OO)(nnn)O!O!OOnn(KKKKK)OO!", &file, &words, &ring_words, &pages_at, &page_bytes, &entries,
                        &PyList_Type, &free, &PyList_Type, &pending, &paths, &names, &begin, &end, &head, &number, &group,
                        &tail, &deadline, &sink, &PyList_Type, &contexts))
    return NULL;
  Py_ssize_t count = 0;
  int failed = 1;
  paths = PySequence_Fast(paths, "paths: expected a sequence");
  names = names == Py_None || !paths ? NULL : PySequence_Fast(names, "names: expected a sequence");
  if (!paths || PyErr_Occurred()) goto done;
  Py_ssize_t at_hand = PyList_GET_SIZE(free), pages = PyList_GET_SIZE(pending), wanted = end - begin;
  if (begin < 0 || wanted < 0 || wanted > at_hand || wanted > PyList_GET_SIZE(contexts) || wanted > entries ||
      end > PySequence_Fast_GET_SIZE(paths) || (names && end > PySequence_Fast_GET_SIZE(names)) || entries <= 0 ||
      entries & (entries - 1) || page_bytes < PAGE_PATH || pages_at < RING || pages_at % 8 || page_bytes % 8 ||
      RING + 4 * entries > file.len || pages > (file.len - pages_at) / page_bytes) {
    PyErr_SetString(PyExc_ValueError, "the submission file, or the requests, are not what they should be");
    goto done;
  }
  char *memory = file.buf;
  for (; count < wanted; count++) {
    Py_ssize_t length;
    const char *name = name_at(paths, names, begin + count, page_bytes - PAGE_PATH, &length);
    if (!name) break;
    Py_ssize_t page = PyLong_AsSsize_t(PyList_GET_ITEM(free, at_hand - 1 - count));
    if (page < 0 || page >= pages) {
      if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a free page is none");
      break;
    }
    PyObject *request = PyTuple_New(3);
    if (!request) break;
    PyObject *path = PySequence_Fast_GET_ITEM(paths, begin + count), *context = PyList_GET_ITEM(contexts, count);
    PyTuple_SET_ITEM(request, 0, Py_NewRef(path));
    PyTuple_SET_ITEM(request, 1, Py_NewRef(sink));
    PyTuple_SET_ITEM(request, 2, Py_NewRef(context));
    PyList_SetItem(pending, page, request);
    /* None of this is the daemon's before the tail says so, which is stored with a release. */
    char *at = memory + pages_at + page * page_bytes;
    store(at, head);
    store(at + 8, (uint64_t)page + 1);
    store(at + 16, number + count);
    store(at + PAGE_TARGET, deadline);
    store(at + PAGE_GROUP, group);
    store(at + PAGE_LENGTH, (uint64_t)length);
    memcpy(at + PAGE_PATH, name, length);
    uint32_t entry = (uint32_t)page;
    memcpy(memory + RING + 4 * ((tail + count) & (entries - 1)), &entry, 4);
  }
  failed = PyErr_Occurred() != NULL;
  if (!failed) failed = PyList_SetSlice(free, at_hand - count, at_hand, NULL) < 0;
  if (failed) {
    for (Py_ssize_t i = 0; i <= count && i < at_hand; i++) {
      Py_ssize_t page = PyLong_AsSsize_t(PyList_GET_ITEM(free, at_hand - 1 - i));
      if (page >= 0 && page < pages) PyList_SetItem(pending, page, Py_NewRef(Py_None));
    }
  }
done:
  Py_XDECREF(names);
  Py_XDECREF(paths);
  PyBuffer_Release(&file);
  return failed ? NULL : PyLong_FromSsize_t(count);
}

/* Why an outcome is no reading, as reason_of in _entry.py; a borrowed reference. */
static PyObject *reason_of(uint64_t kind) {
  uint64_t number = kind >> 32;
  switch (kind & 0xFFFF) {
    case READING: return empty;
    case ABSENT: return absent;
    case CANCEL: return PyTuple_GET_ITEM(answers, number < 3 ? number : 3);
    default: return 0 < number && number < (uint64_t)PyTuple_GET_SIZE(reasons) ? PyTuple_GET_ITEM(reasons, number) : bad_answer;
  }
}

static void set(PyObject *entry, int slot, PyObject *value) {
  *(PyObject **)((char *)entry + slot_offsets[slot]) = value;
}

/* The entry of an outcome that nothing changes any more. */
static PyObject *entry_of(PyObject *path, const char *outcome, const char *value, Py_ssize_t length) {
  PyObject *entry = entry_type->tp_alloc(entry_type, 0);
  if (!entry) return NULL;
  uint64_t at = word_at(outcome + OUTCOME_TAKEN), changed = word_at(outcome + OUTCOME_CHANGED);
  PyObject *taken = PyFloat_FromDouble((double)at / 1000);
  set(entry, PATH, Py_NewRef(path));
  set(entry, REASON, Py_NewRef(reason_of(word_at(outcome + OUTCOME_KIND))));
  set(entry, TAKEN, taken);
  set(entry, CHANGED, changed == at ? Py_XNewRef(taken) : PyFloat_FromDouble((double)changed / 1000));
  set(entry, CONTEXT, Py_NewRef(Py_None));
  set(entry, VALUE, PyBytes_FromStringAndSize(value, length));
  set(entry, FRESH, PyLong_FromUnsignedLongLong(word_at(outcome + OUTCOME_FRESH)));
  set(entry, USABLE, PyLong_FromUnsignedLongLong(word_at(outcome + OUTCOME_USABLE)));
  if (PyErr_Occurred()) Py_CLEAR(entry);
  return entry;
}

/* The requests whose outcomes are taken, and what becomes of them. */
struct taken {
  Py_ssize_t count;
  Py_ssize_t pages[BATCH];
  PyObject *requests[BATCH];
};

/* Lets requests wait again. */
static void put_back(struct taken *taken, PyObject *pending) {
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  for (Py_ssize_t i = 0; i < taken->count; i++) PyList_SetItem(pending, taken->pages[i], taken->requests[i]);
  taken->count = 0;
  PyErr_Restore(type, value, trace);
}

static PyObject *take(PyObject *self, PyObject *args) {
  Py_buffer in, out;
  Py_ssize_t pages, outcome_bytes, outcomes_at, arena_at, entries;
  unsigned long long head;
  PyObject *pending, *free, *watches, *due;
  if (!PyArg_ParseTuple(args, "y*w*(nnnnn)KO!O!O!O", &in, &out, &pages, &outcome_bytes, &outcomes_at, &arena_at, &entries,
                        &head, &PyList_Type, &pending, &PyList_Type, &free, &PyDict_Type, &watches, &due))
    return NULL;
  const char *memory = in.buf;
  struct taken taken;
  taken.count = 0;
  PyObject *result = NULL, *list = NULL;
  if (entries <= 0 || entries & (entries - 1) || RING + COMPLETION * entries > in.len || pages > PyList_GET_SIZE(pending) ||
      outcome_bytes < OUTCOME_VALUE || outcome_bytes % 8 || outcomes_at < RING || outcomes_at % 8 || arena_at < 0 ||
      pages > (in.len - outcomes_at) / outcome_bytes || out.len < RING || !entry_type) {
    PyErr_SetString(PyExc_ValueError, "the completion file is not what it should be");
    goto done;
  }
  /* Pairs with the daemon's release of the tail: entries and outcomes before it are written. */
  uint64_t tail = atomic_load_explicit((read_word *)(memory + COMPLETION_TAIL), memory_order_acquire);
  uint64_t most = tail - head;
  if (most > BATCH) most = BATCH;
  if (most > (uint64_t)entries) most = entries;
  uint64_t count = 0;
  for (; count < most; count++) {
    uint64_t word = word_at(memory + RING + COMPLETION * ((head + count) & (entries - 1)));
    uint64_t page = word & 0xFFFFFFFF;
    if (word >> 48) break;
    if (page >= (uint64_t)pages) continue;
    PyObject *request = PyList_GET_ITEM(pending, page);
    if (request == Py_None) continue;
    const char *outcome = memory + outcomes_at + page * outcome_bytes;
    if (!PyTuple_CheckExact(request) || PyTuple_GET_SIZE(request) != 3 || word_at(outcome) == 0) break;
    taken.pages[taken.count] = (Py_ssize_t)page;
    taken.requests[taken.count++] = Py_NewRef(request);
    PyList_SetItem(pending, page, Py_NewRef(Py_None));
  }
  if (count == 0) {
    result = PyLong_FromLong(0);
    goto done;
  }
  atomic_store_explicit((write_word *)((char *)out.buf + COMPLETION_HEAD), head + count, memory_order_release);
  atomic_thread_fence(memory_order_seq_cst);
  list = PyList_New(taken.count);
  if (!list) goto failed;
  for (Py_ssize_t i = 0; i < taken.count; i++) {
    PyObject *request = taken.requests[i];
    const char *outcome = memory + outcomes_at + taken.pages[i] * outcome_bytes, *value = outcome + OUTCOME_VALUE;
    uint32_t length, unit;
    memcpy(&length, outcome + OUTCOME_LENGTH, 4);
    memcpy(&unit, outcome + OUTCOME_UNIT, 4);
    uint64_t begin = unit ? (uint64_t)arena_at + (uint64_t)(unit - 1) * UNIT : (uint64_t)(value - memory);
    uint64_t left = begin < (uint64_t)in.len ? (uint64_t)in.len - begin : 0;
    if (length > left) length = (uint32_t)left;
    PyObject *entry = entry_of(PyTuple_GET_ITEM(request, 0), outcome, memory + (left ? begin : 0), length);
    PyObject *item = entry ? PyTuple_New(4) : NULL;
    if (!item) {
      Py_XDECREF(entry);
      goto failed;
    }
    PyTuple_SET_ITEM(item, 0, Py_NewRef(PyTuple_GET_ITEM(request, 1)));
    PyTuple_SET_ITEM(item, 1, Py_NewRef(PyTuple_GET_ITEM(request, 2)));
    PyTuple_SET_ITEM(item, 2, entry);
    PyTuple_SET_ITEM(item, 3, Py_NewRef(Py_False));
    PyList_SET_ITEM(list, i, item);
  }
  result = PyLong_FromUnsignedLongLong(count);
  PyObject *nothing = result ? PyObject_CallMethodOneArg(due, extend, list) : NULL;
  if (!nothing) goto failed;
  Py_DECREF(nothing);
  for (Py_ssize_t i = 0; i < taken.count; i++) {
    PyObject *page = PyLong_FromSsize_t(taken.pages[i]);
    if (!page || PyList_Append(free, page) < 0 ||
        (PyDict_GET_SIZE(watches) && PyDict_Contains(watches, page) == 1 && PyDict_DelItem(watches, page) < 0))
      PyErr_Clear(); /* without memory: the page is lost, and nothing else */
    Py_XDECREF(page);
    Py_DECREF(taken.requests[i]);
  }
  /* The values were read before: what they had in the arena is the daemon's again. */
  atomic_store_explicit((write_word *)((char *)out.buf + COMPLETIONS_DONE), head + count, memory_order_release);
  goto done;
failed:
  put_back(&taken, pending);
  Py_CLEAR(result);
done:
  Py_XDECREF(list);
  PyBuffer_Release(&in);
  PyBuffer_Release(&out);
  return result;
}

/* Is told the type of entries, and what their reasons are called. */
static PyObject *setup(PyObject *self, PyObject *args) {
  PyTypeObject *type;
  PyObject *why, *told;
  if (!PyArg_ParseTuple(args, "O!O!O!", &PyType_Type, &type, &PyTuple_Type, &why, &PyTuple_Type, &told)) return NULL;
  if (PyTuple_GET_SIZE(told) < 4) return PyErr_Format(PyExc_ValueError, "there are 4 answers to a cancel");
  for (int i = 0; i < SLOTS; i++) {
    PyObject *descriptor = PyObject_GetAttrString((PyObject *)type, slot_names[i]);
    if (!descriptor) return NULL;
    int fits = Py_IS_TYPE(descriptor, &PyMemberDescr_Type);
    if (fits) {
      PyMemberDef *member = ((PyMemberDescrObject *)descriptor)->d_member;
      fits = member->type == T_OBJECT_EX && member->offset > 0 && member->offset + (Py_ssize_t)sizeof(PyObject *) <= type->tp_basicsize;
      slot_offsets[i] = member->offset;
    }
    Py_DECREF(descriptor);
    if (!fits) return PyErr_Format(PyExc_TypeError, "%s.%s is no slot", type->tp_name, slot_names[i]);
  }
  Py_INCREF(type);
  Py_XSETREF(entry_type, type);
  Py_XSETREF(reasons, Py_NewRef(why));
  Py_XSETREF(answers, Py_NewRef(told));
  Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"misses", misses, METH_VARARGS, "As _pure.misses."},
    {"fill", fill, METH_VARARGS, "As _pure.fill."},
    {"take", take, METH_VARARGS, "Lets what entries of the ring announce be due; returns how many entries."},
    {"setup", setup, METH_VARARGS, "Is told the type of entries, and what their reasons are called."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "aeiou._native", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
    crc_table[i] = crc;
  }
  empty = PyUnicode_InternFromString("");
  absent = PyUnicode_InternFromString("absent");
  bad_answer = PyUnicode_InternFromString("bad answer");
  extend = PyUnicode_InternFromString("extend");
  if (!empty || !absent || !bad_answer || !extend) return NULL;
  PyObject *made = PyModule_Create(&module);
  if (made && PyModule_AddIntConstant(made, "CALLS", CALLS) < 0) Py_CLEAR(made);
  return made;
}
