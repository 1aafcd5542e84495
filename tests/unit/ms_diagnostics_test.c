#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/ms_diagnostics.h"

Test(ms_diagnostics, says_of_each_id_what_it_means_and_where_that_stands)
{
    const struct ms_diagnostic *diagnostic;
    unsigned before = 0;

    for (size_t i = 0; (diagnostic = ms_diagnostic_at(i)); i++) {
        cr_expect_gt(diagnostic->id, before, "sorted, each once");
        before = diagnostic->id;
        cr_expect_eq(ms_diagnostic_find(diagnostic->id), diagnostic);
        cr_expect_geq(diagnostic->status, 400, "%u", diagnostic->id);
        cr_expect(diagnostic->source && *diagnostic->source, "%u",
                  diagnostic->id);
        for (int v = LYNC_2010; v <= SFB_2019; v++)
            cr_expect(ms_diagnostic_reason(diagnostic, (enum product_version)v),
                      "%u", diagnostic->id);
    }
}

Test(ms_diagnostics, words_it_as_the_version_does)
{
    const struct ms_diagnostic *diagnostic = ms_diagnostic_find(1009);

    cr_expect_str_eq(ms_diagnostic_reason(diagnostic, LYNC_2010),
                     "Conflicting SRV and host domains in DNS.");
    cr_expect_str_eq(ms_diagnostic_reason(diagnostic, SFB_2015),
                     "No match for domain in DNS SRV results");
    diagnostic = ms_diagnostic_find(1005);
    cr_expect_str_eq(ms_diagnostic_reason(diagnostic, SFB_2015),
                     "Cannot route to destination domain.");
    diagnostic = ms_diagnostic_find(4141);
    cr_expect_str_eq(ms_diagnostic_reason(diagnostic, LYNC_2010),
                     "User disabled");
}

Test(ms_diagnostics, knows_no_id_nobody_saw)
{
    cr_expect_null(ms_diagnostic_find(0));
    cr_expect_null(ms_diagnostic_find(1015));
    cr_expect_null(ms_diagnostic_at(1000));
}
