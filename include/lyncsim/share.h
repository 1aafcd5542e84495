/*
 * How much of what all connections share may one of them have? At most as much
 * as it leaves free: alone one gets half, two get a third each, and whoever
 * comes next always finds something.
 */
#ifndef LYNCSIM_SHARE_H
#define LYNCSIM_SHARE_H

#include <stdbool.h>
#include <stddef.h>

/* What one has and what all have, itself included; counts or bytes. */
struct share {
    size_t own;
    size_t all;
};

/* Whether there is room for more, where there is most in all. */
static inline bool share_has_room(struct share share, size_t more, size_t most)
{
    size_t left = share.all < most ? most - share.all : 0;

    return more <= left && share.own + more <= left - more;
}

#endif
