/* `game.fog.Fog`: a view taken apart into arrays, and what each seat sees of it. */
#include "snapshot.h"
#include <stdlib.h>

enum { V_TICK, V_CARDS, V_BODIES, V_SHOTS, V_OWN, V_EVENTS, V_TEAMS, V_VISIBILITY, V_PADS, V_PAD_TILES, VIEW_FIELDS };
static const char *const VIEW_NAMES[VIEW_FIELDS] = {
    "tick", "cards", "bodies", "shots", "own", "events", "teams", "visibility", "pads", "pad_tiles",
};
static Layout view_layout;
static PyObject *window_name;

int frame_set_up(PyObject *view_type)
{
    if (window_name == NULL && (window_name = PyUnicode_InternFromString("window")) == NULL)
        return -1;
    return layout_bind(&view_layout, view_type, VIEW_NAMES, VIEW_FIELDS);
}

Frame *frame_new(void)
{
    Frame *frame = PyMem_Calloc(1, sizeof *frame);
    if (frame == NULL)
        PyErr_NoMemory();
    return frame;
}

void frame_forget(Frame *frame)
{
    if (frame->windows != NULL)
        for (int slot = 0; slot < frame->slots; slot++)
            Py_CLEAR(frame->windows[slot]);
    Py_CLEAR(frame->view);
    Py_CLEAR(frame->visibility);
    Py_CLEAR(frame->event_list);
    Py_CLEAR(frame->pad_tiles);
    frame->slots = frame->shots = frame->pads = frame->events = 0;
}

void frame_free(Frame *frame)
{
    if (frame == NULL)
        return;
    frame_forget(frame);
    PyMem_Free(frame->block);
    PyMem_Free(frame->anew.data);
    PyMem_Free(frame->event_bytes.data);
    PyMem_Free(frame);
}

