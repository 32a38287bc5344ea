/* `game.fog.Happenings`: where each event of a view was, by whom, and its bytes. */
#include "snapshot.h"

/* `game.fog.PLACES`: where in an event its place and its actor stand. */
static const struct {
    uint8_t place, actor;
    bool is_public;
} PLACES[KINDS] = {
    [SCATTER] = {2, 1, false}, [RAIL] = {2, 1, false}, [HIT] = {0, 1, false}, [SPAWN] = {2, 1, false},
    [EXPLODE] = {1, 0, false}, [IMPACT] = {1, 0, false}, [BOUNCE] = {1, 0, false}, [PICKUP] = {0, 1, false},
    [DASH] = {0, 1, false}, [FIRE] = {0, 1, false}, [EMPTY] = {0, 1, false},
    [KILL] = {0, 0, true}, [PHASE] = {0, 0, true}, [MEDAL] = {0, 0, true}, [FLAG] = {0, 0, true},
    [CIRCLE] = {0, 0, true}, [OUT] = {0, 0, true},
};
enum { HIT_ATTACKER = 2, HIT_KEPT = 5, EVENT_LENGTH_MAX = 16 };

/* `[length, kind, field, …]`. */
static int put_event(Buffer *buffer, const int64_t *event, int length, Run *run)
{
    if (buffer_reserve(buffer, (size_t)(length + 1) * CBOR_INT_BYTES_MAX) < 0)
        return -1;
    uint8_t *start = buffer->data + buffer->size, *at = cbor_head(start, CBOR_UINT, (uint64_t)length);
    for (int index = 0; index < length; index++)
        at = cbor_int(at, event[index]);
    *run = (Run){(uint32_t)buffer->size, (uint16_t)(at - start), (uint16_t)(length + 1)};
    buffer->size = (size_t)(at - buffer->data);
    return 0;
}

static int learn_happening(Frame *frame, PyObject *event, Happening *learnt)
{
    int64_t fields[EVENT_LENGTH_MAX];
    const Py_ssize_t length = PyTuple_Check(event) ? PyTuple_GET_SIZE(event) : 0;
    if (length < 2 || length > EVENT_LENGTH_MAX) {
        PyErr_SetString(PyExc_ValueError, "this is no event");
        return -1;
    }
    for (int index = 0; index < length; index++) {
        if (int_of(PyTuple_GET_ITEM(event, index), &fields[index]) < 0)
            return -1;
    }
    const int64_t kind = fields[0];
    if (kind <= 0 || kind >= KINDS || length <= PLACES[kind].place + (PLACES[kind].place ? 1 : 0)
        || (kind == HIT && length <= HIT_KEPT) || (kind == RAIL && length < 6)) {
        PyErr_SetString(PyExc_ValueError, "this is no event");
        return -1;
    }
    *learnt = (Happening){.kind = (int32_t)kind, .attacker = -1, .actor = -1};
    learnt->is_public = PLACES[kind].is_public;
    if (put_event(&frame->event_bytes, fields, (int)length, &learnt->run) < 0)
        return -1;
    const int actor = PLACES[kind].actor, place = PLACES[kind].place;
    if (actor && fields[actor] >= 0 && fields[actor] < frame->slots && frame->here[fields[actor]])
        learnt->actor = (int32_t)fields[actor];
    if (place)
        learnt->tile = tile_at(fields[place], fields[place + 1]);
    else if (learnt->actor >= 0)
        learnt->tile = frame->tiles[learnt->actor];
    else
        learnt->tile = (Tile){0, 0}; /* `DARK_TILE` */
    if (kind == RAIL) {
        learnt->slot = fields[1];
        for (int index = 0; index < 4; index++)
            learnt->rail[index] = fields[2 + index];
    }
    if (kind == HIT) {
        learnt->attacker = fields[HIT_ATTACKER] >= 0 && fields[HIT_ATTACKER] < SLOTS_MAX
            ? (int32_t)fields[HIT_ATTACKER]
            : -1;
        fields[HIT_KEPT] = fields[HIT_KEPT + 1] = -1; /* `NOWHERE` */
        return put_event(&frame->event_bytes, fields, HIT_KEPT + 2, &learnt->placeless);
    }
    return 0;
}

int frame_learn_happenings(Frame *frame)
{
    if (frame->has_happenings)
        return 0;
    PyObject *events = frame->event_list;
    frame->event_bytes.size = 0; /* of an attempt that failed */
    if (PyList_GET_SIZE(events) != frame->events) {
        PyErr_SetString(PyExc_RuntimeError, "a view changed after it was pushed");
        return -1;
    }
    for (int index = 0; index < frame->events; index++)
        if (learn_happening(frame, PyList_GET_ITEM(events, index), &frame->happenings[index]) < 0)
            return -1;
    frame->has_happenings = true;
    return 0;
}
