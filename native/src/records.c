/* `game.view.records_in_python`: what may be seen of players, as rows by slot; and where they stand. */
#include "skirmish.h"

Layout player_layout;

static const char *const PLAYER_NAMES[PLAYER_FIELDS] = {
    "slot", "bot", "team", "connected",
    "x", "y", "vx", "vy", "dash_vx", "dash_vy", "dash_until_tick", "dash_ready_tick",
    "buttons", "aim", "alive", "health", "armour", "weapon", "ammo",
    "fire_ready_tick", "protected_until_tick", "double_until_tick", "respawn_tick",
    "score", "kills", "deaths", "shots", "hits", "streak_best", "medals", "place", "vote",
};
/* Records without what is worked out: a card without its status, a body and what is its own without theirs and the ammo. */
static const uint8_t CARD[CARD_FIELDS - 1] = {
    P_SCORE, P_KILLS, P_DEATHS, P_SHOTS, P_HITS, P_STREAK_BEST, P_MEDALS, P_PLACE, P_TEAM, P_VOTE,
};
static const uint8_t BODY_BEFORE[BODY_STATUS] = {P_X, P_Y, P_VX, P_VY, P_AIM};
static const uint8_t BODY_AFTER[BODY_FIELDS - BODY_STATUS - 1] = {P_HEALTH, P_ARMOUR};
static const uint8_t OWN_BEFORE[] = {P_FIRE_READY, P_DASH_READY, P_DASH_UNTIL, P_DASH_VX, P_DASH_VY};
static const uint8_t OWN_AFTER[] = {P_PROTECTED_UNTIL, P_DOUBLE_UNTIL, P_RESPAWN, P_SHOTS, P_HITS};
enum { AMMO_COUNT = OWN_FIELDS - sizeof OWN_BEFORE - sizeof OWN_AFTER, BODY_AIM = 4, PLACE_BYTES = 12 };

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

/* Fields of a player, one after the other. */
static int copy_fields(PyObject *player, const uint8_t *fields, int count, int64_t *row)
{
    for (int index = 0; index < count; index++)
        if (slot_int(&player_layout, player, fields[index], &row[index]) < 0)
            return -1;
    return 0;
}

static int own_of(PyObject *player, int64_t *own)
{
    PyObject *ammo = slot_of(&player_layout, player, P_AMMO);
    if (ammo == NULL || !PyList_Check(ammo) || PyList_GET_SIZE(ammo) != AMMO_COUNT + 1) {
        PyErr_SetString(PyExc_ValueError, "ammo for five weapons was expected");
        return -1;
    }
    for (int index = 0; index < AMMO_COUNT; index++)
        if (int_of(PyList_GET_ITEM(ammo, index + 1), &own[sizeof OWN_BEFORE + index]) < 0)
            return -1;
    return copy_fields(player, OWN_BEFORE, sizeof OWN_BEFORE, own) < 0
            || copy_fields(player, OWN_AFTER, sizeof OWN_AFTER, own + sizeof OWN_BEFORE + AMMO_COUNT) < 0
        ? -1
        : 0;
}

/* What may be seen of a player, without keys. */
static int record_of(PyObject *player, int64_t tick, int64_t *card, int64_t *body, int64_t *own)
{
    if (check_type(&player_layout, player) < 0 || flags_of(player, tick, &card[0], &body[BODY_STATUS]) < 0
        || copy_fields(player, CARD, sizeof CARD, card + 1) < 0
        || copy_fields(player, BODY_BEFORE, sizeof BODY_BEFORE, body) < 0
        || copy_fields(player, BODY_AFTER, sizeof BODY_AFTER, body + BODY_STATUS + 1) < 0)
        return -1;
    body[BODY_AIM] >>= 8;
    return own_of(player, own);
}

/* records(players: dict, tick, phase) */
PyObject *native_records(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    int64_t tick, phase;
    if (count != 3 || !PyDict_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "records(players: dict, tick: int, phase: int)");
        return NULL;
    }
    if (int_of(args[1], &tick) < 0 || int_of(args[2], &phase) < 0)
        return NULL;
    const Py_ssize_t players = PyDict_GET_SIZE(args[0]);
    Rows *cards = rows_new(players, CARD_FIELDS), *bodies = rows_new(players, BODY_FIELDS);
    Rows *own = rows_new(players, OWN_FIELDS);
    PyObject *slot, *player, *found = NULL;
    Py_ssize_t at = 0;
    if (cards == NULL || bodies == NULL || own == NULL)
        goto done;
    for (Py_ssize_t index = 0; PyDict_Next(args[0], &at, &slot, &player); index++) {
        int64_t *card = row_of(cards, index), *body = row_of(bodies, index), *mine = row_of(own, index);
        if (int_of(slot, card) < 0 || record_of(player, tick, card + 1, body + 1, mine + 1) < 0)
            goto done;
        body[0] = mine[0] = card[0];
        if (phase < PHASE_SCOREBOARD)
            card[1 + CARD_SHOTS] = card[1 + CARD_HITS] = 0;
    }
    found = PyTuple_Pack(3, cards, bodies, own);
done:
    Py_XDECREF(cards);
    Py_XDECREF(bodies);
    Py_XDECREF(own);
    return found;
}

/* pad_records(ready_ticks: list) */
PyObject *native_pad_records(PyObject *module, PyObject *ready_ticks)
{
    (void)module;
    if (!PyList_Check(ready_ticks)) {
        PyErr_SetString(PyExc_TypeError, "pad_records(ready_ticks: list)");
        return NULL;
    }
    Rows *pads = rows_new(PyList_GET_SIZE(ready_ticks), PAD_FIELDS);
    for (Py_ssize_t index = 0; pads != NULL && index < pads->count; index++) {
        int64_t *row = row_of(pads, index);
        row[0] = index;
        if (int_of(PyList_GET_ITEM(ready_ticks, index), row + 1) < 0)
            Py_CLEAR(pads);
    }
    return (PyObject *)pads;
}

/* places(players: dict, tick): `game.rewind.places_in_python` */
PyObject *native_places(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    int64_t tick;
    if (count != 2 || !PyDict_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "places(players: dict, tick: int)");
        return NULL;
    }
    if (int_of(args[1], &tick) < 0)
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
