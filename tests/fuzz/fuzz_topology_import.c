/* Any bytes as an export, and what comes of it read back. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/topology_import.h"
#include "lyncsim/topology_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(struct ls_str text)
{
    struct ls_diags diags;

    ls_diags_init(&diags, "FILE", text);
    struct topology *topology = topology_load(&diags, ls_str_from(""), NULL);
    assert(topology || text.length > 1024 * 1024);
    topology_free(topology);
    ls_diags_clear(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct topology_import *import = topology_import_new();
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "FILE", ls_str_from_bytes(data, size));
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
