// What the contenders' messages look like: an input to each, and which of theirs are snapshots.
//
// Owns the bytes within frames. Must not know connections.

#ifndef KINDS_H
#define KINDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct step {
    uint16_t buttons, aim;
};

struct player {
    int link; // -1: lost
    uint32_t walk, step;
    uint32_t tick, first_tick, sent_tick; // Skirmish: the server's, the next input's, the last input's
    struct step sent;                     // the last input
    uint16_t number;                      // Colyseus: of the last input
    uint8_t *held;                        // the beginning of a frame that is not whole yet
    size_t held_bytes;
    uint64_t heard_ns;  // the last snapshot
    uint64_t snapshots; // since the last report
};

struct kind {
    const char *name;
    size_t (*input)(struct player *, struct step, uint8_t *payload);
    int (*is_snapshot)(struct player *, const uint8_t *payload, size_t bytes);
};

static uint8_t *put_big_endian(uint8_t *out, uint64_t value, int bytes) {
    while (bytes--)
        *out++ = value >> 8 * bytes;
    return out;
}

static uint8_t *put_little_endian(uint8_t *out, unsigned value) {
    *out++ = value;
    *out++ = value >> 8;
    return out;
}

// CBOR's unsigned integers (RFC 8949 section 3.1), up to 32 bits.

static uint8_t *put_integer(uint8_t *out, uint32_t value) {
    if (value < 24)
        return put_big_endian(out, value, 1);
    int bytes = value < 1 << 8 ? 1 : value < 1 << 16 ? 2 : 4;
    *out++ = bytes == 1 ? 0x18 : bytes == 2 ? 0x19 : 0x1A;
    return put_big_endian(out, value, bytes);
}

static uint32_t integer_at(const uint8_t *at) {
    if (*at < 24)
        return *at;
    uint32_t value = 0;
    for (int i = 1; i <= 1 << (*at - 0x18); i++)
        value = value << 8 | at[i];
    return value;
}

// Skirmish: two ticks' worth of the walk, labelled with the tick that it is meant for, and the two of the message before
// if they are the ticks before.

enum { TICKS_PER_INPUT = 2, LEAD_TICKS = 4, LEAD_SLACK_TICKS = 3, VIEW_LAG = 64, FULL = 65, SNAPSHOT = 66 };

static uint8_t *put_step(uint8_t *out, struct step step) {
    for (int i = 0; i < TICKS_PER_INPUT; i++)
        out = put_big_endian(put_big_endian(out, step.buttons, 2), step.aim, 2);
    return out;
}

static size_t skirmish_input(struct player *player, struct step step, uint8_t *payload) {
    uint32_t wanted = player->tick + LEAD_TICKS;
    player->first_tick += TICKS_PER_INPUT;
    if (abs((int)(player->first_tick - wanted)) > LEAD_SLACK_TICKS)
        player->first_tick = wanted;
    int follows = player->sent_tick && player->first_tick == player->sent_tick + TICKS_PER_INPUT;
    uint8_t *out = payload;
    *out++ = 0x84; // four fields: `input`, tick, lag, steps
    *out++ = 2;
    out = put_integer(out, follows ? player->sent_tick : player->first_tick);
    out = put_integer(out, VIEW_LAG);
    *out++ = 0x40 + (follows ? 16 : 8); // so many bytes
    if (follows)
        out = put_step(out, player->sent);
    out = put_step(out, step);
    player->sent_tick = player->first_tick;
    player->sent = step;
    return out - payload;
}

// `[66, ticks since the last, …]` or `[65, tick, …]`: the server's tick is followed.
static int skirmish_is_snapshot(struct player *player, const uint8_t *payload, size_t bytes) {
    if (bytes < 8 || payload[1] != 0x18 || (payload[2] != FULL && payload[2] != SNAPSHOT))
        return 0;
    uint32_t number = integer_at(payload + 3);
    player->tick = payload[2] == FULL ? number : player->tick + number;
    return 1;
}

// Colyseus: a number, buttons and aim, as server.mjs reads them.

static size_t colyseus_input(struct player *player, struct step step, uint8_t *payload) {
    static const uint8_t head[] = {17, 0xA5, 'i', 'n', 'p', 'u', 't'}; // ROOM_DATA_BYTES, and the message's type
    memcpy(payload, head, sizeof head);
    uint8_t *out = put_little_endian(payload + sizeof head, ++player->number);
    return put_little_endian(put_little_endian(out, step.buttons), step.aim) - payload;
}

static int colyseus_is_snapshot(struct player *player, const uint8_t *payload, size_t bytes) {
    (void)player;
    return bytes && payload[0] == 15; // ROOM_STATE_PATCH
}

// The floor: something of an input's size.

static size_t floor_input(struct player *player, struct step step, uint8_t *payload) {
    (void)player;
    memset(payload, 0, 12);
    put_little_endian(put_little_endian(payload, step.buttons), step.aim);
    return 12;
}

static int floor_is_snapshot(struct player *player, const uint8_t *payload, size_t bytes) {
    (void)player, (void)payload, (void)bytes;
    return 1;
}

static const struct kind kinds[] = {
    {"skirmish", skirmish_input, skirmish_is_snapshot},
    {"colyseus", colyseus_input, colyseus_is_snapshot},
    {"floor", floor_input, floor_is_snapshot},
};

#endif
