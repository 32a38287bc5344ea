/* `skirmish_native`: the hottest functions of Skirmish, compiled. `game/native.py` decides about their use. */
#include "skirmish.h"

enum { INTERFACE = 5 }; /* as in game/native.py: raised with every function that comes, goes or changes */

/* bind_view(player, shot, view): the classes whose slots are read */
static PyObject *native_bind_view(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *player, *shot, *view;
    if (!PyArg_ParseTuple(args, "OOO", &player, &shot, &view) || records_set_up(player) < 0
        || shots_set_up(shot) < 0 || frame_set_up(view) < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* bind_movement(player, direction): the class that moves, and the rules' table of directions */
static PyObject *native_bind_movement(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *player, *direction;
    if (!PyArg_ParseTuple(args, "OO", &player, &direction) || records_set_up(player) < 0)
        return NULL;
    if (movement_set_up(direction) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"bind_view", native_bind_view, METH_VARARGS, "Learn the layout of players and views."},
    {"bind_movement", native_bind_movement, METH_VARARGS, "Learn the layout of players, and directions."},
    {"records", (PyCFunction)(void (*)(void))native_records, METH_FASTCALL, "Cards, bodies and own parts by slot."},
    {"places", (PyCFunction)(void (*)(void))native_places, METH_FASTCALL, "Where the living stand, as bytes."},
    {"shot_records", native_shot_records, METH_O, "Shots by number."},
    {"pad_records", native_pad_records, METH_O, "Pads by index."},
    {"fly_free", (PyCFunction)(void (*)(void))native_fly_free, METH_FASTCALL, "Move the shots that meet nothing."},
    {"move_all", (PyCFunction)(void (*)(void))native_move_all, METH_FASTCALL, "Advance living players by one tick."},
    {"whole_messages", (PyCFunction)(void (*)(void))native_whole_messages, METH_FASTCALL, "Messages of whole frames."},
    {"decode_input", native_decode_input, METH_O, "The fields of an input, or None."},
    {"take_message", (PyCFunction)(void (*)(void))native_take_message, METH_FASTCALL, "Put an input into its inbox."},
    {"changed", (PyCFunction)(void (*)(void))native_changed, METH_FASTCALL, "What is new in a row of inputs."},
    {"tick_records", (PyCFunction)(void (*)(void))native_tick_records, METH_FASTCALL, "Ticks as records of a journal."},
    {"on_tiles", (PyCFunction)(void (*)(void))native_on_tiles, METH_FASTCALL, "Who stands on tiles that are marked."},
    {"bind_inbox", native_bind_inbox, METH_VARARGS, "Learn the layout of an inbox."},
    {"bind_input", native_bind_input, METH_VARARGS, "Learn the bounds of an input."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "skirmish_native",
    .m_doc = "Compiled twins of Skirmish's hottest functions.",
    .m_size = -1,
    .m_methods = methods,
};

/* What this code takes for granted; Python compares it with its own tables. */
static const struct {
    const char *name;
    long value;
    const char *text; /* in place of a value */
} ASSUMES[] = {
    {"TILE_SHIFT", TILE_SHIFT, NULL},
    {"REACH_TILES", REACH_TILES, NULL},
    {"NEVER_TICK", NEVER_TICK, NULL},
    {"EVENTS_MAX", EVENTS_MAX, NULL},
    {"MOVEMENT_VERSION", MOVEMENT_VERSION, NULL},
    {"JOURNAL_FORMAT", JOURNAL_FORMAT, NULL},
    {"BODY_FIELDS", 0, "x y vx vy aim8 status health armour"},
    {"SHOT_FIELDS", 0, "x y vx vy source"},
    {"CARD_FIELDS", 0, "status score kills deaths shots hits streak_best medals place team vote"},
    {"OWN_FIELDS", 0,
     "fire_ready_tick dash_ready_tick dash_until_tick dash_vx dash_vy ammo_scatter ammo_launcher ammo_rail "
     "ammo_disc protected_until_tick double_until_tick respawn_tick shots hits"},
    {"PAD_FIELDS", 0, "ready_tick"},
    {"PHASE_SCOREBOARD", PHASE_SCOREBOARD, NULL},
    {"EVENTS", 0,
     "SCATTER RAIL HIT KILL SPAWN PICKUP EXPLODE IMPACT BOUNCE DASH PHASE MEDAL FIRE EMPTY FLAG CIRCLE OUT"},
};

PyMODINIT_FUNC PyInit_skirmish_native(void)
{
    if (PyType_Ready(&SnapshotWriterType) < 0 || rows_set_up() < 0)
        return NULL;
    journal_set_up();
    PyObject *module = PyModule_Create(&definition), *assumes = PyDict_New();
    if (module == NULL || assumes == NULL)
        goto failed;
    for (size_t index = 0; index < sizeof ASSUMES / sizeof *ASSUMES; index++) {
        PyObject *value = ASSUMES[index].text != NULL ? PyUnicode_FromString(ASSUMES[index].text)
                                                      : PyLong_FromLong(ASSUMES[index].value);
        const int status = value == NULL ? -1 : PyDict_SetItemString(assumes, ASSUMES[index].name, value);
        Py_XDECREF(value);
        if (status < 0)
            goto failed;
    }
    if (PyModule_AddObjectRef(module, "ASSUMES", assumes) < 0 || PyModule_AddIntMacro(module, INTERFACE) < 0
        || PyModule_AddObjectRef(module, "SnapshotWriter", (PyObject *)&SnapshotWriterType) < 0)
        goto failed;
    Py_DECREF(assumes);
    return module;
failed:
    Py_XDECREF(module);
    Py_XDECREF(assumes);
    return NULL;
}
