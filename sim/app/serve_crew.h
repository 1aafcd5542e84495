/*
 * Who serves where one loop is not enough? Several desks, each with a thread,
 * a loop and listeners of its own. What happens at them comes back to the
 * thread that tells it, in one order; new ground and the end go out to them.
 */
#ifndef LYNCSIM_APP_SERVE_CREW_H
#define LYNCSIM_APP_SERVE_CREW_H

#include "lyncsim/net_loop.h"
#include "lyncsim/trace_event.h"

#include "serve_desk.h"

struct serve_crew_setup {
    struct net_loop *loop; /* where everything below is called */
    unsigned count;
    /* For every desk; loop, index and count are set here, the callbacks too. */
    struct serve_desk_setup desk;
    /* Something has happened: event is taken. */
    void (*tell)(void *arg, struct trace_event *event);
    /* All that came in one go has been told; lost is how much could not be
     * since, for lack of room while nothing could be written. */
    void (*told)(void *arg, uint64_t lost);
    /* Bytes that were told and are not written; called by any thread. */
    size_t (*unwritten)(void *arg);
    /* All desks stand on the ground they were given last. */
    void (*standing)(void *arg);
    void *arg;
};

struct serve_crew;

/* Owned by the caller; nothing runs yet. NULL, and a sentence on standard
 * error, when there are not as many loops to be had. */
struct serve_crew *serve_crew_new(const struct serve_crew_setup *setup);
/* Every desk listens there; the real address, or NULL and a sentence. */
struct net_listener *serve_crew_listen(struct serve_crew *crew,
                                       const char *address, char **why);
/* False, and a sentence on standard error, when there are not as many threads
 * to be had: then none serves. */
bool serve_crew_start(struct serve_crew *crew);
/* ground is held until each desk has taken it over. */
void serve_crew_stand_on(struct serve_crew *crew, struct serve_ground *ground);
/* The loop is left when all desks have ended. May be called again with less. */
void serve_crew_stop(struct serve_crew *crew, uint32_t grace_ms);
/* Much was unwritten, and no longer is. */
void serve_crew_relieve(struct serve_crew *crew);
/* Waits for the threads, and tells what is left to tell. */
void serve_crew_free(struct serve_crew *crew);

const char *serve_crew_name(const struct serve_crew *crew);

#endif
