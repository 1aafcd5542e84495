/*
 * Any bytes as a scenario file: read or refused with a place, never a crash.
 */
#include "lyncsim/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ls_diags diags;
    struct ls_buf out = {0};
    struct scenario *scenario;

    ls_diags_init(&diags, "fuzz.yaml", ls_str_from_bytes(data, size));
    scenario = scenario_parse(&diags);
    if ((scenario == NULL) == (diags.count == 0))
        __builtin_trap();
    ls_diags_print(&diags, &out);
    scenario_free(scenario);
    ls_buf_clear(&out);
    ls_diags_clear(&diags);
    return 0;
}
