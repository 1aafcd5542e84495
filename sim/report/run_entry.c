/*
 * The rows of a run.
 */
#include "lyncsim/run_entry.h"

#include "lyncsim/alloc.h"

const char *run_outcome_text(enum run_outcome outcome)
{
    static const char *const texts[RUN_COUNT] = {
        [RUN_PASSED] = "passed",
        [RUN_FAILED] = "failed",
        [RUN_ERROR] = "error",
        [RUN_SKIPPED] = "skipped",
    };

    return texts[outcome];
}

struct run_entry run_entry_from_result(const struct scenario_result *result)
{
    return (struct run_entry){
        .file = result->scenario->file,
        .scenario = result->scenario,
        .result = result,
    };
}

enum run_outcome run_entry_outcome(const struct run_entry *entry)
{
    if (entry->result == NULL)
        return entry->scenario != NULL ? RUN_SKIPPED : RUN_ERROR;
    switch (entry->result->outcome) {
    case PLAY_PASSED:
        return RUN_PASSED;
    case PLAY_FAILED:
        return RUN_FAILED;
    case PLAY_ERROR:
        break;
    }
    return RUN_ERROR;
}

const char *run_entry_title(const struct run_entry *entry)
{
    return entry->scenario != NULL ? entry->scenario->title : entry->file;
}

char *run_entry_why(const struct run_entry *entry)
{
    size_t count =
        entry->faults != NULL ? ls_diags_fault_count(entry->faults) : 0;

    if (entry->result != NULL)
        return entry->result->error != NULL ? ls_strdup(entry->result->error)
                                            : NULL;
    if (entry->scenario != NULL)
        return ls_strdup(entry->unplayed != NULL ? entry->unplayed
                                                 : "It was not played.");
    if (entry->unread != NULL)
        return ls_strdup(entry->unread);
    return ls_strf("The file has %zu fault%s.", count, count == 1 ? "" : "s");
}

char *run_entry_faults(const struct run_entry *entry)
{
    struct ls_buf text = {0};

    if (entry->scenario != NULL || entry->faults == NULL)
        return NULL;
    ls_diags_print(entry->faults, &text);
    return ls_buf_take(&text);
}

void run_report_count(const struct run_report *report, size_t counts[RUN_COUNT])
{
    for (size_t i = 0; i < RUN_COUNT; i++)
        counts[i] = 0;
    for (size_t i = 0; i < report->count; i++)
        counts[run_entry_outcome(&report->entries[i])]++;
}
