/*
 * What does a server cost? Starts one as a process of its own and reads what
 * the kernel says of it and all of its children.
 */
#ifndef TESTS_BENCH_SERVER_H
#define TESTS_BENCH_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bench_server {
    pid_t pid;
    uint16_t port;
};

/* A port that nobody listens on. */
uint16_t bench_server_free_port(void);

/* Run argv; it listens on port, or prints "…listening on 127.0.0.1:PORT…"
 * when port is 0. True once it accepts connections. What it prints goes to
 * log. */
bool bench_server_start(struct bench_server *server, char *const *argv,
                        uint16_t port, const char *log);
void bench_server_stop(struct bench_server *server);

/* So long is part of what is measured: how much of its memory it gives back by
 * itself in that time, whom it closes, what it has left to write. */
void bench_server_leave_alone_ms(unsigned ms);

/* CPU time of the process tree so far. */
uint64_t bench_server_cpu_ns(const struct bench_server *server);
/* Its proportional memory. */
size_t bench_server_pss_kib(const struct bench_server *server);

#endif
