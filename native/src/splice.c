/* `game.wire.snapshot.Splice`: the newest view against one base, each entity encoded once. */
#include "writer.h"

void splice_clear(Splice *splice)
{
    Py_CLEAR(splice->state);
    Py_CLEAR(splice->open_sight);
    splice->pieces.size = 0;
}

void splice_free(Splice *splice)
{
    splice_clear(splice);
    PyMem_Free(splice->bodies);
    PyMem_Free(splice->shots);
    PyMem_Free(splice->shot_was);
    PyMem_Free(splice->shot_is);
    PyMem_Free(splice->pieces.data);
}

static int grow(void **array, size_t *room, size_t count, size_t size)
{
    if (count <= *room)
        return 0;
    void *grown = PyMem_Realloc(*array, count * 2 * size);
    if (grown == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    *array = grown;
    *room = count * 2;
    return 0;
}

/* `game.wire.deltas.moved`: against where x and y go by vx and vy. */
static int put_moved(Splice *splice, int64_t key, const int64_t *now, const int64_t *was, int fields, Run *run)
{
    int64_t expected[OWN_FIELDS];
    bool has_changed = false;
    for (int index = 0; index < fields; index++)
        expected[index] = was[index];
    expected[0] += splice->ticks * was[2];
    expected[1] += splice->ticks * was[3];
    for (int index = 0; index < fields; index++)
        has_changed |= now[index] != expected[index];
    if (!has_changed) {
        *run = (Run){0};
        return 0;
    }
    return put_difference(&splice->pieces, key, now, expected, fields, run);
}

static int encode_bodies(Splice *splice, const Frame *now, const Frame *was)
{
    const size_t slots = (size_t)now->slots;
    if (grow((void **)&splice->bodies, &splice->bodies_room, slots, sizeof *splice->bodies) < 0)
        return -1;
    for (int slot = 0; slot < now->slots; slot++) {
        splice->bodies[slot] = (Run){0};
        const bool is_old = now->here[slot] && slot < was->slots && was->here[slot];
        if (is_old
            && put_moved(splice, slot, now->bodies[slot], was->bodies[slot], BODY_FIELDS, &splice->bodies[slot]) < 0)
            return -1;
    }
    return 0;
}

static int encode_shots(Splice *splice, const Frame *now, const Frame *was)
{
    if (grow((void **)&splice->shots, &splice->shots_room, (size_t)now->shots, sizeof *splice->shots) < 0)
        return -1;
    if (grow((void **)&splice->shot_was, &splice->was_room, (size_t)now->shots, sizeof *splice->shot_was) < 0
        || grow((void **)&splice->shot_is, &splice->is_room, (size_t)was->shots, sizeof *splice->shot_is) < 0)
        return -1;
    for (int old = 0; old < was->shots; old++)
        splice->shot_is[old] = -1;
    for (int index = 0, old = 0; index < now->shots; index++) {
        const int64_t *shot = now->shot[index];
        splice->shots[index] = (Run){0};
        splice->shot_was[index] = -1;
        while (old < was->shots && was->shot[old][0] < shot[0])
            old++;
        if (old == was->shots || was->shot[old][0] != shot[0])
            continue;
        splice->shot_was[index] = old;
        splice->shot_is[old] = index;
        if (put_moved(splice, shot[0], shot + 1, was->shot[old] + 1, SHOT_FIELDS, &splice->shots[index]) < 0)
            return -1;
    }
    return 0;
}

/* The oldest view after the base that may have something to tell; `SnapshotWriter._since`. */
static int first_happened(const Writer *writer, int64_t base_tick)
{
    int first = -1;
    for (int index = writer->count - 1; index >= 0; index--) {
        if (writer->history[index]->tick == base_tick)
            break;
        if (writer->history[index]->events)
            first = index;
    }
    return first;
}

static Frame *kept(const Writer *writer, int64_t tick)
{
    for (int index = 0; index < writer->count; index++)
        if (writer->history[index]->tick == tick)
            return writer->history[index];
    return NULL;
}

static Splice *make_splice(Writer *writer, bool has_base_tick, int64_t base_tick)
{
    if (writer->splice_count == writer->splice_room) {
        const int room = writer->splice_room ? writer->splice_room * 2 : 2;
        Splice *grown = PyMem_Realloc(writer->splices, sizeof *grown * (size_t)room);
        if (grown == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        memset(grown + writer->splice_room, 0, sizeof *grown * (size_t)(room - writer->splice_room));
        writer->splices = grown;
        writer->splice_room = room;
    }
    Splice *splice = &writer->splices[writer->splice_count];
    Frame *now = writer->newest, *base = has_base_tick ? kept(writer, base_tick) : NULL;
    if (base == now && base != NULL) {
        PyErr_SetString(PyExc_AssertionError, "a view is no base of itself");
        return NULL;
    }
    splice->has_base_tick = has_base_tick;
    splice->base_tick = base_tick;
    splice->is_full = base == NULL;
    splice->base = base != NULL ? base : writer->nothing;
    splice->ticks = base != NULL ? now->tick - base_tick : 0;
    splice->first_happened = base != NULL ? first_happened(writer, base_tick) : -1;
    splice_clear(splice);
    uint8_t *at = cbor_head(splice->head, CBOR_ARRAY, 6);
    at = cbor_int(at, splice->is_full ? writer->full_number : writer->snapshot_number);
    at = cbor_int(at, splice->is_full ? now->tick : splice->ticks);
    splice->head_size = (size_t)(at - splice->head);
    if (encode_bodies(splice, now, splice->base) < 0 || encode_shots(splice, now, splice->base) < 0)
        return NULL;
    PyObject *state = PyObject_CallFunctionObjArgs(writer->encode_state, now->view, splice->base->view, NULL);
    if (state != NULL && !PyBytes_Check(state)) {
        Py_CLEAR(state);
        PyErr_SetString(PyExc_TypeError, "the state is bytes");
    }
    splice->state = state;
    if (state == NULL)
        return NULL;
    writer->splice_count++;
    return splice;
}

Splice *splice_for(Writer *writer, PyObject *base_tick)
{
    const bool has_base_tick = base_tick != Py_None;
    const int64_t tick = has_base_tick ? PyLong_AsLongLong(base_tick) : 0;
    if (has_base_tick && tick == -1 && PyErr_Occurred())
        return NULL;
    for (int index = 0; index < writer->splice_count; index++) {
        Splice *splice = &writer->splices[index];
        if (splice->has_base_tick == has_base_tick && splice->base_tick == tick)
            return splice;
    }
    return make_splice(writer, has_base_tick, tick);
}
