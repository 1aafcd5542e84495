/*
 * The manual page.
 */
#include "help_man.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

#include "command.h"

/* Text between macros: a backslash begins an escape, a dot or a quote at the
 * start of a line a macro, and a hyphen is a dash unless it is told not to be.
 */
static void add_text(struct ls_buf *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || at[-1] == '\n') && (*at == '.' || *at == '\''))
            ls_buf_add_text(out, "\\&");
        if (*at == '\\')
            ls_buf_add_text(out, "\\e");
        else if (*at == '-')
            ls_buf_add_text(out, "\\-");
        else
            ls_buf_add_byte(out, *at);
    }
}

static void add_paragraphs(struct ls_buf *out, const char *text)
{
    struct ls_str rest = ls_str_from(text);
    struct ls_str line;

    while (ls_str_cut(&rest, '\n', &line)) {
        char *copy = ls_str_dup(line);

        if (line.length == 0 && rest.length > 0)
            ls_buf_add_text(out, ".PP");
        add_text(out, copy);
        ls_buf_add_byte(out, '\n');
        free(copy);
    }
}

static void add_commands(struct ls_buf *out)
{
    ls_buf_add_text(out, ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = commands[i];

        ls_buf_printf(out, ".SS lyncsim %s ", command->name);
        add_text(out, command->arguments);
        ls_buf_add_byte(out, '\n');
        add_text(out, command->summary);
        ls_buf_add_byte(out, '\n');
        if (command->details != NULL) {
            ls_buf_add_text(out, ".PP\n");
            add_paragraphs(out, command->details);
        }
    }
}

/* No names when every command takes it. */
static void add_takers(struct ls_buf *out, enum option_id id)
{
    const char *between = ". On: ";
    size_t takers = 0;

    for (size_t i = 0; i < command_count; i++)
        takers += options_are_taken(commands[i], id);
    for (size_t i = 0; i < command_count && takers < command_count; i++)
        if (options_are_taken(commands[i], id)) {
            ls_buf_printf(out, "%s%s", between, commands[i]->name);
            between = ", ";
        }
    ls_buf_add_text(out, ".\n");
}

static void add_options(struct ls_buf *out)
{
    ls_buf_add_text(out, ".SH OPTIONS\nAn option means the same wherever a "
                         "command takes it.\n");
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = options_row((enum option_id)i);

        ls_buf_add_text(out, ".TP\n\\fB");
        if (row->letter != '\0')
            ls_buf_printf(out, "\\-%c\\fR, \\fB", row->letter);
        ls_buf_add_text(out, "\\-\\-");
        add_text(out, row->name);
        ls_buf_add_text(out, "\\fR");
        if (row->value != NULL) {
            ls_buf_add_text(out, " \\fI");
            add_text(out, row->value);
            ls_buf_add_text(out, "\\fR");
        }
        ls_buf_add_byte(out, '\n');
        add_text(out, row->summary);
        add_takers(out, (enum option_id)i);
    }
}

static const char front[] =
    ".TH LYNCSIM 1 \"\" \"lyncsim " LYNCSIM_VERSION "\" \"User Commands\"\n"
    ".SH NAME\n"
    "lyncsim \\- a mock Lync Front End that says why it refuses a server's "
    "certificate\n"
    ".SH SYNOPSIS\n"
    ".B lyncsim\n"
    "\\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
    ".SH DESCRIPTION\n"
    "lyncsim plays a Lync Front End, its peers, their certificates and the "
    "table of trusted servers, and shows who is refused, why, what was meant, "
    "and what to do. It is a test harness and holds no user's data.\n";

static const char back[] =
    ".SH EXIT STATUS\n"
    ".TP\n0\nas expected, accepted\n"
    ".TP\n1\nan expectation failed, refused\n"
    ".TP\n2\nthe command line or an input file is wrong\n"
    ".TP\n3\ncould not run: a port is taken, a file cannot be read, a peer "
    "cannot be reached\n"
    ".TP\n4\nour own fault\n"
    ".SH ENVIRONMENT\n"
    ".TP\nNO_COLOR\nno colour, unless \\fB\\-\\-color=always\\fR\n"
    ".TP\nXDG_STATE_HOME\nwhere serve keeps its lab: "
    "\\fI$XDG_STATE_HOME/lyncsim\\fR\n"
    ".SH SEE ALSO\n"
    "\\fBlyncsim help\\fR \\fICOMMAND\\fR, \\fBlyncsim help scenario\\fR, "
    "\\fBopenssl\\-s_client\\fR(1)\n";

void help_man_print(struct ls_buf *out)
{
    ls_buf_add_text(out, front);
    add_commands(out);
    add_options(out);
    ls_buf_add_text(out, back);
}
