/*
 * What the files of a desk share.
 */
#ifndef LYNCSIM_APP_SERVE_DESK_INTERNAL_H
#define LYNCSIM_APP_SERVE_DESK_INTERNAL_H

#include "lyncsim/front_end.h"

#include "serve_desk.h"
#include "serve_dial.h"

/* A ground, and how many connections were made on it. */
struct stand {
    struct serve_ground *ground; /* held */
    size_t connection_count;
    struct stand *next;
};

struct serve_desk {
    struct serve_desk_setup setup;
    char *name;
    struct stand *stand; /* the newest first */
    struct front_end *front_end;
    struct trace_journal *journal;
    bool is_draining; /* nothing new is begun */
    bool is_held;     /* nothing is read */
};

/* Bytes have moved somewhere. */
void serve_desk_moved(void *arg);
/* A connection is made on the newest stand; it leaves when it has gone. */
struct stand *serve_desk_enter(struct serve_desk *desk);
void serve_desk_leave(struct serve_desk *desk, struct stand *stand);
/* Of serve_dial.c: open what the Front End wants to have opened. */
void serve_dial_wanted(struct serve_desk *desk);

#endif
