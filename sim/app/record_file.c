/*
 * Files of records that are never cut in two.
 */
#include "record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"

bool record_file_open(struct record_file *output, const char *file)
{
    *output = (struct record_file){.file = file, .fd = -1};
    if (file == NULL)
        return true;
    if (strcmp(file, "-") == 0)
        output->fd = STDOUT_FILENO;
    else
        output->fd = open(
            file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (output->fd >= 0)
        return true;
    command_complain("%s cannot be written: %s", file, strerror(errno));
    return false;
}

/* How much of it got there; errno is set when that is not all. */
static size_t write_most(int fd, struct ls_str bytes)
{
    size_t written = 0;

    while (written < bytes.length) {
        ssize_t count = write(fd, bytes.at + written, bytes.length - written);

        if (count < 0 && errno != EINTR)
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
