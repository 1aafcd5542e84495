/*
 * Files of records that are never cut in two.
 */
#include "record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

#define OTHERS_BITS (S_IRWXG | S_IRWXO)

/* A pipe without a reader is one that open() waits for. */
static int open_patiently(const char *file, int flags, mode_t mode)
{
    int fd = open(file, flags | O_NONBLOCK, mode);

    if (fd >= 0) {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    } else if (errno == ENXIO) {
        command_complain("%s is a pipe that nobody reads yet: waiting for "
                         "who does",
                         file);
        fd = open(file, flags, mode);
    }
    return fd;
}

static int open_to_append(const struct record_file *output, int flags)
{
    mode_t mode = S_IRUSR | S_IWUSR;
    struct stat info;
    int fd;

    if (!output->is_private)
        mode |= S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;
    fd = open_patiently(
        output->file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, mode);
    if (fd >= 0 && output->is_private && fchmod(fd, mode) != 0 &&
        fstat(fd, &info) == 0 && (info.st_mode & OTHERS_BITS) != 0)
        command_complain("warning: others may be able to read %s",
                         output->file);
    return fd;
}

bool record_file_open(struct record_file *output, const char *file,
                      bool is_private)
{
    *output =
        (struct record_file){.file = file, .fd = -1, .is_private = is_private};
    if (file == NULL)
        return true;
    if (strcmp(file, "-") == 0) {
        output->file = "standard output";
        output->fd = STDOUT_FILENO;
    } else {
        output->fd = open_to_append(output, O_TRUNC);
    }
    if (output->fd < 0)
        command_complain("%s cannot be written: %s", file, strerror(errno));
    return output->fd >= 0;
}

void record_file_renew(struct record_file *output)
{
    struct stat held, named;
    int fd;

    if (output->fd <= STDERR_FILENO || fstat(output->fd, &held) != 0 ||
        !S_ISREG(held.st_mode))
        return;
    if (stat(output->file, &named) == 0 && named.st_dev == held.st_dev &&
        named.st_ino == held.st_ino)
        return;
    fd = open_to_append(output, 0);
    if (fd < 0) {
        command_complain("%s cannot be opened anew: %s; records go on into "
                         "the file that had this name",
                         output->file, strerror(errno));
        return;
    }
    close(output->fd);
    output->fd = fd;
}

/* How much of it got there; errno is set when that is not all. */
static size_t write_most(int fd, struct ls_str bytes)
{
    size_t written = 0;

    while (written < bytes.length) {
        ssize_t count = write(fd, bytes.at + written, bytes.length - written);

        /* Whoever shares a terminal or a pipe may have made it so. */
        if (count < 0 && errno == EAGAIN)
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        else if (count < 0 && errno != EINTR)
            break;
        written += count > 0 ? (size_t)count : 0;
    }
    return written;
}

/* Half of a record is worse than none. */
static void take_back(int fd, size_t written)
{
    struct stat info;
    int ignored;

    if (written == 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) ||
        info.st_size < (off_t)written)
        return;
    ignored = ftruncate(fd, info.st_size - (off_t)written);
    (void)ignored;
    /* Where it was not opened to append, the next goes where this began. */
    lseek(fd, 0, SEEK_END);
}

void record_file_write(struct record_file *output, struct ls_str records)
{
    bool was_failing = output->is_failing;
    size_t written;

    if (output->fd < 0 || records.length == 0)
        return;
    written = write_most(output->fd, records);
    output->is_failing = written < records.length;
    if (output->is_failing && !was_failing)
        command_complain("%s cannot be written: %s; records are missing from "
                         "here on, everything else goes on",
                         output->file, strerror(errno));
    if (was_failing && !output->is_failing)
        command_complain("%s is written again; %" PRIu64
                         " bytes of records are missing so far",
                         output->file, output->lost_bytes);
    if (!output->is_failing)
        return;
    take_back(output->fd, written);
    output->lost_bytes += records.length;
}

bool record_file_close(struct record_file *output)
{
    bool is_stdout = output->fd == STDOUT_FILENO;
    bool failed = output->lost_bytes > 0;

    if (output->fd < 0)
        return true;
    if (!is_stdout && close(output->fd) != 0) {
        command_complain("%s cannot be written: %s", output->file,
                         strerror(errno));
        failed = true;
    } else if (failed) {
        command_complain("%s is not whole: %" PRIu64
                         " bytes of records are missing",
                         output->file, output->lost_bytes);
    }
    output->fd = -1;
    return !failed;
}
