/* `game.wire.snapshot.Splice.sight`: the sections of what a seat sees, put together from runs. */
#include "writer.h"

/* A section that is being written: its items go into a buffer, its head is known at the end. */
static inline int add(Buffer *section, int *count, const Buffer *from, const Run *run)
{
    *count += run->count;
    return buffer_put(section, from->data + run->at, run->size);
}

static inline int add_int(Buffer *section, int *count, int64_t value)
{
    if (buffer_reserve(section, CBOR_INT_BYTES_MAX) < 0)
        return -1;
    section->size = (size_t)(cbor_int(section->data + section->size, value) - section->data);
    *count += 1;
    return 0;
}

/* What a seat sees, and saw: rows of `seen`. */
typedef struct {
    const uint8_t *now, *was;
} Cuts;

enum { S_BODIES, S_SHOTS, S_EVENTS, S_GONE, S_HIDDEN, S_PADS, S_UNSEEN };

static int see(Writer *writer, const Splice *splice, Cuts cuts, int *counts)
{
    Frame *now = writer->newest;
    const int both = now->slots < splice->base->slots ? now->slots : splice->base->slots;
    Buffer *section = &writer->section[S_BODIES];
    bool came = now->slots > both;
    for (int slot = 0; slot < both; slot++) {
        if (!cuts.now[slot])
            continue;
        if (!cuts.was[slot])
            came = true;
        else if (splice->bodies[slot].size
                 && add(section, &counts[S_BODIES], &splice->pieces, &splice->bodies[slot]) < 0)
            return -1;
    }
    for (int slot = 0; came && slot < now->slots; slot++) {
        if (!cuts.now[slot] || (slot < both && cuts.was[slot]))
            continue;
        const Run *run = frame_body_anew(now, slot);
        if (run == NULL || add(section, &counts[S_BODIES], &now->anew, run) < 0)
            return -1;
    }
    for (int slot = 0; slot < splice->base->slots; slot++)
        if (cuts.was[slot] && !(slot < now->slots && cuts.now[slot])
            && add_int(&writer->section[S_HIDDEN], &counts[S_HIDDEN], slot) < 0)
            return -1;
    return 0;
}

static int fly(Writer *writer, const Splice *splice, Cuts cuts, int *counts)
{
    Frame *now = writer->newest;
    const Frame *base = splice->base;
    Buffer *section = &writer->section[S_SHOTS];
    for (int index = 0; index < now->shots; index++) {
        if (!cuts.now[now->slots + index])
            continue;
        const int old = splice->shot_was[index];
        if (old < 0 || !cuts.was[base->slots + old]) {
            const Run *run = frame_shot_anew(now, index);
            if (run == NULL || add(section, &counts[S_SHOTS], &now->anew, run) < 0)
                return -1;
        } else if (splice->shots[index].size
                   && add(section, &counts[S_SHOTS], &splice->pieces, &splice->shots[index]) < 0) {
            return -1;
        }
    }
    for (int old = 0; old < base->shots; old++) {
        const int index = splice->shot_is[old];
        if (cuts.was[base->slots + old] && !(index >= 0 && cuts.now[now->slots + index])
            && add_int(&writer->section[S_GONE], &counts[S_GONE], base->shot[old][0]) < 0)
            return -1;
    }
    return 0;
}

/* `Splice._stock`. */
static int stock(Writer *writer, const Splice *splice, Cuts cuts, int *counts)
{
    static const int64_t ZEROS[PAD_FIELDS];
    const Frame *now = writer->newest, *base = splice->base;
    const uint8_t *sees = cuts.now + frame_pads_at(now), *saw = cuts.was + frame_pads_at(base);
    Buffer *section = &writer->section[S_PADS];
    for (int index = 0; index < now->pads; index++) {
        if (!sees[index])
            continue;
        const bool is_old = index < base->pads && saw[index];
        const int64_t *pad = now->pad[index] + 1, *expected = is_old ? base->pad[index] + 1 : ZEROS;
        if (is_old && memcmp(pad, expected, sizeof ZEROS) == 0)
            continue;
        Run run;
        if (put_difference(section, index, pad, expected, PAD_FIELDS, &run) < 0)
            return -1;
        counts[S_PADS] += run.count;
    }
    for (int index = 0; index < base->pads; index++)
        if (saw[index] && !(index < now->pads && sees[index])
            && add_int(&writer->section[S_UNSEEN], &counts[S_UNSEEN], index) < 0)
            return -1;
    return 0;
}

/* `game.fog._lit_part`: a rail from where it comes into sight; -1 with an error, 0 none, 1 written. */
static int put_lit_part(Writer *writer, const Frame *frame, const Happening *rail, int slot, Run *run)
{
    const int64_t x = rail->rail[0], y = rail->rail[1], x2 = rail->rail[2], y2 = rail->rail[3];
    const int64_t far_x = x2 < x ? x - x2 : x2 - x, far_y = y2 < y ? y - y2 : y2 - y;
    const int64_t far = far_x > far_y ? far_x : far_y, length = far ? far : 1;
    for (int64_t away = length / TILE_UNITS * TILE_UNITS; away >= 0; away -= TILE_UNITS) {
        const int64_t way_x = (x2 - x) * away, way_y = (y2 - y) * away;
        const int64_t at_x = x2 - (way_x - (way_x % length + length) % length) / length;
        const int64_t at_y = y2 - (way_y - (way_y % length + length) % length) / length;
        if (!frame_sees_tile(frame, slot, tile_at(at_x, at_y)))
            continue;
        const int64_t fields[] = {rail->kind, rail->slot, at_x, at_y, x2, y2};
        if (buffer_reserve(&writer->variants, 7 * CBOR_INT_BYTES_MAX) < 0)
            return -1;
        uint8_t *start = writer->variants.data + writer->variants.size, *at = cbor_head(start, CBOR_UINT, 6);
        for (int index = 0; index < 6; index++)
            at = cbor_int(at, fields[index]);
        *run = (Run){(uint32_t)writer->variants.size, (uint16_t)(at - start), 7};
        writer->variants.size += run->size;
        return 1;
    }
    return 0;
}

