/* `server.net.frames.whole_messages` and `game.wire.input_path.decode_input`. */
#include "skirmish.h"

enum { FINAL_BINARY = 0x82, MASKED = 0x80, FRAME_HEAD = 6, LENGTH_MAX = 125 };

/* whole_messages(chunk, messages_max) */
PyObject *native_whole_messages(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 2 || !PyBytes_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "whole_messages(chunk: bytes, messages_max: int)");
        return NULL;
    }
    const long messages_max = PyLong_AsLong(args[1]);
    if (messages_max == -1 && PyErr_Occurred())
        return NULL;
    const uint8_t *chunk = (const uint8_t *)PyBytes_AS_STRING(args[0]);
    const Py_ssize_t end = PyBytes_GET_SIZE(args[0]);
    Py_ssize_t at = 0;
    PyObject *messages = PyList_New(0);
    while (messages != NULL && at + FRAME_HEAD < end && PyList_GET_SIZE(messages) < messages_max) {
        const int length = chunk[at + 1] - MASKED;
        const uint8_t *key = chunk + at + 2, *masked = chunk + at + FRAME_HEAD;
        if (chunk[at] != FINAL_BINARY || length < 0 || length > LENGTH_MAX || at + FRAME_HEAD + length > end)
            break;
        PyObject *message = PyBytes_FromStringAndSize(NULL, length);
        if (message != NULL) {
            uint8_t *plain = (uint8_t *)PyBytes_AS_STRING(message);
            for (int index = 0; index < length; index++)
                plain[index] = masked[index] ^ key[index & 3];
        }
        if (message == NULL || PyList_Append(messages, message) < 0)
            Py_CLEAR(messages);
        Py_XDECREF(message);
        at += FRAME_HEAD + length;
    }
    if (messages != NULL && at != end) {
        Py_DECREF(messages);
        Py_RETURN_NONE;
    }
    return messages;
}

enum { LAG_MIN = 24, BYTE_STRING = 0x40, HEAD_BYTES = 3 };
static long input_number = -1, tick_max, lag_max, buttons_max;

/* bind_input(number, tick_max, lag_max, buttons_max) */
PyObject *native_bind_input(PyObject *module, PyObject *args)
{
    (void)module;
    if (!PyArg_ParseTuple(args, "llll", &input_number, &tick_max, &lag_max, &buttons_max))
        return NULL;
    Py_RETURN_NONE;
}

static uint32_t big_endian(const uint8_t *at, int size)
{
    uint32_t value = 0;
    while (size--)
        value = value << 8 | *at++;
    return value;
}

bool read_input(PyObject *encoded, InputMessage *message)
{
    const uint8_t *at = (const uint8_t *)PyBytes_AS_STRING(encoded);
    const Py_ssize_t size = PyBytes_GET_SIZE(encoded);
    if (size < HEAD_BYTES || at[0] != 0x84 || at[1] != input_number || (at[2] != 0x19 && at[2] != 0x1A))
        return false;
    const int tick_size = at[2] == 0x19 ? 2 : 4;
    const Py_ssize_t rest = size - HEAD_BYTES - tick_size - 3;
    if (rest < 4 || rest > 4 * STEPS_MAX || rest % 4)
        return false;
    const uint32_t tick = big_endian(at + HEAD_BYTES, tick_size);
    at += HEAD_BYTES + tick_size;
    if (tick < (tick_size == 2 ? 0x100u : 0x10000u) || tick > (uint32_t)tick_max || at[0] != 0x18
        || at[1] < LAG_MIN || at[1] > lag_max || at[2] != BYTE_STRING + rest)
        return false;
    message->first_tick = tick;
    message->view_lag = at[1];
    message->count = (int)(rest / 4);
    at += 3;
    for (int index = 0; index < message->count; index++, at += 4) {
        message->steps[index] = (Step){big_endian(at, 2), big_endian(at + 2, 2)};
        if (message->steps[index].buttons > (uint32_t)buttons_max)
            return false;
    }
    return true;
}

/* decode_input(encoded): (first_tick, view_lag, (buttons, aim, …)), or None */
PyObject *native_decode_input(PyObject *module, PyObject *encoded)
{
    (void)module;
    InputMessage message;
    if (!PyBytes_Check(encoded)) {
        PyErr_SetString(PyExc_TypeError, "decode_input(encoded: bytes)");
        return NULL;
    }
    if (!read_input(encoded, &message))
        Py_RETURN_NONE;
    PyObject *steps = PyTuple_New(2 * message.count);
    for (int index = 0; steps != NULL && index < 2 * message.count; index++) {
        const Step *step = &message.steps[index / 2];
        PyObject *part = PyLong_FromUnsignedLong(index % 2 ? step->aim : step->buttons);
        PyTuple_SET_ITEM(steps, index, part);
        if (part == NULL)
            Py_CLEAR(steps);
    }
    return steps == NULL ? NULL : Py_BuildValue("(LLN)", message.first_tick, message.view_lag, steps);
}
