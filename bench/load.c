// The load: plays connections that bench/swarm.py has opened and brought into their matches.
//
// Sends each player's inputs at 30 Hz, spread evenly over all, reads what comes, answers pings and counts. It knows no
// randomness: the walks are steps that Python wrote. The bytes are those of the contenders' `Player`s in Python, and
// tests/bench/test_swarm.py holds both together; what that calls is not static.
//
//   load KIND CONTROL WALKS STEPS
//
// KIND: one of bench/kinds.h. CONTROL: the descriptor of a SEQPACKET socket, over which come players (`struct
// arrival`, then bytes that were read too early, with the connection's descriptor beside them) and, as one byte,
// questions, which are answered with `struct report`. The end of it is the end of the load. WALKS: the descriptor of a
// file of walks, each STEPS long, of `struct step`s.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kinds.h"

enum { PLAYERS_MAX = 16384, BUFFER_BYTES = 1 << 20, EARLY_BYTES_MAX = 1 << 17, EVENTS_MAX = 1024 };
enum { INPUTS_PER_SECOND = 30, PAYLOAD_BYTES_MAX = 125, HEAD_BYTES = 6, GAPS = 1000 };
// First bytes of frames, the final bit and the opcode together (RFC 6455 section 5.2).
enum { BINARY_FINAL = 0x82, CLOSE_FINAL = 0x88, PING_FINAL = 0x89, PONG_FINAL = 0x8A };

static const uint64_t SECOND_NS = 1000000000, LATE_NS = 5000000, BEHIND_NS_MAX = 200000000;
// It looks for snapshots this often and never waits for one: a process that waits is woken by the server's send, in the
// server's own time, which no client on another machine would cost it.
static const uint64_t READ_EVERY_NS = 2000000;
// Inputs leave at most this late: a sleep for each of them would cost more than sending it.
static const uint64_t TURN_NS = 200000;

struct arrival {
    uint32_t walk, step, tick; // which walk, where it begins, and the tick that the server has told
};

// All counts but `players` and `lost` begin anew after each report.
struct report {
    uint64_t players, lost;       // who are in play, and who were lost since the start
    uint64_t sent, unsent, late;  // inputs; unsent: the connection took no more; late: by more than LATE_NS, the load's
                                  // own fault
    uint64_t snapshots, bytes;    // that came, with the heads of frames
    uint64_t least;               // snapshots of the player who got the fewest
    uint64_t gaps[GAPS];          // between a player's snapshots, by whole milliseconds; the last: this long or longer
};

static struct player players[PLAYERS_MAX];
static size_t player_count = 0;
struct report counted;
static const struct kind *kind;
static const struct step *walks;
static size_t steps_per_walk;
static int poller;

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND_NS + now.tv_nsec;
}

// Connections.

static void lose(struct player *player) {
    if (player->link < 0)
        return;
    close(player->link); // which takes it from the poller
    player->link = -1;
    counted.lost++;
}

