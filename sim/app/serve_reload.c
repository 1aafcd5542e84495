/*
 * Reading beside those who serve. The thread has the files and the ground from
 * before to itself until its bell rings; nobody waits for it.
 */
#include "serve_reload.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "command.h"

struct serve_reload {
    const struct serve_files *files;
    struct net_bell *bell;
    serve_reload_fn *read;
    void *arg;
    pthread_t thread;
    bool is_reading; /* there is a thread … */
    bool is_asked;   /* … and there shall be another one after it */
    struct serve_ground *before; /* held while it reads */
    struct serve_ground *ground; /* what it has read */
    pthread_mutex_t lock;        /* of what follows */
    bool is_done;
    bool is_left; /* the bell is gone */
};

/* --- the reader's thread -------------------------------------------------- */

static void *work(void *arg)
{
    struct serve_reload *reload = arg;
    enum app_exit code = APP_EXIT_OK;

    reload->ground = serve_ground_load(reload->files, reload->before, &code);
    pthread_mutex_lock(&reload->lock);
    reload->is_done = true;
    if (!reload->is_left)
        net_bell_ring(reload->bell);
    pthread_mutex_unlock(&reload->lock);
    return NULL;
}

/* --- in the loop ---------------------------------------------------------- */

/* Signals are for the loops. */
static int start_thread(struct serve_reload *reload)
{
    sigset_t all, before;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&reload->thread, NULL, work, reload);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static void join(struct serve_reload *reload)
{
    pthread_join(reload->thread, NULL);
    serve_ground_release(reload->before);
    reload->before = NULL;
    reload->is_reading = false;
}

static void on_bell(void *arg)
{
    struct serve_reload *reload = arg;
    struct serve_ground *ground;

    join(reload);
    ground = reload->read(reload->ground, reload->arg);
    reload->ground = NULL;
    if (reload->is_asked)
        serve_reload_start(reload, ground);
}

struct serve_reload *serve_reload_new(struct net_loop *loop,
                                      const struct serve_files *files,
                                      serve_reload_fn *read, void *arg)
{
    struct serve_reload *reload = ls_alloc(sizeof *reload);

    reload->files = files;
    reload->bell = net_loop_bell(loop, false, on_bell, reload);
    reload->read = read;
    reload->arg = arg;
    pthread_mutex_init(&reload->lock, NULL);
    return reload;
}

void serve_reload_start(struct serve_reload *reload,
                        struct serve_ground *before)
{
    int error;

    reload->is_asked = reload->is_reading;
    if (reload->is_reading)
        return;
    serve_ground_hold(before);
    reload->before = before;
    reload->is_done = false;
    error = start_thread(reload);
    reload->is_reading = error == 0;
    if (error == 0)
        return;
    reload->before = NULL;
    serve_ground_release(before);
    command_complain("there is no thread to be had that reads: %s",
                     strerror(error));
    reload->read(NULL, reload->arg);
}

bool serve_reload_free(struct serve_reload *reload)
{
    bool is_done;

    if (reload == NULL)
        return true;
    pthread_mutex_lock(&reload->lock);
    reload->is_left = true;
    is_done = reload->is_done || !reload->is_reading;
    pthread_mutex_unlock(&reload->lock);
    if (!is_done)
        return false;
    if (reload->is_reading)
        join(reload);
    serve_ground_release(reload->ground);
    pthread_mutex_destroy(&reload->lock);
    free(reload);
    return true;
}
