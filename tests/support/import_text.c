#include "support/import_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/topology_import.h"
#include "lyncsim/topology_load.h"
#include "lyncsim/topology_yaml.h"

char *import_text(struct ls_str text)
{
    struct topology_import *import = topology_import_new();
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "FILE", text);
    if (topology_import_read(import, &diags)) {
        struct topology *topology = topology_import_finish(import);
        topology_import_print(import, topology, &out);
        topology_free(topology);
    } else {
        ls_diags_print(&diags, &out);
    }
    ls_diags_clear(&diags);
    topology_import_free(import);
    return ls_buf_take(&out);
}

char *import_text_read(const char *name, size_t *length)
{
    char *path = ls_strf("%s/tests/data/%s", LYNCSIM_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    char *text = ls_alloc(65536);

    cr_assert(file, "%s", path);
    *length = fread(text, 1, 65536, file);
    cr_assert_lt(*length, 65536u);
    fclose(file);
    free(path);
    return text;
}

char *import_text_of_file(const char *name)
{
    size_t length;
    char *text = import_text_read(name, &length);
    char *out = import_text(ls_str_from_bytes(text, length));

    free(text);
    return out;
}

char *import_text_utf16(const char *text, bool big)
{
    size_t length = strlen(text);
    char *wide = ls_alloc(2 * length + 3);

    memcpy(wide, big ? "\xFE\xFF" : "\xFF\xFE", 2);
    for (size_t i = 0; i < length; i++)
        wide[2 + 2 * i + (big ? 1 : 0)] = text[i];
    return wide;
}

void import_text_expect(const char *label, const char *text, const char *part)
{
    cr_expect(strstr(text, part), "%s: no \"%s\" in:\n%s", label, part, text);
}

void import_text_expect_round_trip(struct ls_str text)
{
    char *first = import_text(text);
    struct ls_diags diags;
    struct ls_buf second = {0};

    ls_diags_init(&diags, "FILE", ls_str_from(first));
    struct topology *topology = topology_load(&diags, ls_str_from(""), NULL);
    ls_diags_print(&diags, &second);
    cr_assert(topology, "%s\n%s", second.at, first);
    ls_buf_reset(&second);
    topology_yaml_print(topology, &second);
    cr_expect_str_eq(second.at, strstr(first, "topology:\n"));
    topology_free(topology);
    ls_buf_clear(&second);
    ls_diags_clear(&diags);
    free(first);
}
