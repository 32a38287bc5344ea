/* `game.movement.move_all`, line by line. Products stay below 2**53 there, so 64 bits are enough. */
#include "skirmish.h"
#include <math.h>

enum { ONE = 16384, HALF = ONE / 2, DIAGONAL = 11585, STEP_UNITS_MAX = 150, QUARTER_SHIFT = TILE_SHIFT - 1 };

static PyObject *direction_of; /* game.trig.direction */

static const int8_t WISH_X[16] = {0, 0, 0, 0, -1, -1, -1, -1, 1, 1, 1, 1, 0, 0, 0, 0};
static const int8_t WISH_Y[16] = {0, -1, 1, 0, 0, -1, 1, 0, 0, -1, 1, 0, 0, -1, 1, 0};

static const char *const TUNING_NAMES[] = {
    "run_speed", "run_acceleration", "run_friction", "speed_max",
    "dash_speed", "dash_ticks", "dash_cooldown_ticks", "player_radius_units",
};
typedef struct {
    int64_t run_speed, run_acceleration, run_friction, speed_max;
    int64_t dash_speed, dash_ticks, dash_cooldown_ticks, radius;
} Speeds;

typedef struct {
    const uint8_t *walls, *open_cells, *clear;
    int64_t width, cells, quarters;
} Ground;

/* The part of a player that moves. */
typedef struct {
    int64_t x, y, vx, vy, dash_vx, dash_vy, dash_until, dash_ready, buttons;
} Mover;

int movement_set_up(PyObject *direction)
{
    Py_XSETREF(direction_of, Py_NewRef(direction));
    return 0;
}

static int64_t floor_div(int64_t value, int64_t divisor)
{
    const int64_t quotient = value / divisor;
    return quotient * divisor > value ? quotient - 1 : quotient;
}

static int64_t root_of(int64_t value)
{
    int64_t root = (int64_t)sqrt((double)value);
    while (root * root > value)
        root--;
    while ((root + 1) * (root + 1) <= value)
        root++;
    return root;
}

/* Rounded towards zero, as C divides. */
static int64_t shrink(int64_t value, int64_t numerator, int64_t divisor)
{
    return value * numerator / divisor;
}

static int64_t wish_of(int8_t way, bool is_diagonal, int64_t run_speed)
{
    if (!is_diagonal)
        return way * run_speed;
    return floor_div(way * run_speed * DIAGONAL + HALF, ONE);
}

static int64_t approach(int64_t speed, int64_t wish, const Speeds *speeds)
{
    if (speed < wish) {
        speed += wish > 0 ? speeds->run_acceleration : speeds->run_friction;
        return speed > wish ? wish : speed;
    }
    speed -= wish < 0 ? speeds->run_acceleration : speeds->run_friction;
    return speed < wish ? wish : speed;
}

static int start_dash(Mover *mover, PyObject *player, const Speeds *speeds, int64_t tick)
{
    const int64_t key_x = WISH_X[mover->buttons & 15], key_y = WISH_Y[mover->buttons & 15];
    int64_t cosine = key_x * ONE, sine = key_y * ONE;
    if (key_x && key_y) {
        cosine = key_x * DIAGONAL;
        sine = key_y * DIAGONAL;
    } else if (!key_x && !key_y) {
        PyObject *aim = slot_of(&player_layout, player, P_AIM);
        PyObject *way = aim == NULL ? NULL : PyObject_CallOneArg(direction_of, aim);
        int64_t parts[2];
        const int status = way == NULL ? -1 : ints_of_tuple(way, 2, parts);
        Py_XDECREF(way);
        if (status < 0)
            return -1;
        cosine = parts[0];
        sine = parts[1];
    }
    mover->dash_vx = floor_div(cosine * speeds->dash_speed + HALF, ONE);
    mover->dash_vy = floor_div(sine * speeds->dash_speed + HALF, ONE);
    mover->dash_until = tick + speeds->dash_ticks;
    mover->dash_ready = tick + speeds->dash_cooldown_ticks;
    return slot_set_int(&player_layout, player, P_DASH_VX, mover->dash_vx) < 0
            || slot_set_int(&player_layout, player, P_DASH_VY, mover->dash_vy) < 0
            || slot_set_int(&player_layout, player, P_DASH_UNTIL, mover->dash_until) < 0
            || slot_set_int(&player_layout, player, P_DASH_READY, mover->dash_ready) < 0
        ? -1
        : 0;
}

