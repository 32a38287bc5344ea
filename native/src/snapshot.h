/* A view taken apart (frame.c), for its messages (writer.c). */
#ifndef SKIRMISH_SNAPSHOT_H
#define SKIRMISH_SNAPSHOT_H

#include "skirmish.h"

enum { SLOTS_MAX = 4096, SHOT_ROW = 1 + SHOT_FIELDS };

/* `game.events.EventKind`. */
enum {
    SCATTER = 1, RAIL, HIT, KILL, SPAWN, PICKUP, EXPLODE, IMPACT, BOUNCE, DASH, PHASE, MEDAL, FIRE, EMPTY,
    FLAG, CIRCLE, OUT, KINDS
};

/* Encoded integers without a head, somewhere in a buffer, and how many they are. */
typedef struct {
    uint32_t at;
    uint16_t size, count;
} Run;

typedef struct {
    int32_t x, y;
} Tile;

/* What a slot sees. */
typedef enum { SIGHT_UNKNOWN, SIGHT_CUT, SIGHT_ALL } Sight;

typedef struct {
    int32_t kind, attacker, actor; /* slots; -1: none */
    bool is_public;
    Tile tile;
    int64_t rail[4]; /* x, y, x2, y2 of a rail */
    int64_t slot;    /* of a rail */
    Run run;         /* in `Frame.event_bytes` */
    Run placeless;   /* a hit told to its attacker, who does not see whom */
} Happening;

/* One view, as `game.fog.Fog` has it. Rows of `seen` are by slot: a byte for each slot, then one for
 * each shot and each pad. Two rows more: of those who see everything, and of those who see nothing. */
typedef struct {
    int64_t tick;
    PyObject *view, *visibility, *event_list;
    bool is_foggy;
    int slots, shots, pads, events;
    size_t row;
    /* By slot. */
    uint8_t *here, *has_own;
    int64_t (*bodies)[BODY_FIELDS];
    int64_t (*own)[OWN_FIELDS];
    int64_t *teams;
    Tile *tiles;
    PyObject **windows; /* strong; NULL: not asked for */
    uint8_t *sights;    /* `Sight` */
    Run *body_runs;     /* of those who come into sight, in `anew`; size 0: not encoded */
    /* By index of a shot, its number first, ascending. */
    int64_t (*shot)[SHOT_ROW];
    Tile *shot_tiles;
    Run *shot_runs;
    int64_t (*pad)[1 + PAD_FIELDS]; /* by index, which comes first */
    PyObject *pad_tiles; /* bytes: column and row of each; a pad without any is in everybody's sight */
    Happening *happenings; /* size of `events`; known once `has_happenings` */
    bool has_happenings;
    uint8_t *seen;
    Buffer anew, event_bytes;
    void *block; /* all arrays above */
    size_t block_size;
} Frame;

Frame *frame_new(void);
void frame_free(Frame *frame);
/* Take a view apart, into a frame that may have been another's. */
int frame_fill(Frame *frame, PyObject *view, bool is_foggy);
void frame_forget(Frame *frame);
/* Who stands on the tile on which he stood before looks out of the same window. */
void frame_inherit(Frame *frame, const Frame *before);
/* The row of `seen` for a slot, -1 for a spectator; NULL with an error. A slot without
 * a body sees nothing. */
const uint8_t *frame_cut(Frame *frame, int slot, bool *sees_all);
/* happenings.c */
int frame_learn_happenings(Frame *frame);
/* Whether a slot sees a tile; the tile of a place, in units. */
bool frame_sees_tile(const Frame *frame, int slot, Tile tile);
Tile tile_at(int64_t x, int64_t y);
const Run *frame_body_anew(Frame *frame, int slot);
const Run *frame_shot_anew(Frame *frame, int index);
/* Where the pads begin in a row of `seen`. */
static inline int frame_pads_at(const Frame *frame)
{
    return frame->slots + frame->shots;
}
static inline const uint8_t *frame_everything(const Frame *frame)
{
    return frame->seen + frame->row * (size_t)frame->slots;
}
static inline const uint8_t *frame_nothing(const Frame *frame)
{
    return frame->seen + frame->row * (size_t)(frame->slots + 1);
}

/* `[key, mask, difference, …]` into a buffer; -1 with an error. */
int put_difference(Buffer *buffer, int64_t key, const int64_t *now, const int64_t *expected, int fields, Run *run);

#endif
