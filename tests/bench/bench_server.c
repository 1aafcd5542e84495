#include "bench_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START_TRIES 15000
#define PROBE_EVERY_MS 2
#define STOP_MS 6000
#define TREE_MAX 64

/* What is not ready says so by refusing, and by nothing else: strangers are
 * probed, and so is ours, as the time to the first answer is compared. */
static void wait_for_next_probe(void)
{
    nanosleep(&(struct timespec){0, PROBE_EVERY_MS * 1000000}, NULL);
}

static struct sockaddr_in local_address(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

uint16_t bench_server_free_port(void)
{
    struct sockaddr_in address = local_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    close(fd);
    return ntohs(address.sin_port);
}

static bool answers(uint16_t port)
{
    struct sockaddr_in address = local_address(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool is_up = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return is_up;
}

/* What a small file says; "" where there is none. */
static void read_small(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");

    text[file ? fread(text, 1, size - 1, file) : 0] = '\0';
    if (file)
        fclose(file);
}

/* The port in what the server has printed so far, or 0. */
static uint16_t printed_port(const char *log)
{
    static const char words[] = "listening on 127.0.0.1:";
    char text[4096];
    const char *found;

    read_small(log, text, sizeof text);
    found = strstr(text, words);
    return found ? (uint16_t)strtoul(found + sizeof words - 1, NULL, 10) : 0;
}

void bench_server_leave_alone_ms(unsigned ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static bool is_alive(const struct bench_server *server)
{
    return waitpid(server->pid, NULL, WNOHANG) == 0;
}

static void become(char *const *argv, const char *log)
{
    int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    setpgid(0, 0);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

bool bench_server_start(struct bench_server *server, char *const *argv,
                        uint16_t port, const char *log)
{
    unlink(log);
    server->port = port;
    server->pid = fork();
    if (server->pid == 0)
        become(argv, log);
    setpgid(server->pid, server->pid);
    for (int i = 0; i < START_TRIES && is_alive(server); i++) {
        if (server->port == 0)
            server->port = printed_port(log);
        if (server->port != 0 && answers(server->port))
            return true;
        wait_for_next_probe();
    }
    bench_server_stop(server);
    return false;
}

void bench_server_stop(struct bench_server *server)
{
    struct pollfd end = {.events = POLLIN};

    if (server->pid <= 0)
        return;
    end.fd = pidfd_open(server->pid, 0);
    kill(server->pid, SIGTERM);
    if (end.fd >= 0) { /* else it has ended and is known to have */
        poll(&end, 1, STOP_MS);
        close(end.fd);
    }
    kill(-server->pid, SIGKILL); /* and what it has left behind */
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

/* The process and what it has started, itself first. */
static size_t find_tree(pid_t root, pid_t tree[TREE_MAX])
{
    size_t count = 1;

    tree[0] = root;
    for (size_t i = 0; i < count; i++) {
        char path[64], text[1024], *at = text, *end;

        snprintf(path, sizeof path, "/proc/%d/task/%d/children", tree[i],
                 tree[i]);
        read_small(path, text, sizeof text);
        for (long child; count < TREE_MAX && (child = strtol(at, &end, 10)) > 0;
             at = end)
            tree[count++] = (pid_t)child;
    }
    return count;
}

/* Of all its threads, those that have ended among them; 0 when it has gone. */
static uint64_t process_cpu_ns(pid_t pid)
{
    struct timespec spent;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) != 0 ||
        clock_gettime(clock, &spent) != 0)
        return 0;
    return (uint64_t)spent.tv_sec * UINT64_C(1000000000) +
           (uint64_t)spent.tv_nsec;
}

uint64_t bench_server_cpu_ns(const struct bench_server *server)
{
    pid_t tree[TREE_MAX];
    size_t count = find_tree(server->pid, tree);
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += process_cpu_ns(tree[i]);
    return sum;
}

static size_t process_pss_kib(pid_t pid)
{
    static const char words[] = "\nPss:";
    char path[64], text[4096];
    const char *found;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    read_small(path, text, sizeof text);
    found = strstr(text, words);
    return found ? strtoul(found + sizeof words - 1, NULL, 10) : 0;
}

size_t bench_server_pss_kib(const struct bench_server *server)
{
    pid_t tree[TREE_MAX];
    size_t count = find_tree(server->pid, tree);
    size_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += process_pss_kib(tree[i]);
    return sum;
}