/* One block for all arrays: neighbours in memory, and one allocation for the life of a frame. */
static int make_room(Frame *frame)
{
    const size_t slots = (size_t)frame->slots, shots = (size_t)frame->shots, events = (size_t)frame->events;
    const size_t pads = (size_t)frame->pads;
    frame->row = slots + shots + pads;
    const size_t pieces[] = {
        slots * sizeof *frame->windows, slots * sizeof *frame->bodies, slots * sizeof *frame->own,
        slots * sizeof *frame->teams, slots * sizeof *frame->tiles, slots * sizeof *frame->body_runs,
        shots * sizeof *frame->shot, shots * sizeof *frame->shot_tiles, shots * sizeof *frame->shot_runs,
        pads * sizeof *frame->pad, events * sizeof *frame->happenings, slots, slots, slots, (slots + 2) * frame->row,
    };
    enum { PIECES = sizeof pieces / sizeof *pieces };
    size_t offsets[PIECES], size = 16; /* of an empty view too */
    for (int piece = 0; piece < PIECES; piece++) {
        offsets[piece] = size;
        size += (pieces[piece] + 15) / 16 * 16;
    }
    if (size > frame->block_size) {
        void *block = PyMem_Realloc(frame->block, size + size / 4);
        if (block == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        frame->block = block;
        frame->block_size = size + size / 4;
    }
    char *base = frame->block;
    memset(base, 0, offsets[PIECES - 1]); /* all but `seen`, whose rows are written when known */
    int piece = 0;
    frame->windows = (PyObject **)(base + offsets[piece++]);
    frame->bodies = (int64_t (*)[BODY_FIELDS])(base + offsets[piece++]);
    frame->own = (int64_t (*)[OWN_FIELDS])(base + offsets[piece++]);
    frame->teams = (int64_t *)(base + offsets[piece++]);
    frame->tiles = (Tile *)(base + offsets[piece++]);
    frame->body_runs = (Run *)(base + offsets[piece++]);
    frame->shot = (int64_t (*)[SHOT_ROW])(base + offsets[piece++]);
    frame->shot_tiles = (Tile *)(base + offsets[piece++]);
    frame->shot_runs = (Run *)(base + offsets[piece++]);
    frame->pad = (int64_t (*)[1 + PAD_FIELDS])(base + offsets[piece++]);
    frame->happenings = (Happening *)(base + offsets[piece++]);
    frame->here = (uint8_t *)(base + offsets[piece++]);
    frame->has_own = (uint8_t *)(base + offsets[piece++]);
    frame->sights = (uint8_t *)(base + offsets[piece++]);
    frame->seen = (uint8_t *)(base + offsets[piece++]);
    return 0;
}

/* The next record whose key is a slot: 1, or 0 when there is no other. */
static int slot_next(PyObject *records, Py_ssize_t *at, int fields, int64_t *row)
{
    const int got = record_next(records, at, fields, row);
    if (got == 1 && (row[0] < 0 || row[0] >= SLOTS_MAX)) {
        PyErr_SetString(PyExc_ValueError, "there is no such slot");
        return -1;
    }
    return got;
}

/* Far off any map all tiles are one. */
static int32_t column_of(int64_t x)
{
    enum { FAR = 1 << 29 };
    const int64_t column = x >> TILE_SHIFT;
    return column < -FAR ? -FAR : column > FAR ? FAR : (int32_t)column;
}

Tile tile_at(int64_t x, int64_t y)
{
    return (Tile){column_of(x), column_of(y)};
}

static int by_number(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int read_bodies(Frame *frame, PyObject *bodies, PyObject *own)
{
    int64_t row[1 + OWN_FIELDS];
    Py_ssize_t at = 0;
    int got;
    while ((got = slot_next(bodies, &at, BODY_FIELDS, row)) > 0) {
        memcpy(frame->bodies[row[0]], row + 1, sizeof *frame->bodies);
        frame->here[row[0]] = 1;
        frame->tiles[row[0]] = tile_at(row[1], row[2]);
    }
    for (at = 0; got == 0 && (got = slot_next(own, &at, OWN_FIELDS, row)) > 0; got = 0) {
        if (row[0] < frame->slots) {
            memcpy(frame->own[row[0]], row + 1, sizeof *frame->own);
            frame->has_own[row[0]] = 1;
        }
    }
    return got;
}

static int read_teams(Frame *frame, PyObject *cards)
{
    const int64_t NO_CARD = INT64_MIN;
    int64_t row[1 + CARD_FIELDS];
    Py_ssize_t at = 0;
    int got;
    for (int slot = 0; slot < frame->slots; slot++)
        frame->teams[slot] = frame->here[slot] ? NO_CARD : 0;
    while ((got = slot_next(cards, &at, CARD_FIELDS, row)) > 0)
        if (row[0] < frame->slots && frame->here[row[0]])
            frame->teams[row[0]] = row[1 + CARD_TEAM];
    for (int slot = 0; got == 0 && slot < frame->slots; slot++)
        if (frame->teams[slot] == NO_CARD) {
            PyErr_Format(PyExc_KeyError, "%d", slot);
            got = -1;
        }
    return got;
}

static int read_shots(Frame *frame, PyObject *shots)
{
    Py_ssize_t at = 0;
    bool is_sorted = true;
    for (int index = 0; index < frame->shots; index++) {
        if (record_next(shots, &at, SHOT_FIELDS, frame->shot[index]) < 0)
            return -1;
        is_sorted &= index == 0 || frame->shot[index - 1][0] < frame->shot[index][0];
    }
    if (!is_sorted)
        qsort(frame->shot, (size_t)frame->shots, sizeof *frame->shot, by_number);
    for (int index = 0; index < frame->shots; index++)
        frame->shot_tiles[index] = tile_at(frame->shot[index][1], frame->shot[index][2]);
    return 0;
}

static int read_pads(Frame *frame, PyObject *pads)
{
    Py_ssize_t at = 0;
    for (int index = 0; index < frame->pads; index++) {
        if (record_next(pads, &at, PAD_FIELDS, frame->pad[index]) < 0)
            return -1;
        if (frame->pad[index][0] != index) {
            PyErr_SetString(PyExc_ValueError, "pads are numbered from 0");
            return -1;
        }
    }
    return 0;
}

/* The largest slot of bodies and own parts, and one more. */
static int slots_of(PyObject *bodies, PyObject *own)
{
    int64_t row[1 + OWN_FIELDS], most = -1;
    int got;
    for (Py_ssize_t at = 0; (got = slot_next(bodies, &at, BODY_FIELDS, row)) > 0;)
        most = row[0] > most ? row[0] : most;
    for (Py_ssize_t at = 0; got == 0 && (got = slot_next(own, &at, OWN_FIELDS, row)) > 0; got = 0)
        most = row[0] > most ? row[0] : most;
    return got < 0 ? -1 : (int)most + 1;
}

int frame_fill(Frame *frame, PyObject *view, bool is_foggy)
{
    if (check_type(&view_layout, view) < 0)
        return -1;
    PyObject *parts[VIEW_FIELDS];
    for (int index = 0; index < VIEW_FIELDS; index++)
        if ((parts[index] = slot_of(&view_layout, view, index)) == NULL) {
            PyErr_SetString(PyExc_AttributeError, "a view is not whole");
            return -1;
        }
    const int records[] = {V_CARDS, V_BODIES, V_SHOTS, V_OWN, V_TEAMS, V_PADS};
    for (size_t index = 0; index < sizeof records / sizeof *records; index++)
        if (!are_records(parts[records[index]])) {
            PyErr_SetString(PyExc_TypeError, "a view's records are dicts, or made here");
            return -1;
        }
    if (!PyList_Check(parts[V_EVENTS]) || !PyBytes_Check(parts[V_PAD_TILES])) {
        PyErr_SetString(PyExc_TypeError, "a view's events are a list, and the tiles of its pads bytes");
        return -1;
    }
    frame_forget(frame);
    frame->anew.size = frame->event_bytes.size = 0;
    frame->has_happenings = false;
    const int slots = slots_of(parts[V_BODIES], parts[V_OWN]);
    if (slots < 0 || slot_int(&view_layout, view, V_TICK, &frame->tick) < 0)
        return -1;
    frame->is_foggy = is_foggy && parts[V_VISIBILITY] != Py_None;
    frame->slots = slots;
    frame->shots = (int)records_count(parts[V_SHOTS]);
    frame->pads = (int)records_count(parts[V_PADS]);
    frame->events = (int)PyList_GET_SIZE(parts[V_EVENTS]);
    if (make_room(frame) < 0) {
        frame->windows = NULL;
        frame->slots = 0;
        return -1;
    }
    frame->view = Py_NewRef(view);
    frame->visibility = Py_NewRef(parts[V_VISIBILITY]);
    frame->event_list = Py_NewRef(parts[V_EVENTS]);
    frame->pad_tiles = Py_NewRef(parts[V_PAD_TILES]);
    const bool has_teams = records_count(parts[V_TEAMS]) > 0;
    if (read_bodies(frame, parts[V_BODIES], parts[V_OWN]) < 0
        || (has_teams && read_teams(frame, parts[V_CARDS]) < 0)
        || read_shots(frame, parts[V_SHOTS]) < 0 || read_pads(frame, parts[V_PADS]) < 0)
        return -1;
    uint8_t *everything = (uint8_t *)frame_everything(frame);
    memcpy(everything, frame->here, (size_t)slots);
    memset(everything + slots, 1, (size_t)(frame->shots + frame->pads));
    memset((uint8_t *)frame_nothing(frame), 0, frame->row);
    return 0;
}

void frame_inherit(Frame *frame, const Frame *before)
{
    if (!frame->is_foggy || before->visibility != frame->visibility)
        return;
    const int slots = frame->slots < before->slots ? frame->slots : before->slots;
    for (int slot = 0; slot < slots; slot++)
        if (before->windows[slot] != NULL && before->tiles[slot].x == frame->tiles[slot].x
            && before->tiles[slot].y == frame->tiles[slot].y)
            frame->windows[slot] = Py_NewRef(before->windows[slot]);
}

/* A bit for each tile around; the first of them is the lower right one. */
static inline bool is_lit(const uint8_t *window, Tile from, Tile to)
{
    const int32_t off_x = from.x - to.x + REACH_TILES, off_y = from.y - to.y + REACH_TILES;
    if ((uint32_t)off_x >= WINDOW_SIDE || (uint32_t)off_y >= WINDOW_SIDE)
        return false;
    const int32_t bit = off_y * WINDOW_SIDE + off_x;
    return window[bit >> 3] >> (bit & 7) & 1;
}

static int learn_window(Frame *frame, int slot)
{
    if (frame->windows[slot] != NULL)
        return 0;
    PyObject *x = PyLong_FromLong(frame->tiles[slot].x), *y = PyLong_FromLong(frame->tiles[slot].y);
    PyObject *window = NULL;
    if (x != NULL && y != NULL)
        window = PyObject_CallMethodObjArgs(frame->visibility, window_name, x, y, NULL);
    Py_XDECREF(x);
    Py_XDECREF(y);
    if (window == NULL)
        return -1;
    if (!PyBytes_Check(window) || PyBytes_GET_SIZE(window) != WINDOW_BYTES) {
        PyErr_Format(PyExc_ValueError, "a window of %d bytes was expected", (int)WINDOW_BYTES);
        Py_DECREF(window);
        return -1;
    }
    frame->windows[slot] = window;
    return 0;
}

static int look(Frame *frame, int slot)
{
    if (learn_window(frame, slot) < 0)
        return -1;
    const uint8_t *window = (const uint8_t *)PyBytes_AS_STRING(frame->windows[slot]);
    uint8_t *row = frame->seen + frame->row * (size_t)slot;
    const Tile here = frame->tiles[slot];
    const int64_t team = frame->teams[slot];
    for (int other = 0; other < frame->slots; other++)
        row[other] = frame->here[other]
            && (is_lit(window, here, frame->tiles[other]) || (team && frame->teams[other] == team));
    for (int index = 0; index < frame->shots; index++)
        row[frame->slots + index] = is_lit(window, here, frame->shot_tiles[index]);
    const char *tiles = PyBytes_AS_STRING(frame->pad_tiles);
    const Py_ssize_t known = PyBytes_GET_SIZE(frame->pad_tiles) / (Py_ssize_t)sizeof(Tile);
    for (int index = 0; index < frame->pads; index++) {
        Tile tile;
        if (index < known)
            memcpy(&tile, tiles + (size_t)index * sizeof tile, sizeof tile);
        row[frame_pads_at(frame) + index] = index >= known || is_lit(window, here, tile);
    }
    return 0;
}

const uint8_t *frame_cut(Frame *frame, int slot, bool *sees_all)
{
    *sees_all = slot < 0 || !frame->is_foggy;
    if (*sees_all)
        return frame_everything(frame);
    if (slot >= frame->slots || !frame->here[slot])
        return frame_nothing(frame);
    if (frame->sights[slot] == SIGHT_UNKNOWN) {
        const bool is_out = !(frame->bodies[slot][BODY_STATUS] & ALIVE)
            && frame->own[slot][OWN_RESPAWN] >= NEVER_TICK;
        if (!is_out && look(frame, slot) < 0)
            return NULL;
        frame->sights[slot] = is_out ? SIGHT_ALL : SIGHT_CUT;
    }
    *sees_all = frame->sights[slot] == SIGHT_ALL;
    return *sees_all ? frame_everything(frame) : frame->seen + frame->row * (size_t)slot;
}

bool frame_sees_tile(const Frame *frame, int slot, Tile tile)
{
    if (slot >= frame->slots || frame->windows[slot] == NULL)
        return false;
    return is_lit((const uint8_t *)PyBytes_AS_STRING(frame->windows[slot]), frame->tiles[slot], tile);
}

int put_difference(Buffer *buffer, int64_t key, const int64_t *now, const int64_t *expected, int fields, Run *run)
{
    if (buffer_reserve(buffer, (size_t)(fields + 2) * CBOR_INT_BYTES_MAX) < 0)
        return -1;
    uint32_t mask = 0;
    for (int index = 0; index < fields; index++)
        mask |= (uint32_t)(now[index] != expected[index]) << index;
    uint8_t *start = buffer->data + buffer->size, *at = cbor_int(start, key);
    at = cbor_head(at, CBOR_UINT, mask);
    int count = 2;
    for (int index = 0; index < fields; index++)
        if (mask >> index & 1) {
            at = cbor_int(at, now[index] - expected[index]);
            count++;
        }
    *run = (Run){(uint32_t)buffer->size, (uint16_t)(at - start), (uint16_t)count};
    buffer->size = (size_t)(at - buffer->data);
    return 0;
}

static const int64_t ZEROS[OWN_FIELDS];

const Run *frame_body_anew(Frame *frame, int slot)
{
    Run *run = &frame->body_runs[slot];
    if (!run->size && put_difference(&frame->anew, slot, frame->bodies[slot], ZEROS, BODY_FIELDS, run) < 0)
        return NULL;
    return run;
}

const Run *frame_shot_anew(Frame *frame, int index)
{
    Run *run = &frame->shot_runs[index];
    const int64_t *shot = frame->shot[index];
    if (!run->size && put_difference(&frame->anew, shot[0], shot + 1, ZEROS, SHOT_FIELDS, run) < 0)
        return NULL;
    return run;
}
