/* What all files of this extension share: reading Python's integers and slotted objects, writing CBOR.
 *
 * Everything in here is a twin of a Python function that stands in its comment, and must give what
 * that one gives; `tests/native` holds them together. A function that returns int says -1
 * with a Python error set, and 0 where nothing else is written.
 */
#ifndef SKIRMISH_H
#define SKIRMISH_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <structmember.h>

/* What the rules call these; `skirmish_native.ASSUMES` tells Python, which compares. */
enum {
    TILE_SHIFT = 10,
    TILE_UNITS = 1 << TILE_SHIFT,
    REACH_TILES = 30,
    WINDOW_SIDE = 2 * REACH_TILES + 1,
    WINDOW_BYTES = (WINDOW_SIDE * WINDOW_SIDE + 7) / 8,
    NEVER_TICK = 1 << 30,
    EVENTS_MAX = 256,
    BODY_FIELDS = 8,
    SHOT_FIELDS = 5,
    OWN_FIELDS = 14,
    CARD_FIELDS = 11,
    PAD_FIELDS = 1,
    CARD_SHOTS = 4,
    CARD_HITS = 5,
    CARD_TEAM = 9,
    BODY_STATUS = 5,
    OWN_RESPAWN = 11,
    STATUS_WEAPON_SHIFT = 8,
    MOVEMENT_VERSION = 1,
    JOURNAL_FORMAT = 3,
    PHASE_SCOREBOARD = 4,
};
enum { ALIVE = 1, CONNECTED = 2, BOT = 4, DASHING = 8, PROTECTED = 16, DOUBLE = 32, FIRING = 64, IN_MATCH = 128 };
enum { BUTTON_FIRE = 16, BUTTON_DASH = 32 };

/* The offsets of the slots of an attrs class. */
typedef struct {
    PyTypeObject *type;
    Py_ssize_t *offsets;
} Layout;

int layout_bind(Layout *layout, PyObject *type, const char *const *names, int count);

/* A borrowed reference to what is in a slot. */
static inline PyObject *slot_of(const Layout *layout, PyObject *object, int index)
{
    return *(PyObject **)((char *)object + layout->offsets[index]);
}

/* An int, and no object that runs code to become one: nothing moves under those who read. */
static inline int int_of(PyObject *object, int64_t *value)
{
    if (!PyLong_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s where an int was expected", Py_TYPE(object)->tp_name);
        return -1;
    }
    *value = PyLong_AsLongLong(object);
    return *value == -1 && PyErr_Occurred() ? -1 : 0;
}

static inline int slot_int(const Layout *layout, PyObject *object, int index, int64_t *value)
{
    PyObject *held = slot_of(layout, object, index);
    if (held == NULL) {
        PyErr_SetString(PyExc_AttributeError, "a slot is empty");
        return -1;
    }
    return int_of(held, value);
}

static inline int slot_set_int(const Layout *layout, PyObject *object, int index, int64_t value)
{
    PyObject *fresh = PyLong_FromLongLong(value);
    if (fresh == NULL)
        return -1;
    PyObject **place = (PyObject **)((char *)object + layout->offsets[index]);
    PyObject *before = *place;
    *place = fresh;
    Py_XDECREF(before);
    return 0;
}

int check_type(const Layout *layout, PyObject *object);

/* The ints of a tuple, which must be so many. */
int ints_of_tuple(PyObject *tuple, int count, int64_t *values);

/* Bytes that grow. */
typedef struct {
    uint8_t *data;
    size_t size, room;
} Buffer;

int buffer_grow(Buffer *buffer, size_t more);

static inline int buffer_reserve(Buffer *buffer, size_t more)
{
    return buffer->size + more <= buffer->room ? 0 : buffer_grow(buffer, more);
}

static inline int buffer_put(Buffer *buffer, const void *data, size_t size)
{
    if (buffer_reserve(buffer, size) < 0)
        return -1;
    if (size) /* no data at all is NULL */
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return 0;
}

