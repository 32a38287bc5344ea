/* `game.projectiles`: the shots that meet nothing in a tick; and `game.view.shot_records_in_python`. */
#include "skirmish.h"

enum { SHOT_WEAPON, SHOT_OWNER, SHOT_X, SHOT_Y, SHOT_VX, SHOT_VY, SHOT_END, SHOT_BOUNCES, SHOT_SLOTS, WEAPONS = 5 };
static const char *const SHOT_NAMES[SHOT_SLOTS] = {"weapon", "owner", "x", "y", "vx", "vy", "end_tick", "bounces_left"};
static Layout shot_layout;

typedef struct {
    int64_t slot, x, y;
} Place;

int shots_set_up(PyObject *shot_type)
{
    return layout_bind(&shot_layout, shot_type, SHOT_NAMES, SHOT_SLOTS);
}

static int read_places(PyObject *people, Place *places)
{
    for (Py_ssize_t index = 0; index < PyList_GET_SIZE(people); index++) {
        PyObject *player = PyList_GET_ITEM(people, index);
        if (check_type(&player_layout, player) < 0
            || slot_int(&player_layout, player, P_SLOT, &places[index].slot) < 0
            || slot_int(&player_layout, player, P_X, &places[index].x) < 0
            || slot_int(&player_layout, player, P_Y, &places[index].y) < 0)
            return -1;
    }
    return 0;
}

/* The people, and the ground. */
typedef struct {
    const Place *places;
    Py_ssize_t count;
    int64_t tick, reach, width, cells;
    const uint8_t *walls, *open_cells;
    int64_t bounces[WEAPONS];
} Air;

static bool is_near(const Air *air, Py_ssize_t index, int64_t x, int64_t y)
{
    const int64_t off_x = air->places[index].x - x, off_y = air->places[index].y - y, reach = air->reach;
    return -reach < off_x && off_x < reach && -reach < off_y && off_y < reach;
}

/* But `spared`, who is not hit by his own shot before it bounced. */
static bool meets_nobody(const Air *air, int64_t x, int64_t y, int64_t spared)
{
    for (Py_ssize_t index = 0; index < air->count; index++)
        if (is_near(air, index, x, y) && air->places[index].slot != spared)
            return false;
    return true;
}

/* Whether no wall is in the tiles around a way: then no line in there meets one. */
static bool is_clear(const Air *air, int64_t x, int64_t y, int64_t x2, int64_t y2)
{
    const int64_t left = (x < x2 ? x : x2) >> TILE_SHIFT, right = (x < x2 ? x2 : x) >> TILE_SHIFT;
    const int64_t top = (y < y2 ? y : y2) >> TILE_SHIFT, bottom = (y < y2 ? y2 : y) >> TILE_SHIFT;
    if (left < 0 || top < 0 || right >= air->width || bottom >= air->cells / air->width)
        return false;
    if (left == right && top == bottom)
        return true; /* every shot is on free ground */
    if (air->open_cells[(y >> TILE_SHIFT) * air->width + (x >> TILE_SHIFT)])
        return true; /* less than a tile of way */
    for (int64_t row = top; row <= bottom; row++)
        for (int64_t column = left; column <= right; column++)
            if (air->walls[row * air->width + column])
                return false;
    return true;
}

/* 1 when the shot flew, 0 when it may meet something. */
static int fly_one(PyObject *shot, const Air *air)
{
    int64_t x, y, vx, vy, end_tick, weapon, owner, bounces;
    if (check_type(&shot_layout, shot) < 0 || slot_int(&shot_layout, shot, SHOT_X, &x) < 0
        || slot_int(&shot_layout, shot, SHOT_Y, &y) < 0 || slot_int(&shot_layout, shot, SHOT_VX, &vx) < 0
        || slot_int(&shot_layout, shot, SHOT_VY, &vy) < 0 || slot_int(&shot_layout, shot, SHOT_END, &end_tick) < 0
        || slot_int(&shot_layout, shot, SHOT_WEAPON, &weapon) < 0 || slot_int(&shot_layout, shot, SHOT_OWNER, &owner) < 0
        || slot_int(&shot_layout, shot, SHOT_BOUNCES, &bounces) < 0)
        return -1;
    if (weapon < 0 || weapon >= WEAPONS) {
        PyErr_SetString(PyExc_IndexError, "there is no such weapon");
        return -1;
    }
    const int64_t spared = bounces == air->bounces[weapon] ? owner : -1;
    if (air->tick >= end_tick || !is_clear(air, x, y, x + vx, y + vy) || !meets_nobody(air, x, y, spared))
        return 0;
    return slot_set_int(&shot_layout, shot, SHOT_X, x + vx) < 0 || slot_set_int(&shot_layout, shot, SHOT_Y, y + vy) < 0
        ? -1
        : 1;
}