/* Events in the order of a message, the oldest of too many dropped. */
typedef struct {
    const Buffer *from;
    Run run;
} Told;
typedef struct {
    Told ring[EVENTS_MAX];
    int64_t count;
} Tale;

static void tell(Tale *tale, const Buffer *from, const Run *run)
{
    tale->ring[tale->count++ % EVENTS_MAX] = (Told){from, *run};
}

static int tell_frame(Writer *writer, Frame *frame, int slot, Tale *tale)
{
    bool sees_all;
    if (frame_learn_happenings(frame) < 0)
        return -1;
    const uint8_t *row = frame_cut(frame, slot, &sees_all);
    if (row == NULL)
        return -1;
    for (int index = 0; index < frame->events; index++) {
        const Happening *event = &frame->happenings[index];
        const bool is_known = sees_all || event->is_public || (event->actor >= 0 && row[event->actor])
            || frame_sees_tile(frame, slot, event->tile);
        if (is_known) {
            tell(tale, &frame->event_bytes, &event->run);
        } else if (event->attacker >= 0 && event->attacker == slot) {
            tell(tale, &frame->event_bytes, &event->placeless);
        } else if (event->kind == RAIL) {
            Run run;
            const int written = put_lit_part(writer, frame, event, slot, &run);
            if (written < 0)
                return -1;
            if (written)
                tell(tale, &writer->variants, &run);
        }
    }
    return 0;
}

static int tell_all(Writer *writer, const Splice *splice, int slot, int *counts)
{
    Tale tale;
    tale.count = 0;
    writer->variants.size = 0;
    if (splice->is_full) {
        if (tell_frame(writer, writer->newest, slot, &tale) < 0)
            return -1;
    } else if (splice->first_happened >= 0) {
        for (int index = splice->first_happened; index < writer->count; index++)
            if (writer->history[index]->events && tell_frame(writer, writer->history[index], slot, &tale) < 0)
                return -1;
    }
    Buffer *section = &writer->section[S_EVENTS];
    const int64_t first = tale.count > EVENTS_MAX ? tale.count - EVENTS_MAX : 0;
    for (int64_t index = first; index < tale.count; index++) {
        const Told *told = &tale.ring[index % EVENTS_MAX];
        if (add(section, &counts[S_EVENTS], told->from, &told->run) < 0)
            return -1;
    }
    return 0;
}

/* The array of sections, those at the end that are empty left out. */
static int put_sections(Writer *writer, const int *counts)
{
    Buffer *message = &writer->message;
    int last = SECTIONS;
    while (last && !counts[last - 1])
        last--;
    if (buffer_reserve(message, (SECTIONS + 1) * CBOR_INT_BYTES_MAX) < 0)
        return -1;
    message->size = (size_t)(cbor_head(message->data + message->size, CBOR_ARRAY, (uint64_t)last) - message->data);
    for (int index = 0; index < last; index++) {
        if (buffer_reserve(message, CBOR_INT_BYTES_MAX) < 0)
            return -1;
        uint8_t *at = cbor_head(message->data + message->size, CBOR_ARRAY, (uint64_t)counts[index]);
        message->size = (size_t)(at - message->data);
        if (buffer_put(message, writer->section[index].data, writer->section[index].size) < 0)
            return -1;
    }
    return 0;
}

int put_sight(Writer *writer, Splice *splice, int slot)
{
    bool sees_all, saw_all;
    Cuts cuts = {.now = frame_cut(writer->newest, slot, &sees_all)};
    if (cuts.now == NULL || (cuts.was = frame_cut(splice->base, slot, &saw_all)) == NULL)
        return -1;
    Buffer *message = &writer->message;
    const bool is_open = sees_all && saw_all;
    if (is_open && splice->open_sight != NULL)
        return buffer_put(message, PyBytes_AS_STRING(splice->open_sight), (size_t)PyBytes_GET_SIZE(splice->open_sight));
    int counts[SECTIONS] = {0};
    for (int index = 0; index < SECTIONS; index++)
        writer->section[index].size = 0;
    const size_t start = message->size;
    if (see(writer, splice, cuts, counts) < 0 || fly(writer, splice, cuts, counts) < 0
        || stock(writer, splice, cuts, counts) < 0 || tell_all(writer, splice, slot, counts) < 0
        || put_sections(writer, counts) < 0)
        return -1;
    if (is_open) {
        splice->open_sight = PyBytes_FromStringAndSize((char *)message->data + start, (Py_ssize_t)(message->size - start));
        return splice->open_sight == NULL ? -1 : 0;
    }
    return 0;
}
