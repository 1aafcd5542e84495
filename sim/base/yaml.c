/*
 * From text to tree, in as many passes as there are faults worth telling.
 */
#include "lyncsim/yaml.h"

#include "yaml_block.h"
#include "yaml_events.h"
#include "yaml_remainder.h"
#include "yaml_source.h"
#include "yaml_tree.h"

/* A file with more slips of syntax is told them in portions. */
#define YAML_PASSES_MAX 20

/* Read, repair and read again, so that one slip does not hide the others. What
 * the events show counts in the last pass only, which goes furthest. */
static struct yaml_pass read_text(struct ls_diags *diags, struct ls_buf *text)
{
    struct yaml_pass pass = {0};
    struct ls_diags seen = {0};
    bool again = true;

    for (unsigned i = 0; again && i < YAML_PASSES_MAX; i++) {
        yaml_document_free(pass.document);
        ls_diags_clear(&seen);
        again = yaml_events_read(text, &seen, diags, &pass);
    }
    for (size_t i = 0; i < seen.count; i++)
        ls_diags_add(diags, seen.items[i].place, seen.items[i].hint, "%s",
                     seen.items[i].sentence);
    diags->more += seen.more;
    ls_diags_clear(&seen);
    return pass;
}

/* A block that is not indented leaves a text behind, not an empty key. */
static bool take_out(struct ls_buf *text, unsigned line,
                     struct ls_buf *sections)
{
    struct yaml_block block;

    if (!yaml_block_find_shallow(ls_buf_str(text), line, &block))
        return yaml_remainder_cut(text, line, sections);
    yaml_block_repair(&block, text);
    return true;
}

/* Take out what has faults until the rest has none; syntax are those that are
 * known. What the rest shows has been told, or will be when it is mended. */
static struct yaml_document *read_rest(const struct ls_diags *syntax,
                                       struct ls_buf *text,
                                       struct ls_buf *sections)
{
    struct yaml_document *document = NULL;
    struct ls_diags found = {0};
    bool moved = true;

    for (size_t i = 0; i < syntax->count; i++)
        moved = take_out(text, syntax->items[i].place.line, sections) || i > 0;
    for (unsigned i = 0; moved && i < YAML_PASSES_MAX; i++) {
        struct ls_diags seen = {0};
        struct yaml_pass pass;

        ls_diags_clear(&found);
        yaml_events_read(text, &seen, &found, &pass);
        if (found.count == 0 && pass.document->root &&
            seen.count + seen.more == pass.slips)
            document = pass.document;
        else
            yaml_document_free(pass.document);
        moved = found.count > 0 &&
                yaml_remainder_cut(text, found.items[0].place.line, sections);
        ls_diags_clear(&seen);
    }
    ls_diags_clear(&found);
    return document;
}

struct yaml_document *yaml_document_parse_rest(struct ls_diags *diags,
                                               bool *is_cut,
                                               struct ls_buf *sections)
{
    struct ls_buf text = {0}, original = {0};
    struct ls_diags own = {0};
    size_t first = diags->count;
    size_t faults_before = ls_diags_fault_count(diags);
    struct yaml_document *document = NULL;

    *is_cut = false;
    if (yaml_source_clean(diags, &text)) {
        struct yaml_pass pass;

        ls_buf_add(&original, ls_buf_str(&text));
        pass = read_text(diags, &text);
        if (!pass.document->root &&
            ls_diags_fault_count(diags) == faults_before)
            ls_diags_add(diags, (struct ls_place){0}, NULL,
                         "the file is empty");
        if (ls_diags_fault_count(diags) == faults_before + pass.slips) {
            document = pass.document;
            pass.document = NULL;
        } else if (sections != NULL) {
            own.items = diags->items + first;
            own.count = diags->count - first;
            document = read_rest(&own, &original, sections);
            *is_cut = true;
        }
        yaml_document_free(pass.document);
    }
    ls_buf_clear(&original);
    ls_buf_clear(&text);
    return document;
}

struct yaml_document *yaml_document_parse(struct ls_diags *diags)
{
    bool is_cut;

    return yaml_document_parse_rest(diags, &is_cut, NULL);
}
