/* `game.wire.snapshot.SnapshotWriter`: the views of the last while, and messages. */
#include "writer.h"

/* A frame nobody needs any more: its memory is warm, so one or two wait for the next view. */
static void give_back(Writer *writer, Frame *frame)
{
    frame_forget(frame);
    for (int index = 0; index < 2; index++)
        if (writer->spare[index] == NULL) {
            writer->spare[index] = frame;
            return;
        }
    frame_free(frame);
}

static Frame *take_spare(Writer *writer)
{
    for (int index = 0; index < 2; index++)
        if (writer->spare[index] != NULL) {
            Frame *frame = writer->spare[index];
            writer->spare[index] = NULL;
            return frame;
        }
    return frame_new();
}

static void clear_splices(Writer *writer)
{
    for (int index = 0; index < writer->splice_count; index++)
        splice_clear(&writer->splices[index]);
    writer->splice_count = 0;
}

/* A base that is gone must be named by no splice. */
static void forget_before(Writer *writer, int64_t tick)
{
    int gone = 0;
    while (gone < writer->count && writer->history[gone]->tick < tick)
        gone++;
    if (!gone)
        return;
    for (int index = 0; index < writer->splice_count; index++) {
        Splice *splice = &writer->splices[index];
        if (splice->first_happened >= 0) /* -1: nothing happened; it stays so */
            splice->first_happened = splice->first_happened < gone ? 0 : splice->first_happened - gone;
    }
    for (int index = 0; index < gone; index++) {
        Frame *frame = writer->history[index];
        if (frame == writer->newest) {
            writer->newest_is_kept = false;
            continue;
        }
        for (int at = writer->splice_count - 1; at >= 0; at--)
            if (writer->splices[at].base == frame) { /* its memory is used again by the next one */
                Splice gone_splice = writer->splices[at];
                splice_clear(&gone_splice);
                writer->splice_count--;
                writer->splices[at] = writer->splices[writer->splice_count];
                writer->splices[writer->splice_count] = gone_splice;
            }
        give_back(writer, frame);
    }
    writer->count -= gone;
    memmove(writer->history, writer->history + gone, sizeof *writer->history * (size_t)writer->count);
}

/* A subclass may forget to begin. */
static bool has_begun(const Writer *writer)
{
    if (writer->nothing == NULL || writer->is_busy)
        PyErr_SetString(PyExc_RuntimeError, writer->is_busy ? "this writer is at work" : "this writer was not begun");
    return writer->nothing != NULL && !writer->is_busy;
}

static PyObject *do_push(Writer *writer, PyObject *view)
{
    Frame *frame = take_spare(writer);
    if (frame == NULL)
        return NULL;
    if (frame_fill(frame, view, writer->is_foggy) < 0) {
        give_back(writer, frame);
        return NULL;
    }
    Frame *before = writer->newest;
    if (writer->count && frame->tick <= before->tick) {
        give_back(writer, frame);
        PyErr_SetString(PyExc_AssertionError, "views are pushed in order of their ticks");
        return NULL;
    }
    frame_inherit(frame, before);
    clear_splices(writer);
    const bool was_forgotten = before != writer->nothing && !writer->newest_is_kept;
    writer->newest = frame; /* before anything is forgotten: the one before may go */
    if (was_forgotten)
        give_back(writer, before);
    forget_before(writer, frame->tick - writer->history_ticks);
    writer->history[writer->count++] = frame;
    writer->newest_is_kept = true;
    Py_RETURN_NONE;
}

static PyObject *do_forget_before(Writer *writer, PyObject *tick)
{
    const long long before = PyLong_AsLongLong(tick);
    if (before == -1 && PyErr_Occurred())
        return NULL;
    forget_before(writer, before);
    Py_RETURN_NONE;
}

static int put_own(Writer *writer, const Splice *splice, int slot)
{
    static const int64_t NO_OWN[OWN_FIELDS];
    const Frame *frame = writer->newest, *base = splice->base;
    const bool has_now = slot >= 0 && slot < frame->slots && frame->has_own[slot];
    const bool has_was = slot >= 0 && slot < base->slots && base->has_own[slot];
    const int64_t *now = has_now ? frame->own[slot] : NO_OWN, *was = has_was ? base->own[slot] : NO_OWN;
    Buffer *message = &writer->message;
    if (buffer_reserve(message, (OWN_FIELDS + 2) * CBOR_INT_BYTES_MAX) < 0)
        return -1;
    uint32_t mask = 0;
    for (int index = 0; index < OWN_FIELDS; index++)
        mask |= (uint32_t)(now[index] != was[index]) << index;
    uint8_t *at = message->data + message->size;
    if (!mask) {
        *at++ = EMPTY_ARRAY;
    } else {
        at = cbor_head(at, CBOR_ARRAY, 1 + (uint64_t)__builtin_popcount(mask));
        at = cbor_head(at, CBOR_UINT, mask);
        for (int index = 0; index < OWN_FIELDS; index++)
            if (mask >> index & 1)
                at = cbor_int(at, now[index] - was[index]);
    }
    message->size = (size_t)(at - message->data);
    return 0;
}

