/* `game.view.records_in_python`: what may be seen of players, as tuples by slot; and where they stand. */
#include "skirmish.h"

Layout player_layout;

static const char *const PLAYER_NAMES[PLAYER_FIELDS] = {
    "slot", "bot", "team", "connected",
    "x", "y", "vx", "vy", "dash_vx", "dash_vy", "dash_until_tick", "dash_ready_tick",
    "buttons", "aim", "alive", "health", "armour", "weapon", "ammo",
    "fire_ready_tick", "protected_until_tick", "double_until_tick", "respawn_tick",
    "score", "kills", "deaths", "shots", "hits", "streak_best", "medals", "place", "vote",
};
/* A card without its status; `team` and `vote` stand where CARD_FIELDS has them. */
static const uint8_t CARD[CARD_FIELDS - 1] = {
    P_SCORE, P_KILLS, P_DEATHS, P_SHOTS, P_HITS, P_STREAK_BEST, P_MEDALS, P_PLACE, P_TEAM, P_VOTE,
};
enum { AMMO_FIRST = 5, AMMO_COUNT = 4, PLACE_BYTES = 12 };
static const uint8_t OWN[OWN_FIELDS] = {
    P_FIRE_READY, P_DASH_READY, P_DASH_UNTIL, P_DASH_VX, P_DASH_VY, P_AMMO, P_AMMO, P_AMMO, P_AMMO,
    P_PROTECTED_UNTIL, P_DOUBLE_UNTIL, P_RESPAWN,
};

int records_set_up(PyObject *player_type)
{
    return layout_bind(&player_layout, player_type, PLAYER_NAMES, PLAYER_FIELDS);
}

/* The statuses of a card and of a body: a flag says that a number is not 0, or that a tick has not come. */
static int flags_of(PyObject *player, int64_t tick, int64_t *card, int64_t *body)
{
    int64_t bot, connected, alive, dash, protected, doubled, buttons, weapon;
    if (slot_int(&player_layout, player, P_BOT, &bot) < 0
        || slot_int(&player_layout, player, P_CONNECTED, &connected) < 0
        || slot_int(&player_layout, player, P_ALIVE, &alive) < 0
        || slot_int(&player_layout, player, P_DASH_UNTIL, &dash) < 0
        || slot_int(&player_layout, player, P_PROTECTED_UNTIL, &protected) < 0
        || slot_int(&player_layout, player, P_DOUBLE_UNTIL, &doubled) < 0
        || slot_int(&player_layout, player, P_BUTTONS, &buttons) < 0
        || slot_int(&player_layout, player, P_WEAPON, &weapon) < 0)
        return -1;
    *card = IN_MATCH | (alive ? ALIVE : 0) | (connected ? CONNECTED : 0) | (bot ? BOT : 0);
    *body = (alive ? ALIVE : 0) | (tick < dash ? DASHING : 0) | (tick < protected ? PROTECTED : 0)
        | (tick < doubled ? DOUBLE : 0) | (buttons & BUTTON_FIRE ? FIRING : 0)
        | weapon << STATUS_WEAPON_SHIFT;
    return 0;
}

/* Takes over a reference. */
static inline int tuple_take(PyObject *tuple, int index, PyObject *item)
{
    PyTuple_SET_ITEM(tuple, index, item);
    return item == NULL ? -1 : 0;
}

static inline int tuple_copy(PyObject *tuple, int index, PyObject *player, int field)
{
    return tuple_take(tuple, index, Py_XNewRef(slot_of(&player_layout, player, field)));
}

static PyObject *card_of(PyObject *player, int64_t status)
{
    PyObject *card = PyTuple_New(CARD_FIELDS);
    if (card == NULL)
        return NULL;
    int failed = tuple_take(card, 0, PyLong_FromLongLong(status));
    for (int index = 1; index < CARD_FIELDS; index++)
        failed |= tuple_copy(card, index, player, CARD[index - 1]);
    if (failed)
        Py_CLEAR(card);
    return card;
}

static PyObject *body_of(PyObject *player, int64_t status)
{
    int64_t aim;
    if (slot_int(&player_layout, player, P_AIM, &aim) < 0)
        return NULL;
    PyObject *body = PyTuple_New(BODY_FIELDS);
    if (body == NULL)
        return NULL;
    int failed = tuple_copy(body, 0, player, P_X) | tuple_copy(body, 1, player, P_Y)
        | tuple_copy(body, 2, player, P_VX) | tuple_copy(body, 3, player, P_VY)
        | tuple_take(body, 4, PyLong_FromLongLong(aim >> 8))
        | tuple_take(body, BODY_STATUS, PyLong_FromLongLong(status))
        | tuple_copy(body, 6, player, P_HEALTH) | tuple_copy(body, 7, player, P_ARMOUR);
    if (failed)
        Py_CLEAR(body);
    return body;
}

static PyObject *own_of(PyObject *player)
{
    PyObject *ammo = slot_of(&player_layout, player, P_AMMO);
    if (ammo == NULL || !PyList_Check(ammo) || PyList_GET_SIZE(ammo) != AMMO_COUNT + 1) {
        PyErr_SetString(PyExc_ValueError, "ammo for five weapons was expected");
        return NULL;
    }
    PyObject *own = PyTuple_New(OWN_FIELDS);
    if (own == NULL)
        return NULL;
    int failed = 0;
    for (int index = 0; index < OWN_FIELDS; index++) {
        if (OWN[index] == P_AMMO)
            failed |= tuple_take(own, index, Py_NewRef(PyList_GET_ITEM(ammo, index - AMMO_FIRST + 1)));
        else
            failed |= tuple_copy(own, index, player, OWN[index]);
    }
    if (failed)
        Py_CLEAR(own);
    return own;
}

