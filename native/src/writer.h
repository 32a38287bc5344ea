/* The writer, and the newest view against one base of it (splice.c). */
#ifndef SKIRMISH_WRITER_H
#define SKIRMISH_WRITER_H

#include "snapshot.h"

enum { HISTORY_MAX = 256, SECTIONS = 7, EMPTY_ARRAY = 0x80 };

/* The newest view against one base. */
typedef struct {
    Frame *base; /* one of the writer's */
    bool has_base_tick;
    int64_t base_tick;
    bool is_full;
    int64_t ticks;
    PyObject *state; /* bytes */
    uint8_t head[1 + 2 * CBOR_INT_BYTES_MAX];
    size_t head_size;
    Run *bodies; /* by slot; size 0: it went as predicted, or was not there */
    Run *shots;  /* by index; the same */
    int32_t *shot_was, *shot_is; /* index in the base of each shot, and the other way; -1: none */
    size_t bodies_room, shots_room, was_room, is_room;
    Buffer pieces;
    int first_happened; /* index in the history of the first view that counts for events; -1: none */
    PyObject *open_sight; /* bytes, of those who see everything */
} Splice;

typedef struct {
    PyObject_HEAD
    int history_ticks;
    bool is_foggy;
    int64_t snapshot_number, full_number;
    PyObject *encode_state;
    Frame *nothing;
    Frame *history[HISTORY_MAX]; /* oldest first; the newest is the last, unless it was forgotten */
    int count;
    Frame *newest, *spare[2];
    bool newest_is_kept; /* in `history` too */
    bool is_busy;        /* windows and states come from Python: they must not come back */
    Splice *splices;
    int splice_count, splice_room;
    Buffer section[SECTIONS], message, variants;
} Writer;

/* Of the newest view against a base, None or a tick; made when it is first asked for. */
Splice *splice_for(Writer *writer, PyObject *base_tick);
void splice_clear(Splice *splice);
void splice_free(Splice *splice);

/* sight.c: what a seat sees, encoded, behind what is in `Writer.message`. */
int put_sight(Writer *writer, Splice *splice, int slot);

#endif