/* Whether squares of it can be added; with the error set when they cannot. */
static inline bool is_narrow(int64_t value)
{
    if (-INT32_MAX <= value && value <= INT32_MAX)
        return true;
    PyErr_SetString(PyExc_OverflowError, "a player's number takes more than 32 bits");
    return false;
}

/* Whether a tile is on the map; with the error set when it is not. */
static inline bool is_on(int64_t cell, int64_t cells)
{
    if (cell >= 0 && cell < cells)
        return true;
    PyErr_SetString(PyExc_IndexError, "a player is off the map");
    return false;
}

static void push_out(int64_t off_x, int64_t off_y, int64_t radius, int64_t *out_x, int64_t *out_y)
{
    const int64_t distance = root_of(off_x * off_x + off_y * off_y);
    if (distance == 0) {
        *out_x = radius;
        *out_y = 0;
        return;
    }
    *out_x = ((off_x < 0 ? -off_x : off_x) * radius + distance - 1) / distance;
    *out_y = ((off_y < 0 ? -off_y : off_y) * radius + distance - 1) / distance;
    if (off_x < 0)
        *out_x = -*out_x;
    if (off_y < 0)
        *out_y = -*out_y;
}

static void glide(int64_t *vx, int64_t *vy, int64_t off_x, int64_t off_y)
{
    if (*vx * off_x + *vy * off_y >= 0)
        return;
    const int64_t length = root_of(off_x * off_x + off_y * off_y) + 1;
    int64_t along = shrink(*vy * off_x - *vx * off_y, 1, length);
    const int64_t kept = root_of(*vx * *vx + *vy * *vy) / 2;
    if (-kept < along && along < kept)
        along = along < 0 ? -kept : kept;
    *vx = shrink(-off_y, along, length);
    *vy = shrink(off_x, along, length);
}

static int slide(Mover *mover, const Ground *ground, int64_t radius, int64_t *speed_x, int64_t *speed_y)
{
    int64_t x = mover->x, y = mover->y, vx = *speed_x, vy = *speed_y;
    int64_t way_x = vx, way_y = vy;
    const int64_t far_x = vx < 0 ? -vx : vx, far_y = vy < 0 ? -vy : vy;
    const int64_t fastest = far_x > far_y ? far_x : far_y, width = ground->width;
    for (int64_t left = (fastest + STEP_UNITS_MAX - 1) / STEP_UNITS_MAX; left > 0; left--) {
        const int64_t step_x = floor_div(way_x, left), step_y = floor_div(way_y, left);
        way_x -= step_x;
        way_y -= step_y;
        int64_t next_x = x + step_x, next_y = y + step_y;
        const int64_t cell = (next_y >> TILE_SHIFT) * width + (next_x >> TILE_SHIFT);
        if (!is_on(cell, ground->cells))
            return -1;
        if (ground->walls[cell]) {
            vx = vy = 0;
            break;
        }
        const int64_t in_x = next_x & (TILE_UNITS - 1), in_y = next_y & (TILE_UNITS - 1);
        int64_t side_x = in_x < radius ? -1 : in_x > TILE_UNITS - radius ? 1 : 0;
        int64_t side_y = in_y < radius ? -1 : in_y > TILE_UNITS - radius ? 1 : 0;
        if (!is_on(cell - width - 1, ground->cells) || !is_on(cell + width + 1, ground->cells))
            return -1;
        if (side_x && ground->walls[cell + side_x]) {
            next_x += (side_x < 0 ? radius : TILE_UNITS - radius) - in_x;
            vx = way_x = side_x = 0;
        }
        if (side_y && ground->walls[cell + side_y * width]) {
            next_y += (side_y < 0 ? radius : TILE_UNITS - radius) - in_y;
            vy = way_y = side_y = 0;
        }
        if (side_x && side_y && ground->walls[cell + side_x + side_y * width]) {
            const int64_t off_x = side_x < 0 ? in_x : in_x - TILE_UNITS;
            const int64_t off_y = side_y < 0 ? in_y : in_y - TILE_UNITS;
            if (off_x * off_x + off_y * off_y < radius * radius) {
                int64_t out_x, out_y;
                push_out(off_x, off_y, radius, &out_x, &out_y);
                next_x += out_x - off_x;
                next_y += out_y - off_y;
                glide(&vx, &vy, out_x, out_y);
            }
        }
        x = next_x;
        y = next_y;
    }
    mover->x = x;
    mover->y = y;
    *speed_x = vx;
    *speed_y = vy;
    return 0;
}