/* message(slot, base_tick, margin) */
static PyObject *do_message(Writer *writer, PyObject *const *args, Py_ssize_t count)
{
    if (count != 3) {
        PyErr_SetString(PyExc_TypeError, "message(slot, base_tick, margin)");
        return NULL;
    }
    const long slot = PyLong_AsLong(args[0]);
    const long margin = PyLong_AsLong(args[2]);
    if ((slot == -1 || margin == -1) && PyErr_Occurred())
        return NULL;
    if (slot < -1 || slot >= SLOTS_MAX || margin < -128 || margin > 127) {
        PyErr_SetString(PyExc_ValueError, "no such slot, or a margin of more than a byte");
        return NULL;
    }
    Splice *splice = splice_for(writer, args[1]);
    if (splice == NULL)
        return NULL;
    Buffer *message = &writer->message;
    message->size = 0;
    if (buffer_put(message, splice->head, splice->head_size) < 0 || buffer_reserve(message, CBOR_INT_BYTES_MAX) < 0)
        return NULL;
    message->size = (size_t)(cbor_int(message->data + message->size, margin) - message->data);
    if (put_own(writer, splice, (int)slot) < 0
        || buffer_put(message, PyBytes_AS_STRING(splice->state), (size_t)PyBytes_GET_SIZE(splice->state)) < 0
        || put_sight(writer, splice, (int)slot) < 0)
        return NULL;
    return PyBytes_FromStringAndSize((char *)message->data, (Py_ssize_t)message->size);
}

static PyObject *do_state(Writer *writer, PyObject *base_tick)
{
    const Splice *splice = splice_for(writer, base_tick);
    return splice == NULL ? NULL : Py_NewRef(splice->state);
}

/* Views that die, windows and states may run Python code; none of it may find a writer half done. */
#define ALONE(name, parameters, ...) \
    static PyObject *writer_##name parameters \
    { \
        if (!has_begun(writer)) \
            return NULL; \
        writer->is_busy = true; \
        PyObject *answer = do_##name(__VA_ARGS__); \
        writer->is_busy = false; \
        return answer; \
    }
ALONE(push, (Writer *writer, PyObject *view), writer, view)
ALONE(forget_before, (Writer *writer, PyObject *tick), writer, tick)
ALONE(message, (Writer *writer, PyObject *const *args, Py_ssize_t count), writer, args, count)
ALONE(state, (Writer *writer, PyObject *base_tick), writer, base_tick)

static int writer_init(Writer *writer, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"history_ticks", "fog", "nothing", "encode_state", "snapshot_number", "full_number", NULL};
    int history_ticks, is_foggy;
    long long snapshot_number, full_number;
    PyObject *nothing, *encode_state;
    if (writer->nothing != NULL) {
        PyErr_SetString(PyExc_TypeError, "a writer begins once");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "ipOOLL", names, &history_ticks, &is_foggy, &nothing,
                                     &encode_state, &snapshot_number, &full_number))
        return -1;
    if (history_ticks <= 0 || history_ticks >= HISTORY_MAX) {
        PyErr_SetString(PyExc_AssertionError, "history_ticks is 1 to 255");
        return -1;
    }
    Frame *frame = frame_new();
    if (frame == NULL)
        return -1;
    if (frame_fill(frame, nothing, is_foggy) < 0) {
        frame_free(frame);
        return -1;
    }
    writer->nothing = writer->newest = frame;
    writer->history_ticks = history_ticks;
    writer->is_foggy = is_foggy;
    writer->snapshot_number = snapshot_number;
    writer->full_number = full_number;
    writer->encode_state = Py_NewRef(encode_state);
    return 0;
}

static void writer_dealloc(Writer *writer)
{
    PyTypeObject *type = Py_TYPE(writer);
    if (writer->newest != writer->nothing && !writer->newest_is_kept)
        frame_free(writer->newest);
    for (int index = 0; index < writer->count; index++)
        frame_free(writer->history[index]);
    frame_free(writer->nothing);
    frame_free(writer->spare[0]);
    frame_free(writer->spare[1]);
    for (int index = 0; index < writer->splice_room; index++)
        splice_free(&writer->splices[index]);
    PyMem_Free(writer->splices);
    for (int index = 0; index < SECTIONS; index++)
        PyMem_Free(writer->section[index].data);
    PyMem_Free(writer->message.data);
    PyMem_Free(writer->variants.data);
    Py_XDECREF(writer->encode_state);
    type->tp_free((PyObject *)writer);
}

static PyMethodDef writer_methods[] = {
    {"push", (PyCFunction)writer_push, METH_O, "Make a view the newest."},
    {"forget_before", (PyCFunction)writer_forget_before, METH_O, "No seat has an older base."},
    {"message", (PyCFunction)(void (*)(void))writer_message, METH_FASTCALL, "The newest view for a seat."},
    {"state", (PyCFunction)writer_state, METH_O, "The encoded shared array against a base."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef writer_members[] = {
    {"history_ticks", T_INT, offsetof(Writer, history_ticks), READONLY, NULL},
    {"fog", T_BOOL, offsetof(Writer, is_foggy), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject SnapshotWriterType = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "skirmish_native.SnapshotWriter",
    .tp_basicsize = sizeof(Writer),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "See game.wire.snapshot.SnapshotWriter.",
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)writer_init,
    .tp_dealloc = (destructor)writer_dealloc,
    .tp_methods = writer_methods,
    .tp_members = writer_members,
};
