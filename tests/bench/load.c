/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks one question again and again over N connections that are kept alive, and counts the answers:
 *     load PORT CONNECTIONS SECONDS REQUESTS PATH ACCEPT COOKIE STATUS [BODIES]
 * Ends after SECONDS or REQUESTS, whichever comes first (0 requests: no limit), not before the first answer.
 * BODIES: a file of urlencoded forms, one a line, posted in turn. Prints {"requests" (answered with STATUS), "busy"
 * (with 503 or 429), "failed" (with another), "seconds", "bytes", "p50_us", "p99_us",
 * "max_us"}. One thread, no allocation while
 * it runs: its own CPU is not to be what is measured. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    HEAD_MAX = 8192,
    CHUNK = 65536,
    SAMPLES = 1 << 20,
    CONNECTIONS_MAX = 512,
    BODIES_MAX = 1024
};

struct connection {
    int fd;
    size_t head_n, line_n;
    bool in_body, chunked, in_chunk, closing, last;
    int64_t left; /* of the body, or of the chunk */
    int64_t started;
    int status;
    char head[HEAD_MAX], line[64];
};

static struct connection connections[CONNECTIONS_MAX];
static uint32_t samples[SAMPLES];
static char *requests[BODIES_MAX];
static size_t request_sizes[BODIES_MAX], requests_n, request_next;
static int64_t done, busy, failed, bytes, limit;
static int port, want;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void ask(struct connection *c)
{
    size_t i = request_next++ % requests_n;
    c->head_n = c->line_n = 0;
    c->in_body = c->chunked = c->in_chunk = c->closing = c->last = false;
    c->left = -1;
    c->started = now_us();
    if (send(c->fd, requests[i], request_sizes[i], MSG_NOSIGNAL) != (ssize_t)request_sizes[i])
        die("send");
}

static void join(int epoll, struct connection *c)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
}

static void read_head(struct connection *c)
{
    const char *length = strcasestr(c->head, "\r\nContent-Length:");
    c->status = atoi(c->head + 9);
    c->chunked = strcasestr(c->head, "\r\nTransfer-Encoding: chunked") != NULL;
    c->closing = strcasestr(c->head, "\r\nConnection: close") != NULL;
    c->left = c->chunked ? 0 : length != NULL ? atoll(length + 17) : 0;
    c->in_body = true;
}

/* One line of the frame of a chunked body: a size, the end of a chunk, or the last line of all. */
static bool chunk_line_ends(struct connection *c)
{
    c->line[c->line_n] = '\0';
    if (c->last)
        return true;
    if (c->line_n > 0) {
        c->left = strtoll(c->line, NULL, 16);
        c->last = c->left == 0;
        c->in_chunk = !c->last;
    }
    c->line_n = 0;
    return false;
}

/* Takes what came; true when the answer is whole. */
static bool take(struct connection *c, const char *data, size_t n)
{
    size_t i = 0;
    while (i < n && !c->in_body) {
        if (c->head_n + 1 >= HEAD_MAX)
            die("a header without end");
        c->head[c->head_n++] = data[i++];
        if (c->head_n >= 4 && memcmp(c->head + c->head_n - 4, "\r\n\r\n", 4) == 0) {
            c->head[c->head_n] = '\0';
            read_head(c);
        }
    }
    if (!c->in_body)
        return false;
    if (!c->chunked) {
        c->left -= (int64_t)(n - i);
        return c->left <= 0;
    }
    while (i < n) {
        if (c->in_chunk) {
            int64_t part = c->left < (int64_t)(n - i) ? c->left : (int64_t)(n - i);
            i += (size_t)part;
            c->left -= part;
            c->in_chunk = c->left > 0;
            continue;
        }
        char byte = data[i++];
        if (byte == '\n' && chunk_line_ends(c))
            return true;
        if (byte != '\n' && byte != '\r' && c->line_n + 1 < sizeof c->line)
            c->line[c->line_n++] = byte;
    }
    return false;
}

static void count(const struct connection *c)
{
    if (done < SAMPLES)
        samples[done] = (uint32_t)(now_us() - c->started);
    done++;
    busy += c->status == 503 || c->status == 429;
    failed += c->status != want && c->status != 503 && c->status != 429;
}

static void serve(int epoll, struct connection *c, bool more)
{
    static char data[CHUNK];
    ssize_t n = recv(c->fd, data, sizeof data, 0);
    if (n < 0)
        die("recv");
    bytes += n;
    bool whole = n > 0 && take(c, data, (size_t)n);
    if (n > 0 && !whole)
        return;
    if (whole)
        count(c);
    if (n == 0 || c->closing) {
        close(c->fd);
        if (more)
            join(epoll, c);
    }
    if (more)
        ask(c);
}

static void make_requests(char **argv, int argc)
{
    char line[4096];
    FILE *f = argc > 9 ? fopen(argv[9], "r") : NULL;
    do {
        if (f != NULL && fgets(line, sizeof line, f) == NULL)
            break;
        line[f != NULL ? strcspn(line, "\n") : 0] = '\0';
        char type[256] = "";
        if (f != NULL)
            snprintf(type, sizeof type,
                     "Content-Type: application/x-www-form-urlencoded\r\n"
                     "Origin: http://localhost\r\nContent-Length: %zu\r\n",
                     strlen(line));
        int n = asprintf(&requests[requests_n],
                         "%s %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n%s%s%s%s\r\n%s",
                         f != NULL ? "POST" : "GET", argv[5], argv[6], argv[7][0] ? "Cookie: " : "",
                         argv[7], argv[7][0] ? "\r\n" : "", type, line);
        request_sizes[requests_n++] = (size_t)n;
    } while (f != NULL && requests_n < BODIES_MAX);
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc < 9) {
        fprintf(
            stderr,
            "usage: load PORT CONNECTIONS SECONDS REQUESTS PATH ACCEPT COOKIE STATUS [BODIES]\n");
        return 64;
    }
    port = atoi(argv[1]);
    int n = atoi(argv[2]), epoll = epoll_create1(0);
    double seconds = atof(argv[3]);
    limit = atoll(argv[4]);
    want = atoi(argv[8]);
    make_requests(argv, argc);
    for (int i = 0; i < n && i < CONNECTIONS_MAX; i++)
        join(epoll, &connections[i]);
    int64_t begin = now_us(), end = begin + (int64_t)(seconds * 1e6);
    for (int i = 0; i < n && i < CONNECTIONS_MAX; i++)
        ask(&connections[i]);
    while ((now_us() < end || done == 0) && (limit == 0 || done < limit)) {
        struct epoll_event events[64];
        int ready = epoll_wait(epoll, events, 64, 100);
        for (int i = 0; i < ready; i++)
            serve(epoll, events[i].data.ptr, true);
    }
    double took = (double)(now_us() - begin) / 1e6;
    size_t kept = done < SAMPLES ? (size_t)done : SAMPLES;
    qsort(samples, kept, sizeof *samples, compare);
    printf(
        "{\"requests\": %lld, \"busy\": %lld, \"failed\": %lld, \"seconds\": %.6f, \"bytes\": %lld,"
        " \"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u}\n",
        (long long)(done - busy - failed), (long long)busy, (long long)failed, took,
        (long long)bytes, kept ? samples[kept / 2] : 0, kept ? samples[kept * 99 / 100] : 0,
        kept ? samples[kept - 1] : 0);
    return 0;
}
