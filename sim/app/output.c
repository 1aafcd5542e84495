/*
 * Files that are written.
 */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

bool output_open(struct output *output, const char *file)
{
    *output = (struct output){.file = file};
    if (file == NULL)
        return true;
    output->stream = strcmp(file, "-") == 0 ? stdout : fopen(file, "wbe");
    if (output->stream != NULL)
        return true;
    command_complain("%s cannot be written: %s", file, strerror(errno));
    return false;
}

void output_write(struct output *output, struct ls_str text)
{
    if (output->stream != NULL && text.length > 0)
        fwrite(text.at, 1, text.length, output->stream);
}

bool output_close(struct output *output)
{
    FILE *stream = output->stream;
    bool is_stdout = stream == stdout;
    bool failed;

    output->stream = NULL;
    if (stream == NULL || is_stdout)
        return true; /* standard output is looked at when all is over */
    failed = ferror(stream) != 0;
    failed |= fclose(stream) != 0;
    if (failed)
        command_complain("%s cannot be written: %s", output->file,
                         strerror(errno));
    return !failed;
}

bool output_write_all(int descriptor, struct ls_str bytes)
{
    while (bytes.length > 0) {
        ssize_t count = write(descriptor, bytes.at, bytes.length);

        if (count >= 0)
            bytes = ls_str_skip(bytes, (size_t)count);
        else if (errno != EINTR)
            return false;
    }
    return true;
}
