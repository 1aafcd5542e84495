#include "lyncsim/trace_limit.h"

#include <assert.h>

#include "lyncsim/alloc.h"

const char *trace_limit_text(enum trace_limit limit)
{
    static const char *const texts[] = {
#define X(name, text) [name] = text,
        TRACE_LIMIT_LIST(X)
#undef X
    };

    assert((size_t)limit < LS_COUNT(texts));
    return texts[limit];
}
