/*
 * Keys of certificates that only a laboratory has a use for. They are those
 * of the catalogue, and read as there.
 */
#include "scenario_bind.h"

#define MORE_KEY(field, name)                                                  \
    void scenario_bind_##field(void *target, const struct yaml_node *value,    \
                               struct ls_diags *diags)                         \
    {                                                                          \
        struct scenario_target *all = target;                                  \
                                                                               \
        recipe_bind_one(&all->certificate->more, name, value, diags);          \
    }

MORE_KEY(authority, "authority")
MORE_KEY(path_length, "path-length")
MORE_KEY(permitted, "permitted")
MORE_KEY(san_count, "san-count")
MORE_KEY(subject_bytes, "subject-bytes")
MORE_KEY(depth, "depth")
MORE_KEY(staple, "staple")
MORE_KEY(ocsp_urls, "ocsp-urls")
