/* `server.match.inbox`: an input message from its bytes to the rows of ticks; and `Inputs.take`'s question. */
#include "skirmish.h"

enum { I_INPUTS, I_SLOT, I_MARGIN, I_HEARD, I_WAITED, I_LAG_MAX, I_LATE, I_EARLY, INBOX_FIELDS };
static const char *const INBOX_NAMES[INBOX_FIELDS] = {
    "_inputs", "slot", "margin", "heard_tick", "waited_ticks", "lag_max", "late_count", "early_count",
};
static const char *const INPUTS_NAMES[] = {"rows"};
static Layout inbox_layout, inputs_layout;
static PyTypeObject *input_type; /* a named tuple: buttons, aim, view lag */
static long ahead_max, margin_limit, lag_per_tick;

/* bind_inbox(inbox, inputs, input, ahead_ticks_max, margin_limit, lag_per_tick) */
PyObject *native_bind_inbox(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *inbox, *inputs, *input;
    if (!PyArg_ParseTuple(args, "OOO!lll", &inbox, &inputs, &PyType_Type, &input, &ahead_max, &margin_limit,
                          &lag_per_tick))
        return NULL;
    if (!PyType_IsSubtype((PyTypeObject *)input, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "an input is a named tuple");
        return NULL;
    }
    if (layout_bind(&inbox_layout, inbox, INBOX_NAMES, INBOX_FIELDS) < 0
        || layout_bind(&inputs_layout, inputs, INPUTS_NAMES, 1) < 0)
        return NULL;
    Py_XSETREF(input_type, (PyTypeObject *)Py_NewRef(input));
    Py_RETURN_NONE;
}

/* A new reference. */
static PyObject *input_from(const Step *step, int64_t view_lag)
{
    PyObject *input = input_type->tp_alloc(input_type, 3);
    if (input == NULL)
        return NULL;
    const int64_t parts[] = {step->buttons, step->aim, view_lag};
    for (int index = 0; index < 3; index++) {
        PyObject *part = PyLong_FromLongLong(parts[index]);
        if (part == NULL) {
            Py_DECREF(input);
            return NULL;
        }
        PyTuple_SET_ITEM(input, index, part);
    }
    return input;
}

/* A message, while it is entered. Who holds his keys and his aim has one input for all of it. */
typedef struct {
    PyObject *rows, *slot;
    const InputMessage *message;
    int64_t lag_max; /* of the first step; for each later one a tick's worth more */
    PyObject *input; /* of the step before */
    int index;       /* of that step */
    int64_t lag;     /* of that step */
} Entry;

/* A borrowed reference to a step's input. */
static PyObject *input_at(Entry *entry, int index)
{
    const Step *steps = entry->message->steps;
    const int64_t lag_max = entry->lag_max + index * lag_per_tick, claimed = entry->message->view_lag;
    const int64_t lag = claimed < lag_max ? claimed : lag_max;
    const bool is_same = entry->input != NULL && steps[index].buttons == steps[entry->index].buttons
        && steps[index].aim == steps[entry->index].aim && lag == entry->lag;
    if (!is_same)
        Py_XSETREF(entry->input, input_from(&steps[index], lag));
    entry->index = index;
    entry->lag = lag;
    return entry->input;
}

/* Enter a step, unless there is one for that slot. */
static int enter(Entry *entry, int64_t tick, int index)
{
    PyObject *rows = entry->rows, *slot = entry->slot;
    PyObject *key = PyLong_FromLongLong(tick);
    if (key == NULL)
        return -1;
    PyObject *row = Py_XNewRef(PyDict_GetItemWithError(rows, key));
    if (row == NULL && !PyErr_Occurred()) {
        row = PyDict_New();
        if (row != NULL && PyDict_SetItem(rows, key, row) < 0)
            Py_CLEAR(row);
    }
    Py_DECREF(key);
    int status = row == NULL ? -1 : PyDict_Contains(row, slot);
    if (status == 0) {
        PyObject *input = input_at(entry, index);
        status = input == NULL ? -1 : PyDict_SetItem(row, slot, input);
    }
    Py_XDECREF(row);
    return status < 0 ? -1 : 0;
}