static int go(Mover *mover, const Ground *ground, const Speeds *speeds, int64_t *vx, int64_t *vy)
{
    if (*vx * *vx + *vy * *vy > speeds->speed_max * speeds->speed_max) {
        const int64_t length = root_of(*vx * *vx + *vy * *vy);
        if (length >= speeds->speed_max) {
            *vx = shrink(*vx, speeds->speed_max, length + 1);
            *vy = shrink(*vy, speeds->speed_max, length + 1);
        }
    }
    const int64_t x = mover->x + *vx, y = mover->y + *vy;
    const int64_t cell = (y >> TILE_SHIFT) * ground->width + (x >> TILE_SHIFT);
    if (!is_on(cell, ground->cells))
        return -1;
    if (!ground->open_cells[cell])
        return slide(mover, ground, speeds->radius, vx, vy);
    mover->x = x;
    mover->y = y;
    return 0;
}

static int read_mover(PyObject *player, Mover *mover)
{
    static const struct {
        uint8_t field;
        size_t at;
    } PARTS[] = {
        {P_X, offsetof(Mover, x)}, {P_Y, offsetof(Mover, y)}, {P_VX, offsetof(Mover, vx)},
        {P_VY, offsetof(Mover, vy)}, {P_DASH_VX, offsetof(Mover, dash_vx)},
        {P_DASH_VY, offsetof(Mover, dash_vy)}, {P_DASH_UNTIL, offsetof(Mover, dash_until)},
        {P_DASH_READY, offsetof(Mover, dash_ready)}, {P_BUTTONS, offsetof(Mover, buttons)},
    };
    if (check_type(&player_layout, player) < 0)
        return -1;
    for (size_t index = 0; index < sizeof PARTS / sizeof *PARTS; index++)
        if (slot_int(&player_layout, player, PARTS[index].field, (int64_t *)((char *)mover + PARTS[index].at)) < 0
            || !is_narrow(*(int64_t *)((char *)mover + PARTS[index].at)))
            return -1;
    return 0;
}

