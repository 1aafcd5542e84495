#include "lyncsim/errand.h"

#include <stdlib.h>

#include "lyncsim/alloc.h"

struct errand *errand_new(enum errand_kind kind, uint64_t connection_id,
                          const struct sip_caller *caller, struct ls_str bytes)
{
    struct errand *errand = ls_alloc(sizeof *errand);

    errand->kind = kind;
    errand->connection_id = connection_id;
    errand->bytes = ls_str_dup(bytes);
    errand->byte_count = bytes.length;
    if (caller) {
        errand->caller = *caller;
        errand->caller.fqdn = ls_strdup(caller->fqdn);
        errand->caller.address = ls_strdup(caller->address);
        errand->caller.local = ls_strdup(caller->local);
    }
    return errand;
}

void errand_free(struct errand *errand)
{
    if (!errand)
        return;
    free((char *)(uintptr_t)errand->caller.fqdn);
    free((char *)(uintptr_t)errand->caller.address);
    free((char *)(uintptr_t)errand->caller.local);
    free(errand->bytes);
    free(errand);
}
