/*
 * Any bytes: the reader ends, and prints its faults without reading beyond the
 * text.
 */
#include "lyncsim/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ls_diags diags;
    struct ls_buf out = {0};

    ls_diags_init(&diags, "fuzz", ls_str_from_bytes(data, size));
    yaml_document_free(yaml_document_parse(&diags));
    ls_diags_print(&diags, &out);
    ls_diags_clear(&diags);
    ls_buf_clear(&out);
    return 0;
}