/* Takes over the reference to `value`. */
static int dict_take(PyObject *dict, PyObject *key, PyObject *value)
{
    if (value == NULL)
        return -1;
    const int status = PyDict_SetItem(dict, key, value);
    Py_DECREF(value);
    return status;
}

/* The arguments of what asks about players at a tick. */
static int players_at(PyObject *const *args, Py_ssize_t count, const char *name, int64_t *tick)
{
    if (count == 2 && PyDict_Check(args[0]))
        return int_of(args[1], tick);
    PyErr_Format(PyExc_TypeError, "%s(players: dict, tick: int)", name);
    return -1;
}

/* records(players: dict, tick) */
PyObject *native_records(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    int64_t tick;
    if (players_at(args, count, "records", &tick) < 0)
        return NULL;
    PyObject *cards = PyDict_New(), *bodies = PyDict_New(), *own = PyDict_New();
    PyObject *slot, *player, *found = NULL;
    Py_ssize_t at = 0;
    if (cards == NULL || bodies == NULL || own == NULL)
        goto done;
    while (PyDict_Next(args[0], &at, &slot, &player)) {
        int64_t card_status, body_status;
        if (check_type(&player_layout, player) < 0
            || flags_of(player, tick, &card_status, &body_status) < 0
            || dict_take(cards, slot, card_of(player, card_status)) < 0
            || dict_take(bodies, slot, body_of(player, body_status)) < 0
            || dict_take(own, slot, own_of(player)) < 0) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_AttributeError, "a slot of a player is empty");
            goto done;
        }
    }
    found = PyTuple_Pack(3, cards, bodies, own);
done:
    Py_XDECREF(cards);
    Py_XDECREF(bodies);
    Py_XDECREF(own);
    return found;
}

/* places(players: dict, tick): `game.rewind.places_in_python` */
PyObject *native_places(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    int64_t tick;
    if (players_at(args, count, "places", &tick) < 0)
        return NULL;
    PyObject *line = PyBytes_FromStringAndSize(NULL, PyDict_GET_SIZE(args[0]) * PLACE_BYTES), *player;
    if (line == NULL)
        return NULL;
    uint8_t *start = (uint8_t *)PyBytes_AS_STRING(line), *end = start;
    for (Py_ssize_t at = 0; PyDict_Next(args[0], &at, NULL, &player);) {
        int64_t alive, slot, x, y, protected;
        if (check_type(&player_layout, player) < 0 || slot_int(&player_layout, player, P_ALIVE, &alive) < 0
            || slot_int(&player_layout, player, P_SLOT, &slot) < 0 || slot_int(&player_layout, player, P_X, &x) < 0
            || slot_int(&player_layout, player, P_Y, &y) < 0
            || slot_int(&player_layout, player, P_PROTECTED_UNTIL, &protected) < 0) {
            Py_DECREF(line);
            return NULL;
        }
        if (!alive)
            continue;
        const int64_t numbers[] = {tick >= protected ? slot : ~slot, x, y};
        for (int index = 0; index < 3; index++) {
            if (numbers[index] < INT32_MIN || numbers[index] > INT32_MAX) {
                PyErr_SetString(PyExc_OverflowError, "a place takes more than 32 bits");
                Py_DECREF(line);
                return NULL;
            }
            const uint32_t number = (uint32_t)numbers[index];
            for (int byte = 0; byte < 4; byte++)
                *end++ = (uint8_t)(number >> 8 * byte);
        }
    }
    if (_PyBytes_Resize(&line, end - start) < 0)
        return NULL;
    return line;
}

/* on_tiles(players, marked: bytes by tile, width): `game.pickups.on_tiles_in_python` */
PyObject *native_on_tiles(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 3 || !PyList_Check(args[0]) || !PyBytes_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "on_tiles(players: list, marked: bytes, width: int)");
        return NULL;
    }
    const long long width = PyLong_AsLongLong(args[2]);
    if (width == -1 && PyErr_Occurred())
        return NULL;
    const char *marked = PyBytes_AS_STRING(args[1]);
    const Py_ssize_t tiles = PyBytes_GET_SIZE(args[1]);
    PyObject *found = PyList_New(0);
    for (Py_ssize_t index = 0; found != NULL && index < PyList_GET_SIZE(args[0]); index++) {
        PyObject *player = PyList_GET_ITEM(args[0], index);
        int64_t x, y, alive;
        if (check_type(&player_layout, player) < 0 || slot_int(&player_layout, player, P_X, &x) < 0
            || slot_int(&player_layout, player, P_Y, &y) < 0 || slot_int(&player_layout, player, P_ALIVE, &alive) < 0) {
            Py_CLEAR(found);
            break;
        }
        const int64_t tile = (y >> TILE_SHIFT) * width + (x >> TILE_SHIFT);
        if (tile < 0 || tile >= tiles) {
            PyErr_SetString(PyExc_IndexError, "a player is off the map");
            Py_CLEAR(found);
        } else if (marked[tile] && alive && PyList_Append(found, player) < 0) {
            Py_CLEAR(found);
        }
    }
    return found;
}
