/*
 * What the ways of a Front End are called: how it refuses, which product it
 * speaks as, and how it reaches applications.
 */
#include <assert.h>

#include "lyncsim/alloc.h"
#include "lyncsim/front_end.h"

static const char *const at_texts[] = {
    [REFUSE_HANDSHAKE] = "handshake",
    [REFUSE_AFTER_HANDSHAKE] = "after-handshake",
    [REFUSE_FIRST_REQUEST] = "first-request",
};

static const char *const how_texts[] = {
    [REFUSE_ALERT] = "alert",
    [REFUSE_CLOSE] = "close",
    [REFUSE_RESET] = "reset",
};

/* The Server header: [MS-SIPREGE] 2.2.1.9, and traces of later products. */
static const struct {
    const char *text;
    const char *server;
} products[] = {
    [LYNC_2010] = {"lync-2010", "RTC/4.0"},
    [LYNC_2013] = {"lync-2013", "RTC/5.0"},
    [SFB_2015] = {"sfb-2015", "RTC/6.0"},
    [SFB_2019] = {"sfb-2019", "RTC/7.0"},
};

const char *refuse_at_text(enum refuse_at at)
{
    assert((size_t)at < LS_COUNT(at_texts));
    return at_texts[at];
}

const char *refuse_how_text(enum refuse_how how)
{
    assert((size_t)how < LS_COUNT(how_texts));
    return how_texts[how];
}

bool refusal_is_possible(struct refusal refusal)
{
    /* No library call sends a fatal alert once the handshake is over. */
    return refusal.how != REFUSE_ALERT || refusal.at == REFUSE_HANDSHAKE;
}

bool refusal_parse(struct ls_str text, struct refusal *refusal)
{
    size_t colon = ls_str_find(text, ':');
    struct refusal parsed = {0};
    size_t at = 0, how = 0;

    if (colon == text.length)
        return false;
    while (at < LS_COUNT(at_texts) &&
           !ls_str_equal_text(ls_str_first(text, colon), at_texts[at]))
        at++;
    while (how < LS_COUNT(how_texts) &&
           !ls_str_equal_text(ls_str_skip(text, colon + 1), how_texts[how]))
        how++;
    if (at == LS_COUNT(at_texts) || how == LS_COUNT(how_texts))
        return false;
    parsed.at = (enum refuse_at)at;
    parsed.how = (enum refuse_how)how;
    if (!refusal_is_possible(parsed))
        return false;
    *refusal = parsed;
    return true;
}

const char *application_way_text(enum application_way way)
{
    static const char *const texts[] = {
        [APPLICATION_SAME] = "same", [APPLICATION_OWN] = "own"};

    assert((size_t)way < LS_COUNT(texts));
    return texts[way];
}

const char *product_version_text(enum product_version version)
{
    assert((size_t)version < LS_COUNT(products));
    return products[version].text;
}

const char *product_version_server(enum product_version version)
{
    assert((size_t)version < LS_COUNT(products));
    return products[version].server;
}
