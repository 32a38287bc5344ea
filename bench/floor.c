// The floor: what the kernel alone asks for. No protocol, no game: 30 times a second one recv and one send per client.
// Nothing that speaks over one TCP connection per player can cost less than this.
//
//   floor PORT SNAPSHOT_BYTES

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 16384, SNAPSHOTS_PER_SECOND = 30, BUFFER_BYTES = 65536 };

static int clients[CLIENTS_MAX];
static int client_count = 0;
static char buffer[BUFFER_BYTES];

static int listen_on(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) {
        perror("floor");
        exit(1);
    }
    return listener;
}

// Answers any request with a handshake that the load takes for one.
static void accept_all(int listener) {
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    int one = 1, client;
    while (client_count < CLIENTS_MAX && (client = accept4(listener, 0, 0, 0)) >= 0) {
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (recv(client, buffer, sizeof buffer, 0) > 0 && send(client, answer, sizeof answer - 1, MSG_NOSIGNAL) > 0)
            clients[client_count++] = client;
        else
            close(client);
    }
}

static void wait_for_next_tick(struct timespec *due) {
    due->tv_nsec += 1000000000 / SNAPSHOTS_PER_SECOND;
    if (due->tv_nsec >= 1000000000) {
        due->tv_nsec -= 1000000000;
        due->tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due, 0);
}

int main(int count, char **words) {
    if (count != 3) {
        fprintf(stderr, "usage: floor PORT SNAPSHOT_BYTES\n");
        return 2;
    }
    int listener = listen_on(atoi(words[1])), bytes = atoi(words[2]);
    char frame[BUFFER_BYTES] = {(char)0x82, 126, (char)(bytes >> 8), (char)bytes};
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    puts("ready");
    fflush(stdout);
    for (;;) {
        wait_for_next_tick(&due);
        accept_all(listener);
        for (int i = 0; i < client_count; i++) {
            recv(clients[i], buffer, sizeof buffer, MSG_DONTWAIT);
            send(clients[i], frame, bytes + 4, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
    }
}