/* A shot and those near it, in a list of such pairs. */
static int append_busy(PyObject *busy, PyObject *shot, const Air *air, PyObject *people)
{
    int64_t x, y;
    if (slot_int(&shot_layout, shot, SHOT_X, &x) < 0 || slot_int(&shot_layout, shot, SHOT_Y, &y) < 0)
        return -1;
    PyObject *near = PyList_New(0);
    int status = near == NULL ? -1 : 0;
    for (Py_ssize_t index = 0; status == 0 && index < air->count; index++)
        if (is_near(air, index, x, y))
            status = PyList_Append(near, PyList_GET_ITEM(people, index));
    PyObject *pair = status == 0 ? PyTuple_Pack(2, shot, near) : NULL;
    status = pair == NULL ? -1 : PyList_Append(busy, pair);
    Py_XDECREF(near);
    Py_XDECREF(pair);
    return status;
}

/* fly_free(shots, people, tick, reach, (width, walls, open_cells, bounces by weapon)): those that may
 * meet something, unmoved, each with the people near it
 */
PyObject *native_fly_free(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    PyObject *walls, *open_cells, *bounces, *shot;
    Air air;
    if (count != 5 || !PyDict_Check(args[0]) || !PyList_Check(args[1]) || !PyTuple_Check(args[4])) {
        PyErr_SetString(PyExc_TypeError, "fly_free(shots: dict, people: list, tick, reach, ground: tuple)");
        return NULL;
    }
    if (!PyArg_ParseTuple(args[4], "LSSO", &air.width, &walls, &open_cells, &bounces)
        || ints_of_tuple(bounces, WEAPONS, air.bounces) < 0)
        return NULL;
    if (PyBytes_GET_SIZE(walls) != PyBytes_GET_SIZE(open_cells) || air.width <= 0) {
        PyErr_SetString(PyExc_ValueError, "this is no map");
        return NULL;
    }
    air.walls = (const uint8_t *)PyBytes_AS_STRING(walls);
    air.tick = PyLong_AsLongLong(args[2]);
    air.reach = PyLong_AsLongLong(args[3]);
    if ((air.tick == -1 || air.reach == -1) && PyErr_Occurred())
        return NULL;
    air.open_cells = (const uint8_t *)PyBytes_AS_STRING(open_cells);
    air.cells = PyBytes_GET_SIZE(open_cells);
    air.count = PyList_GET_SIZE(args[1]);
    Place *places = PyMem_Malloc(sizeof *places * (size_t)(air.count ? air.count : 1));
    PyObject *left = PyList_New(0);
    air.places = places;
    if (places == NULL && left != NULL)
        PyErr_NoMemory();
    if (places == NULL || left == NULL || read_places(args[1], places) < 0)
        goto failed;
    for (Py_ssize_t at = 0; PyDict_Next(args[0], &at, NULL, &shot);) {
        const int flew = fly_one(shot, &air);
        if (flew < 0 || (!flew && append_busy(left, shot, &air, args[1]) < 0))
            goto failed;
    }
    PyMem_Free(places);
    return left;
failed:
    PyMem_Free(places);
    Py_XDECREF(left);
    return NULL;
}

static int record_of(PyObject *shot, int64_t *record)
{
    int64_t weapon, owner;
    if (check_type(&shot_layout, shot) < 0 || slot_int(&shot_layout, shot, SHOT_WEAPON, &weapon) < 0
        || slot_int(&shot_layout, shot, SHOT_OWNER, &owner) < 0)
        return -1;
    for (int index = 0; index < SHOT_FIELDS - 1; index++)
        if (slot_int(&shot_layout, shot, SHOT_X + index, &record[index]) < 0)
            return -1;
    record[SHOT_FIELDS - 1] = owner * 8 + weapon;
    return 0;
}

/* shot_records(shots: dict) */
PyObject *native_shot_records(PyObject *module, PyObject *shots)
{
    (void)module;
    if (!PyDict_Check(shots)) {
        PyErr_SetString(PyExc_TypeError, "shot_records(shots: dict)");
        return NULL;
    }
    Rows *records = rows_new(PyDict_GET_SIZE(shots), SHOT_FIELDS);
    PyObject *number, *shot;
    Py_ssize_t at = 0;
    for (Py_ssize_t index = 0; records != NULL && PyDict_Next(shots, &at, &number, &shot); index++) {
        int64_t *row = row_of(records, index);
        if (int_of(number, row) < 0 || record_of(shot, row + 1) < 0)
            Py_CLEAR(records);
    }
    return (PyObject *)records;
}
