/*
 * A crowd at one port of this machine: so many requests a second, whether or not the last ones were answered, over so many connections.
 * Written in C because on a machine that serves and calls at once the caller must cost less than what it calls.
 *
 *     crowd PORT RATE SECONDS CONNECTIONS ANSWERED < requests
 *
 * Requests are separated by a NUL; in each, the first "############" becomes the number of the call. RATE 0: each connection sends when it was
 * answered. ANSWERED gets the numbers of the calls with 200, one a line. On standard output: what was answered, as JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_lines = 4096, most_kinds = 16, window = 1 << 16, most_times = 4000000 };

struct line { int fd; long number; double sent; char *in; int have; };
struct kind { char *text; size_t length; char *mark; };
struct times { float *all; int count; };

static struct line lines[most_lines];
static struct kind kinds[most_kinds];
static int idle[most_lines], idle_count, kind_count, port;
static long statuses[600], broken, unsent, sent_count, unlike;
static struct times good, refused;
static FILE *answered;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void note(struct times *times, double seconds) {
    if (times->count < most_times) times->all[times->count++] = (float)seconds;
}

static int by_size(const void *a, const void *b) { return *(const float *)a < *(const float *)b ? -1 : 1; }

static double share(struct times *times, double part) {
    return times->count ? times->all[(int)((times->count - 1) * part)] * 1000 : 0;
}

static int dial(int poll, int at) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    lines[at].fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(lines[at].fd, (struct sockaddr *)&there, sizeof there)) return 0;
    setsockopt(lines[at].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u32 = at};
    epoll_ctl(poll, EPOLL_CTL_ADD, lines[at].fd, &event);
    lines[at].number = -1;
    lines[at].have = 0;
    idle[idle_count++] = at;
    return 1;
}

static void again(int poll, int at) {
    close(lines[at].fd);
    if (lines[at].number >= 0) broken++;
    for (int i = 0; i < idle_count; i++)
        if (idle[i] == at) idle[i--] = idle[--idle_count];
    dial(poll, at);
}

static void ask(int poll, long number) {
    struct line *line = &lines[idle[--idle_count]];
    struct kind *kind = &kinds[number % kind_count];
    char digits[16];
    snprintf(digits, sizeof digits, "%012ld", number);
    if (kind->mark) memcpy(kind->mark, digits, 12);
    line->number = number;
    line->sent = now();
    line->have = 0;
    sent_count++;
    if (send(line->fd, kind->text, kind->length, MSG_NOSIGNAL) != (ssize_t)kind->length) again(poll, (int)(line - lines));
}

/* True when the whole answer is there. */
static int take(struct line *line) {
    line->in[line->have] = 0;
    char *end = strstr(line->in, "\r\n\r\n"), *length = strcasestr(line->in, "\r\ncontent-length:");
    if (!end) return 0;
    long body = length && length < end ? atol(length + 17) : 0, missing = end + 4 - line->in + body - line->have;
    if (missing > 0) return 0;
    int status = atoi(line->in + 9);
    double spent = now() - line->sent;
    if (status < 0 || status > 599) status = 0;
    statuses[status]++;
    if (status == 503 || status == 429) {
        note(&refused, spent);
        if (!strcasestr(line->in, "\r\nretry-after:")) unlike++;
    } else {
        note(&good, spent);
        if (status == 200) fprintf(answered, "%ld\n", line->number);
    }
    return 1;
}

int main(int count, char **words) {
    if (count != 6) return 2;
    port = atoi(words[1]);
    double rate = atof(words[2]), seconds = atof(words[3]);
    int connections = atoi(words[4]);
    if (connections > most_lines) return 2;
    answered = fopen(words[5], "we");
    static char input[1 << 20];
    size_t size = fread(input, 1, sizeof input - 1, stdin);
    for (char *text = input; text < input + size && kind_count < most_kinds; text += strlen(text) + 1)
        kinds[kind_count++] = (struct kind){text, strlen(text), strstr(text, "############")};
    good.all = malloc(sizeof(float) * most_times);
    refused.all = malloc(sizeof(float) * most_times);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    for (int at = 0; at < connections; at++) {
        lines[at].in = malloc(window + 1);
        if (!dial(poll, at)) return 1;
    }
    double began = now();
    long number = 0;
    while (now() - began < seconds) {
        long due = rate > 0 ? (long)((now() - began) * rate) : number + idle_count;
        for (; number < due; number++) {
            if (idle_count) ask(poll, number);
            else unsent++;
        }
        struct epoll_event events[512];
        int found = epoll_wait(poll, events, 512, 1);
        for (int i = 0; i < found; i++) {
            int at = (int)events[i].data.u32;
            struct line *line = &lines[at];
            ssize_t got = recv(line->fd, line->in + line->have, window - line->have, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) {
                again(poll, at);
                continue;
            }
            line->have += (int)got;
            if (line->number >= 0 && take(line)) {
                line->number = -1;
                idle[idle_count++] = at;
            }
        }
    }
    double spent = now() - began;
    qsort(good.all, good.count, sizeof(float), by_size);
    qsort(refused.all, refused.count, sizeof(float), by_size);
    printf("{\"seconds\": %.2f, \"sent\": %ld, \"unsent\": %ld, \"broken\": %ld, \"good\": %d, \"good_p99\": %.1f, \"refused\": %d, "
           "\"refused_p99\": %.1f, \"refused_max\": %.1f, \"no_retry_after\": %ld, \"statuses\": {", spent, sent_count, unsent, broken, good.count,
           share(&good, 0.99), refused.count, share(&refused, 0.99), share(&refused, 1), unlike);
    const char *comma = "";
    for (int status = 0; status < 600; status++)
        if (statuses[status]) printf("%s\"%d\": %ld", comma, status, statuses[status]), comma = ", ";
    printf("}}\n");
    return fclose(answered) ? 1 : 0;
}
