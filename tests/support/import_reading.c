#include "support/import_reading.h"

#include <assert.h>

#include "lyncsim/topology_load.h"

static void read_back(struct ls_str text)
{
    struct ls_diags diags;
    struct topology *topology;

    ls_diags_init(&diags, "FILE", text);
    topology = topology_load(&diags, ls_str_from(""), NULL);
    assert(topology || text.length > 1024 * 1024);
    topology_free(topology);
    ls_diags_clear(&diags);
}

int import_reading(const uint8_t *data, size_t size, enum topology_export kind)
{
    struct ls_str bytes = ls_str_from_bytes((const char *)data, size);
    struct topology_import *import;
    struct ls_diags diags;
    struct ls_buf out = {0};

    if (kind != EXPORT_NONE && topology_export_recognise(bytes) != kind)
        return -1;
    import = topology_import_new();
    ls_diags_init(&diags, "FILE", bytes);
    if (topology_import_read(import, &diags)) {
        struct topology *topology = topology_import_finish(import);

        topology_import_print(import, topology, &out);
        read_back(ls_buf_str(&out));
        topology_free(topology);
    }
    ls_diags_print(&diags, &out);
    ls_buf_clear(&out);
    ls_diags_clear(&diags);
    topology_import_free(import);
    return 0;
}