/* The head of a CBOR item (RFC 8949, section 3) in its shortest form; the caller reserved 9 bytes. */
static inline uint8_t *cbor_head(uint8_t *at, uint8_t major, uint64_t value)
{
    int size = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
    *at++ = (uint8_t)(major << 5 | (size == 0 ? (int)value : size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27));
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        *at++ = (uint8_t)(value >> shift);
    return at;
}

static inline uint8_t *cbor_int(uint8_t *at, int64_t value)
{
    return value >= 0 ? cbor_head(at, 0, (uint64_t)value) : cbor_head(at, 1, ~(uint64_t)value);
}

enum { CBOR_UINT = 0, CBOR_ARRAY = 4, CBOR_INT_BYTES_MAX = 9 };

/* rows.c: records by key, in one block; each row is a key and its fields. */
typedef struct {
    PyObject_VAR_HEAD
    int fields;
    Py_ssize_t count;
    PyObject *dict; /* the same for Python, once it was asked for */
    int64_t numbers[];
} Rows;

int rows_set_up(void);
/* A new reference; its numbers are not set. */
Rows *rows_new(Py_ssize_t count, int fields);
static inline int64_t *row_of(const Rows *rows, Py_ssize_t index)
{
    return (int64_t *)rows->numbers + index * (rows->fields + 1);
}
/* Rows, or a dict of tuples. */
bool are_records(PyObject *records);
Py_ssize_t records_count(PyObject *records);
/* Into `row`, its key first: 1, or 0 when there is no other. `at` is 0 before the first. */
int record_next(PyObject *records, Py_ssize_t *at, int fields, int64_t *row);

/* records.c */
extern Layout player_layout;
int records_set_up(PyObject *player_type);
PyObject *native_records(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_pad_records(PyObject *module, PyObject *ready_ticks);
PyObject *native_on_tiles(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_places(PyObject *module, PyObject *const *args, Py_ssize_t count);

/* shots.c */
int shots_set_up(PyObject *shot_type);
PyObject *native_fly_free(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_shot_records(PyObject *module, PyObject *shots);

/* movement.c */
int movement_set_up(PyObject *direction);
PyObject *native_move_all(PyObject *module, PyObject *const *args, Py_ssize_t count);

/* frames.c */
PyObject *native_whole_messages(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_decode_input(PyObject *module, PyObject *encoded);
PyObject *native_bind_input(PyObject *module, PyObject *args);

/* An `input` message, read: a step for each tick from the first on. */
enum { STEPS_MAX = 5 };
typedef struct {
    uint32_t buttons, aim;
} Step;
typedef struct {
    long long first_tick, view_lag;
    int count;
    Step steps[STEPS_MAX];
} InputMessage;
/* Whether it is one of the common kind; takes bytes, and sets no error. */
bool read_input(PyObject *encoded, InputMessage *message);

/* inputs.c */
PyObject *native_bind_inbox(PyObject *module, PyObject *args);
PyObject *native_take_message(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *native_changed(PyObject *module, PyObject *const *args, Py_ssize_t count);

/* journal.c */
void journal_set_up(void);
PyObject *native_tick_records(PyObject *module, PyObject *const *args, Py_ssize_t count);

/* frame.c */
int frame_set_up(PyObject *view_type);

/* writer.c */
extern PyTypeObject SnapshotWriterType;

/* The fields of a player in `player_layout`, in the order of its names. */
enum PlayerField {
    P_SLOT, P_BOT, P_TEAM, P_CONNECTED,
    P_X, P_Y, P_VX, P_VY, P_DASH_VX, P_DASH_VY, P_DASH_UNTIL, P_DASH_READY,
    P_BUTTONS, P_AIM, P_ALIVE, P_HEALTH, P_ARMOUR, P_WEAPON, P_AMMO,
    P_FIRE_READY, P_PROTECTED_UNTIL, P_DOUBLE_UNTIL, P_RESPAWN,
    P_SCORE, P_KILLS, P_DEATHS, P_SHOTS, P_HITS, P_STREAK_BEST, P_MEDALS, P_PLACE, P_VOTE,
    PLAYER_FIELDS
};

#endif