// Sends one masked frame; tells whether the connection took it.
static int send_frame(struct player *player, int first, const uint8_t *payload, size_t bytes) {
    static uint32_t mask = 2463534242;
    uint8_t frame[HEAD_BYTES + PAYLOAD_BYTES_MAX] = {first, 0x80 | bytes};
    mask ^= mask << 13, mask ^= mask >> 17, mask ^= mask << 5; // Marsaglia's xorshift
    memcpy(frame + 2, &mask, 4);
    for (size_t i = 0; i < bytes; i++)
        frame[HEAD_BYTES + i] = payload[i] ^ frame[2 + i % 4];
    if (send(player->link, frame, HEAD_BYTES + bytes, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return 1;
    if (errno != EAGAIN)
        lose(player);
    return 0;
}

size_t next_input(struct player *player, uint8_t *payload) {
    struct step step = walks[player->walk * steps_per_walk + player->step];
    player->step = (player->step + 1) % steps_per_walk;
    return kind->input(player, step, payload);
}

static void send_input(struct player *player, uint64_t late_ns) {
    if (player->link < 0)
        return;
    uint8_t payload[PAYLOAD_BYTES_MAX];
    if (send_frame(player, BINARY_FINAL, payload, next_input(player, payload)))
        counted.sent++;
    else
        counted.unsent++;
    counted.late += late_ns > LATE_NS;
}

static void count_snapshot(struct player *player, size_t frame_bytes, uint64_t at_ns) {
    if (player->heard_ns) {
        uint64_t gap_ms = (at_ns - player->heard_ns) / 1000000;
        counted.gaps[gap_ms < GAPS ? gap_ms : GAPS - 1]++;
    }
    player->heard_ns = at_ns;
    player->snapshots++;
    counted.snapshots++;
    counted.bytes += frame_bytes;
}

static void take_frame(struct player *player, const uint8_t *frame, size_t head, size_t bytes) {
    const uint8_t *payload = frame + head;
    if (frame[0] == BINARY_FINAL) {
        if (kind->is_snapshot(player, payload, bytes))
            count_snapshot(player, head + bytes, now_ns());
    } else if (frame[0] == PING_FINAL && bytes <= PAYLOAD_BYTES_MAX) {
        send_frame(player, PONG_FINAL, payload, bytes);
    } else if (frame[0] == CLOSE_FINAL) {
        lose(player);
    }
}

// Takes every frame that is whole; returns the bytes that they had.
static size_t take_frames(struct player *player, const uint8_t *data, size_t have) {
    size_t start = 0;
    while (player->link >= 0 && have - start >= 2) {
        const uint8_t *frame = data + start;
        int more = frame[1] == 126 ? 2 : frame[1] == 127 ? 8 : 0; // bytes of a longer length
        size_t head = 2 + more, bytes = more ? 0 : frame[1];
        if (have - start < head)
            break;
        for (int i = 0; i < more; i++)
            bytes = bytes << 8 | frame[2 + i];
        if (have - start - head < bytes)
            break;
        take_frame(player, frame, head, bytes);
        start += head + bytes;
    }
    return start;
}

// What arrived lies behind what is held in `data`, `have` bytes in all.
static void receive(struct player *player, const uint8_t *data, size_t have) {
    size_t taken = take_frames(player, data, have);
    player->held_bytes = have - taken;
    if (player->held_bytes) {
        player->held = realloc(player->held, player->held_bytes);
        memcpy(player->held, data + taken, player->held_bytes);
    }
}

void read_from(struct player *player) {
    static uint8_t data[BUFFER_BYTES];
    if (player->link < 0)
        return;
    memcpy(data, player->held, player->held_bytes);
    ssize_t came = recv(player->link, data + player->held_bytes, BUFFER_BYTES - player->held_bytes, MSG_DONTWAIT);
    if (came > 0)
        receive(player, data, player->held_bytes + came);
    else if (came == 0 || errno != EAGAIN)
        lose(player); // also one whose frame does not end within the buffer
}

static void read_all(void) {
    static struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(poller, events, EVENTS_MAX, 0);
    for (int i = 0; i < count; i++)
        read_from(events[i].data.ptr);
}

// The conversation with Python.

struct player *add_player(int link, const struct arrival *arrival) {
    struct player *player = &players[player_count++];
    *player = (struct player){.link = link, .walk = arrival->walk, .step = arrival->step, .tick = arrival->tick};
    player->first_tick = arrival->tick + LEAD_TICKS;
    return player;
}

static void answer(int control) {
    counted.players = counted.least = 0;
    for (size_t i = 0; i < player_count; i++) {
        struct player *player = &players[i];
        if (player->link >= 0 && (!counted.players++ || player->snapshots < counted.least))
            counted.least = player->snapshots;
        player->snapshots = 0;
    }
    send(control, &counted, sizeof counted, MSG_NOSIGNAL);
    counted = (struct report){.lost = counted.lost};
}

// Does what has been asked; 0 when nobody will ask any more.
static int obey(int control) {
    static uint8_t data[EARLY_BYTES_MAX];
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(int))];
    } beside;
    for (;;) {
        struct iovec whole = {data, sizeof data};
        struct msghdr message = {
            .msg_iov = &whole, .msg_iovlen = 1, .msg_control = &beside, .msg_controllen = sizeof beside};
        ssize_t bytes = recvmsg(control, &message, MSG_DONTWAIT);
        if (bytes < 0 && errno == EAGAIN)
            return 1;
        if (bytes <= 0)
            return 0;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        if (!head) {
            answer(control);
            continue;
        }
        if (player_count == PLAYERS_MAX)
            return 0;
        struct arrival arrival;
        int link;
        memcpy(&arrival, data, sizeof arrival);
        memcpy(&link, CMSG_DATA(head), sizeof link);
        struct player *player = add_player(link, &arrival);
        struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = player};
        epoll_ctl(poller, EPOLL_CTL_ADD, link, &wanted);
        receive(player, data + sizeof arrival, bytes - sizeof arrival);
    }
}

static void sleep_until(uint64_t then_ns) {
    struct timespec then = {then_ns / SECOND_NS, then_ns % SECOND_NS};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, 0);
}

static void play(int control) {
    uint64_t due_ns = now_ns(), read_ns = due_ns;
    for (size_t turn = 0;;) {
        uint64_t start_ns = now_ns();
        if (!player_count || start_ns > due_ns + BEHIND_NS_MAX)
            due_ns = start_ns; // what was missed for so long is left out
        while (player_count && due_ns <= start_ns) {
            send_input(&players[turn], now_ns() - due_ns);
            turn = (turn + 1) % player_count;
            due_ns += SECOND_NS / (INPUTS_PER_SECOND * player_count);
        }
        if (read_ns <= start_ns) {
            if (!obey(control))
                return;
            read_all();
            read_ns = start_ns + READ_EVERY_NS;
        }
        sleep_until(read_ns < start_ns + TURN_NS ? read_ns : start_ns + TURN_NS);
    }
}

// Nobody plays yet: the kind of all players, and the walks that they walk; 0 when there is no such kind.
int begin(const char *name, const struct step *steps, size_t per_walk) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(name, kinds[i].name))
            kind = &kinds[i];
    walks = steps;
    steps_per_walk = per_walk;
    player_count = 0;
    counted = (struct report){0};
    return kind != 0;
}

int main(int count, char **words) {
    struct stat file;
    void *steps = MAP_FAILED;
    if (count == 5 && !fstat(atoi(words[3]), &file))
        steps = mmap(0, file.st_size, PROT_READ, MAP_PRIVATE, atoi(words[3]), 0);
    poller = epoll_create1(0);
    if (steps == MAP_FAILED || poller < 0 || !begin(words[1], steps, atoi(words[4]))) {
        fprintf(stderr, "usage: load skirmish|colyseus|floor CONTROL WALKS STEPS\n");
        return 2;
    }
    prctl(PR_SET_TIMERSLACK, 1);
    play(atoi(words[2]));
    return 0;
}
