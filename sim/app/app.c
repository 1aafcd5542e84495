/*
 * The front door: finds the subcommand, reads its options and runs it.
 */
#include "lyncsim/app.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/diag.h"
#include "lyncsim/net_loop.h"

#include "command.h"

/* clang-format off */
const struct command *const commands[] = {
    &run_command,
    &check_command,
    &teach_command,
    &serve_command,
    &connect_command,
    &judge_command,
    &topology_show_command,
    &topology_import_command,
    &topology_diff_command,
    &trace_explain_command,
    &cert_mint_command,
    &cert_show_command,
    &cert_diff_command,
    &cert_faults_command,
    &version_command,
    &help_command,
};
/* clang-format on */
const size_t command_count = LS_COUNT(commands);

void command_print(FILE *stream, struct ls_buf *text)
{
    if (text->length > 0)
        fwrite(text->at, 1, text->length, stream);
    fflush(stream);
    ls_buf_clear(text);
}

void command_complain(const char *format, ...)
{
    struct ls_buf sentence = {0}, shown = {0};
    va_list args;

    fflush(stdout);
    va_start(args, format);
    ls_buf_vprintf(&sentence, format, args);
    va_end(args);
    /* Names of files, which may be a stranger's, are quoted in it. */
    ls_buf_add_sentence(&shown, ls_buf_str(&sentence));
    fprintf(stderr, "lyncsim: %s\n", shown.at ? shown.at : "");
    ls_buf_clear(&sentence);
    ls_buf_clear(&shown);
}

struct net_loop *command_loop(void)
{
    struct net_loop *loop = net_loop_new(NULL, NULL);

    if (loop == NULL)
        command_complain("there are not enough file descriptors to be had");
    return loop;
}

/* A fault of ours, told by assert(), or a library that will not go on: libuv
 * ends so, silently, when the system refuses to watch one more descriptor. */
static void on_abort(int number)
{
    static const char sentence[] =
        "lyncsim: ended by a fault of the program, or of the system under it; "
        "what was written can be read to its last whole record\n";
    ssize_t ignored = write(STDERR_FILENO, sentence, sizeof sentence - 1);

    (void)ignored;
    (void)number;
    _exit(APP_EXIT_INTERNAL);
}

/* Keys are in our memory, and a file of it would outlive them. One byte and not
 * none: at none, the kernel still feeds a program that collects cores. */
static void leave_no_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){1, 1});
}

/* As many connections as the system lets us have. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* How many of the words are the command's name; 0: it is another one. */
static int match_words(const char *name, int count, char **words)
{
    struct ls_str rest = ls_str_from(name);
    struct ls_str word;
    int matched = 0;

    while (ls_str_cut(&rest, ' ', &word)) {
        if (matched == count || !ls_str_equal_text(word, words[matched]))
            return 0;
        matched++;
    }
    return matched;
}

static const struct command *find(int count, char **words, int *used)
{
    for (size_t i = 0; i < command_count; i++) {
        *used = match_words(commands[i]->name, count, words);
        if (*used > 0)
            return commands[i];
    }
    return NULL;
}

/* "cert" alone, or "cert" and a word that is none of its commands. */
static bool is_family(const char *word)
{
    char *prefix = ls_strf("%s ", word);
    bool found = false;

    for (size_t i = 0; i < command_count; i++)
        found |= strncmp(commands[i]->name, prefix, strlen(prefix)) == 0;
    free(prefix);
    return found;
}

static const char *nearest_command(const char *text)
{
    const char **names = ls_alloc_array(command_count, sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < command_count; i++)
        names[i] = commands[i]->name;
    nearest = ls_nearest(ls_str_from(text), names, command_count);
    free(names);
    return nearest;
}

/* The first word of a command of two that was meant by word, or NULL. */
static char *nearest_family(const char *word)
{
    for (size_t i = 0; i < command_count; i++) {
        struct ls_str name = ls_str_from(commands[i]->name);
        size_t blank = ls_str_find(name, ' ');
        char *family = ls_str_dup(ls_str_first(name, blank));
        const char *const names[] = {family};

        if (blank < name.length && ls_nearest(ls_str_from(word), names, 1))
            return family;
        free(family);
    }
    return NULL;
}

static int refuse_command(int count, char **words)
{
    bool of_family = is_family(words[0]);
    char *both = count > 1 ? ls_strf("%s %s", words[0], words[1]) : NULL;
    const char *meant = of_family && both != NULL ? both : words[0];
    const char *nearest = nearest_command(meant);
    char *family = NULL;

    if (nearest == NULL && both != NULL && meant != both) {
        nearest = nearest_command(both);
        meant = nearest != NULL ? both : meant;
    }
    if (nearest == NULL && !of_family)
        nearest = family = nearest_family(words[0]);
    if (nearest != NULL)
        command_complain("there is no command \"%s\"; did you mean \"%s\"?",
                         meant, nearest);
    else if (of_family && count == 1)
        command_complain("\"%s\" needs another word; see lyncsim help %s",
                         meant, meant);
    else
        command_complain("there is no command \"%s\"; see lyncsim help", meant);
    free(family);
    free(both);
    return APP_EXIT_USAGE;
}

static int run_command_line(const struct command *command, int argc,
                            char **argv)
{
    struct options options;
    char *why;
    int code;

    if (!options_parse(&options, command, argc, argv, &why)) {
        command_complain("%s", why);
        free(why);
        code = APP_EXIT_USAGE;
    } else if (options_has(&options, OPTION_HELP)) {
        const char *name[] = {command->name};
        struct options help = {
            .command = &help_command, .arguments = name, .argument_count = 1};

        help.last[OPTION_JSON] = options.last[OPTION_JSON];
        code = help_command.run(&help);
    } else {
        code = command->run(&options);
    }
    options_clear(&options);
    return code;
}

/* A report that did not reach its reader is no success. A reader who went
 * away (| head) knows that himself. */
static int finish(int code)
{
    bool failed = fflush(stdout) != 0 || ferror(stdout);

    if (!failed)
        return code;
    if (errno != EPIPE)
        command_complain("standard output cannot be written: %s",
                         strerror(errno));
    return code == APP_EXIT_OK ? APP_EXIT_UNABLE : code;
}

static const char *const aliases[][2] = {
    {"--help", "help"},
    {"-h", "help"},
    {"--version", "version"},
    {"-V", "version"},
};

/* The number of one that was closed would be that of the first file that is
 * opened: then what is for the terminal would stand in a trace. It stays one
 * that cannot be used: output is to be read from, input to be written to. */
static void fill_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(APP_EXIT_UNABLE);
}

int app_main(int argc, char **argv)
{
    const struct command *command;
    int used;

    fill_standard_streams();
    leave_no_core();
    raise_descriptors();
    signal(SIGABRT, on_abort);
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        command_complain("which command? See lyncsim help");
        return APP_EXIT_USAGE;
    }
    for (size_t i = 0; i < LS_COUNT(aliases); i++)
        if (strcmp(argv[1], aliases[i][0]) == 0)
            return app_main(2, (char *[]){argv[0], (char *)aliases[i][1]});
    command = find(argc - 1, argv + 1, &used);
    if (command == NULL)
        return finish(refuse_command(argc - 1, argv + 1));
    return finish(run_command_line(command, argc - 1 - used, argv + 1 + used));
}
