#include <signal.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/err.h"

Test(err, has_a_name_and_a_sentence_for_each)
{
    static const struct {
        enum ls_err err;
        const char *name;
    } rows[] = {
#define X(name, text) {name, #name},
        LS_ERR_LIST(X)
#undef X
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_str_eq(ls_err_name(rows[i].err), rows[i].name);
        cr_expect_gt(strlen(ls_err_text(rows[i].err)), 0u, "%s", rows[i].name);
    }
}

Test(err, is_zero_when_all_is_well)
{
    cr_assert_eq(LS_OK, 0);
}

Test(err, refuses_a_number_that_is_no_error, .signal = SIGABRT)
{
    ls_err_name((enum ls_err)99);
}