/* `Inbox.put`. */
static int put(PyObject *inbox, int64_t now, const InputMessage *message)
{
    int64_t heard, waited, lag_max, late, early;
    PyObject *inputs = slot_of(&inbox_layout, inbox, I_INPUTS), *slot = slot_of(&inbox_layout, inbox, I_SLOT);
    if (inputs == NULL || slot == NULL || check_type(&inputs_layout, inputs) < 0
        || slot_int(&inbox_layout, inbox, I_HEARD, &heard) < 0 || slot_int(&inbox_layout, inbox, I_WAITED, &waited) < 0
        || slot_int(&inbox_layout, inbox, I_LAG_MAX, &lag_max) < 0
        || slot_int(&inbox_layout, inbox, I_LATE, &late) < 0 || slot_int(&inbox_layout, inbox, I_EARLY, &early) < 0)
        return -1;
    PyObject *rows = slot_of(&inputs_layout, inputs, 0);
    if (rows == NULL || !PyDict_Check(rows)) {
        PyErr_SetString(PyExc_TypeError, "rows are a dict");
        return -1;
    }
    const int64_t first = message->first_tick, last = first + message->count - 1, end = now + ahead_max;
    int64_t tick = first <= heard && heard < last ? heard + 1 : first;
    int64_t margin = tick - now - 1 + waited;
    const int64_t late_before = late, early_before = early;
    margin = margin < -margin_limit ? -margin_limit : margin > margin_limit ? margin_limit : margin;
    if (slot_set_int(&inbox_layout, inbox, I_HEARD, last) < 0 || slot_set_int(&inbox_layout, inbox, I_MARGIN, margin) < 0)
        return -1;
    lag_max += (first - now - 1 + waited) * lag_per_tick;
    Entry entry = {.rows = rows, .slot = slot, .message = message, .lag_max = lag_max};
    int status = 0;
    for (; status == 0 && tick <= last; tick++) {
        if (tick <= now)
            late++;
        else if (tick > end)
            early++;
        else
            status = enter(&entry, tick, (int)(tick - first));
    }
    Py_XDECREF(entry.input);
    return status < 0 || (late != late_before && slot_set_int(&inbox_layout, inbox, I_LATE, late) < 0)
            || (early != early_before && slot_set_int(&inbox_layout, inbox, I_EARLY, early) < 0)
        ? -1
        : 0;
}

/* take_message(inbox, now_tick, payload): whether it was an input of the common kind */
PyObject *native_take_message(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    InputMessage message;
    if (count != 3 || !PyBytes_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "take_message(inbox, now_tick: int, payload: bytes)");
        return NULL;
    }
    const long long now = PyLong_AsLongLong(args[1]);
    if ((now == -1 && PyErr_Occurred()) || check_type(&inbox_layout, args[0]) < 0)
        return NULL;
    if (!read_input(args[2], &message))
        Py_RETURN_FALSE;
    if (put(args[0], now, &message) < 0)
        return NULL;
    Py_RETURN_TRUE;
}

/* changed(row: dict, in_force: dict): the items of a row that are not in force, which are put in force */
PyObject *native_changed(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 2 || !PyDict_Check(args[0]) || !PyDict_Check(args[1]) || args[0] == args[1]) {
        PyErr_SetString(PyExc_TypeError, "changed(row: dict, in_force: dict)");
        return NULL;
    }
    PyObject *changed = PyList_New(0), *slot, *wish;
    for (Py_ssize_t at = 0; changed != NULL && PyDict_Next(args[0], &at, &slot, &wish);) {
        Py_INCREF(slot); /* comparing may run anything */
        Py_INCREF(wish);
        PyObject *before = Py_XNewRef(PyDict_GetItemWithError(args[1], slot));
        int is_same = before != NULL ? PyObject_RichCompareBool(before, wish, Py_EQ) : PyErr_Occurred() ? -1 : 0;
        if (is_same == 0) {
            PyObject *pair = PyTuple_Pack(2, slot, wish);
            is_same = pair == NULL || PyList_Append(changed, pair) < 0 || PyDict_SetItem(args[1], slot, wish) < 0 ? -1 : 0;
            Py_XDECREF(pair);
        }
        Py_XDECREF(before);
        Py_DECREF(wish);
        Py_DECREF(slot);
        if (is_same < 0)
            Py_CLEAR(changed);
    }
    return changed;
}
