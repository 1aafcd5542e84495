#include "interruption.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"

struct interruption {
    atomic_bool has_come;
    bool is_watched;
    pthread_t watcher;
    sigset_t signals; /* that interrupt */
    sigset_t before;  /* what was blocked */
};

/* What whoever started us ignores (nohup) stays ignored. */
static void choose_signals(sigset_t *signals)
{
    static const int numbers[] = {SIGINT, SIGTERM};

    sigemptyset(signals);
    for (size_t i = 0; i < LS_COUNT(numbers); i++) {
        struct sigaction action;

        if (sigaction(numbers[i], NULL, &action) == 0 &&
            action.sa_handler != SIG_IGN)
            sigaddset(signals, numbers[i]);
    }
}

/* The first signal is taken here; the next one does what signals do. SIGUSR1
 * is our own word that all is over. */
static void *watch(void *arg)
{
    struct interruption *interruption = arg;
    sigset_t ours = interruption->signals;
    sigset_t over;
    int number = SIGUSR1;

    sigemptyset(&over);
    sigaddset(&over, SIGUSR1);
    sigaddset(&ours, SIGUSR1);
    sigwait(&ours, &number);
    if (number == SIGUSR1)
        return NULL;
    atomic_store(&interruption->has_come, true);
    pthread_sigmask(SIG_UNBLOCK, &interruption->signals, NULL);
    sigwait(&over, &number);
    return NULL;
}

struct interruption *interruption_begin(void)
{
    struct interruption *interruption = ls_alloc(sizeof *interruption);
    sigset_t ours;

    choose_signals(&interruption->signals);
    ours = interruption->signals;
    sigaddset(&ours, SIGUSR1);
    /* For all threads that are started from now on, too. */
    pthread_sigmask(SIG_BLOCK, &ours, &interruption->before);
    interruption->is_watched =
        pthread_create(&interruption->watcher, NULL, watch, interruption) == 0;
    if (!interruption->is_watched)
        pthread_sigmask(SIG_SETMASK, &interruption->before, NULL);
    return interruption;
}

bool interruption_has_come(const struct interruption *interruption)
{
    return atomic_load(&interruption->has_come);
}

void interruption_end(struct interruption *interruption)
{
    if (interruption == NULL)
        return;
    if (interruption->is_watched) {
        pthread_kill(interruption->watcher, SIGUSR1);
        pthread_join(interruption->watcher, NULL);
        pthread_sigmask(SIG_SETMASK, &interruption->before, NULL);
    }
    free(interruption);
}