/* 1 when he began to dash. */
static int move_one(PyObject *player, const Ground *ground, const Speeds *speeds, int64_t tick)
{
    Mover mover;
    if (read_mover(player, &mover) < 0)
        return -1;
    const Mover before = mover;
    int dashed = 0;
    int64_t vx, vy;
    if (mover.buttons & BUTTON_DASH && tick >= mover.dash_ready) {
        if (start_dash(&mover, player, speeds, tick) < 0)
            return -1;
        dashed = 1;
    }
    if (tick < mover.dash_until) {
        vx = mover.dash_vx;
        vy = mover.dash_vy;
    } else {
        vx = mover.vx;
        vy = mover.vy;
        if (mover.dash_vx || mover.dash_vy) {
            if (speeds->dash_speed == 0) {
                PyErr_SetString(PyExc_ZeroDivisionError, "a dash of no speed ends");
                return -1;
            }
            vx = shrink(vx, speeds->run_speed, speeds->dash_speed);
            vy = shrink(vy, speeds->run_speed, speeds->dash_speed);
            if (slot_set_int(&player_layout, player, P_DASH_VX, 0) < 0
                || slot_set_int(&player_layout, player, P_DASH_VY, 0) < 0)
                return -1;
        }
        const int8_t way_x = WISH_X[mover.buttons & 15], way_y = WISH_Y[mover.buttons & 15];
        const int64_t wish_x = wish_of(way_x, way_x && way_y, speeds->run_speed);
        const int64_t wish_y = wish_of(way_y, way_x && way_y, speeds->run_speed);
        if (vx != wish_x)
            vx = approach(vx, wish_x, speeds);
        if (vy != wish_y)
            vy = approach(vy, wish_y, speeds);
    }
    if (!is_narrow(vx) || !is_narrow(vy))
        return -1;
    if (vx || vy) {
        const int64_t x = mover.x + vx, y = mover.y + vy;
        const int64_t slow = speeds->speed_max * speeds->speed_max >= 2 * STEP_UNITS_MAX * STEP_UNITS_MAX
            ? STEP_UNITS_MAX
            : -1;
        const int64_t quarter = (y >> QUARTER_SHIFT) * 2 * ground->width + (x >> QUARTER_SHIFT);
        const bool is_short = -slow <= vx && vx <= slow && -slow <= vy && vy <= slow;
        if (is_short && !is_on(quarter, ground->quarters))
            return -1;
        if (is_short && ground->clear[quarter]) {
            mover.x = x;
            mover.y = y;
        } else if (go(&mover, ground, speeds, &vx, &vy) < 0) {
            return -1;
        }
    }
    if ((mover.x != before.x && slot_set_int(&player_layout, player, P_X, mover.x) < 0)
        || (mover.y != before.y && slot_set_int(&player_layout, player, P_Y, mover.y) < 0)
        || (vx != before.vx && slot_set_int(&player_layout, player, P_VX, vx) < 0)
        || (vy != before.vy && slot_set_int(&player_layout, player, P_VY, vy) < 0))
        return -1;
    return dashed;
}

static int read_speeds(PyObject *tuning, Speeds *speeds)
{
    for (size_t index = 0; index < sizeof TUNING_NAMES / sizeof *TUNING_NAMES; index++) {
        PyObject *held = PyObject_GetAttrString(tuning, TUNING_NAMES[index]);
        if (held == NULL)
            return -1;
        const int64_t value = PyLong_AsLongLong(held);
        Py_DECREF(held);
        if ((value == -1 && PyErr_Occurred()) || !is_narrow(value))
            return -1;
        ((int64_t *)speeds)[index] = value;
    }
    return 0;
}

/* move_all(players, tuning, tick, (width, walls, open_cells, clear)) */
PyObject *native_move_all(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    Ground ground;
    Speeds speeds;
    PyObject *walls, *open_cells, *clear;
    if (count != 4 || !PyTuple_Check(args[3])) {
        PyErr_SetString(PyExc_TypeError, "move_all(players, tuning, tick, ground)");
        return NULL;
    }
    const int64_t tick = PyLong_AsLongLong(args[2]);
    if ((tick == -1 && PyErr_Occurred()) || read_speeds(args[1], &speeds) < 0)
        return NULL;
    if (!PyArg_ParseTuple(args[3], "LSSS", &ground.width, &walls, &open_cells, &clear))
        return NULL;
    ground.walls = (const uint8_t *)PyBytes_AS_STRING(walls);
    ground.open_cells = (const uint8_t *)PyBytes_AS_STRING(open_cells);
    ground.clear = (const uint8_t *)PyBytes_AS_STRING(clear);
    ground.cells = PyBytes_GET_SIZE(walls);
    ground.quarters = PyBytes_GET_SIZE(clear);
    if (PyBytes_GET_SIZE(open_cells) != ground.cells) {
        PyErr_SetString(PyExc_ValueError, "this is no map");
        return NULL;
    }
    PyObject *players = PySequence_Fast(args[0], "players are a sequence");
    PyObject *dashed = PyList_New(0);
    if (players == NULL || dashed == NULL)
        goto failed;
    for (Py_ssize_t index = 0; index < PySequence_Fast_GET_SIZE(players); index++) {
        PyObject *player = PySequence_Fast_GET_ITEM(players, index);
        const int status = move_one(player, &ground, &speeds, tick);
        if (status < 0 || (status > 0 && PyList_Append(dashed, player) < 0))
            goto failed;
    }
    Py_DECREF(players);
    return dashed;
failed:
    Py_XDECREF(players);
    Py_XDECREF(dashed);
    return NULL;
}
