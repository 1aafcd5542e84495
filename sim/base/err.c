#include "lyncsim/err.h"

#include <assert.h>
#include <stddef.h>

#include "lyncsim/alloc.h"

static const struct {
    const char *name;
    const char *text;
} err_entries[] = {
#define X(name, text) [name] = {#name, text},
    LS_ERR_LIST(X)
#undef X
};

const char *ls_err_name(enum ls_err err)
{
    assert((size_t)err < LS_COUNT(err_entries));
    return err_entries[err].name;
}

const char *ls_err_text(enum ls_err err)
{
    assert((size_t)err < LS_COUNT(err_entries));
    return err_entries[err].text;
}
