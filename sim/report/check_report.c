/*
 * The object of what was found in files.
 */
#include "lyncsim/check_report.h"

#include <stdlib.h>

#include <jansson.h>

#include "lyncsim/alloc.h"

#include "fault_json.h"
#include "json_text.h"

struct check_report {
    json_t *files;
};

struct check_report *check_report_new(void)
{
    struct check_report *report = ls_alloc(sizeof *report);

    report->files = json_array();
    return report;
}

void check_report_free(struct check_report *report)
{
    if (report == NULL)
        return;
    json_decref(report->files);
    free(report);
}

/* The object of a file is borrowed. */
static json_t *add_file(struct check_report *report, const char *file,
                        const char *kind, const char *outcome, const char *why)
{
    json_t *json = json_object();

    json_object_set_new(json, "file", json_text_or_null(file));
    json_object_set_new(json, "kind", json_text_or_null(kind));
    json_object_set_new(json, "outcome", json_text_or_null(outcome));
    json_object_set_new(json, "why", json_text_or_null(why));
    json_array_append_new(report->files, json);
    return json;
}

void check_report_add(struct check_report *report, const char *kind,
                      const struct ls_diags *diags)
{
    json_t *json = add_file(report, diags->file, kind,
                            diags->count == 0 ? "well-formed" : "faulty", NULL);

    json_object_set_new(json, "faults", fault_json_from(diags));
    json_object_set_new(json, "more", json_integer((json_int_t)diags->more));
}

void check_report_add_unread(struct check_report *report, const char *file,
                             const char *why)
{
    json_t *json = add_file(report, file, NULL, "unreadable", why);

    json_object_set_new(json, "faults", json_array());
    json_object_set_new(json, "more", json_integer(0));
}

void check_report_print_json(const struct check_report *report,
                             struct ls_buf *out)
{
    json_t *json = json_object();

    json_object_set_new(json, "version", json_integer(1));
    json_object_set(json, "files", report->files);
    json_text_print(json, out);
}
