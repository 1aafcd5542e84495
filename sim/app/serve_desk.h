/*
 * Who is served by one event loop? A Front End, its connections, and the
 * ground that each was accepted on. A desk belongs to the thread that runs its
 * loop and shares nothing with others but tables that never change.
 */
#ifndef LYNCSIM_APP_SERVE_DESK_H
#define LYNCSIM_APP_SERVE_DESK_H

#include "lyncsim/errand.h"
#include "lyncsim/net_loop.h"
#include "lyncsim/trace_event.h"

#include "serve_gate.h"
#include "serve_ground.h"
#include "serve_limits.h"

struct serve_desk_setup {
    struct net_loop *loop;                     /* all are borrowed … */
    const struct scenario_front_end *settings; /* and must outlive the desk */
    const struct serve_limits *limits;
    struct serve_gate *gate;
    struct serve_ground *ground;
    const struct options *options; /* where applications are dialled */
    unsigned index, count; /* which of how many desks this is; 0 is home */
    /* Something has happened: take it. */
    void (*happened)(void *arg, struct trace_journal *journal);
    /* An errand, which is taken, is for that desk. NULL where there is one. */
    void (*carry)(void *arg, struct errand *errand, unsigned desk);
    void *arg;
};

struct serve_desk;

struct serve_desk *serve_desk_new(const struct serve_desk_setup *setup);
/* When its loop has nothing left to run. */
void serve_desk_free(struct serve_desk *desk);

/* NULL and a sentence in *why as net_listener_open says. */
struct net_listener *serve_desk_listen(struct serve_desk *desk,
                                       const char *address, char **why);
/* An errand has come, and is taken. */
void serve_desk_do_errand(struct serve_desk *desk, struct errand *errand);
/* Home has more to do than it should, or not any more. */
void serve_desk_set_home_is_busy(struct serve_desk *desk, bool is_busy);
/* So many bytes of what happened wait to be written: when it is too much the
 * peers are not read from until half of that is done. */
void serve_desk_set_unwritten(struct serve_desk *desk, size_t bytes);
/* What comes in from now on is judged by this ground. */
void serve_desk_stand_on(struct serve_desk *desk, struct serve_ground *ground);
/* As the Front End is called; borrowed. */
const char *serve_desk_name(const struct serve_desk *desk);

#endif
