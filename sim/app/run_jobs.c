/*
 * Worker threads share the plan, which is constant, and one place in it.
 */
#include "run_jobs.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_player.h"

struct jobs {
    const struct run_plan *plan;
    struct scenario_runner **runners;
    bool *is_done;
    pthread_mutex_t lock;
    pthread_cond_t one_done;
    size_t next;
    bool stops;
};

static bool has_passed(const struct scenario_runner *runner)
{
    return scenario_runner_result(runner)->outcome == PLAY_PASSED;
}

/* Again and again, but not after a failure: that is the one to be told. */
static struct scenario_runner *play(const struct run_plan *plan,
                                    const struct scenario *scenario)
{
    struct scenario_runner *runner = NULL;

    for (unsigned i = 0; i < plan->repeats; i++) {
        scenario_runner_free(runner);
        runner = scenario_runner_new(scenario, plan->options);
        scenario_player_run(runner, SCENARIO_WATCHDOG_MS);
        if (!has_passed(runner))
            break;
    }
    return runner;
}

static bool take(struct jobs *jobs, size_t *index)
{
    bool taken;

    pthread_mutex_lock(&jobs->lock);
    taken = !jobs->stops && jobs->next < jobs->plan->count;
    if (taken)
        *index = jobs->next++;
    pthread_mutex_unlock(&jobs->lock);
    return taken;
}

static void put(struct jobs *jobs, size_t index, struct scenario_runner *runner)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->runners[index] = runner;
    jobs->is_done[index] = true;
    if (jobs->plan->fail_fast && !has_passed(runner))
        jobs->stops = true;
    pthread_cond_signal(&jobs->one_done);
    pthread_mutex_unlock(&jobs->lock);
}

static void *work(void *arg)
{
    struct jobs *jobs = arg;
    size_t index;

    while (take(jobs, &index))
        put(jobs, index, play(jobs->plan, jobs->plan->scenarios[index]));
    return NULL;
}

/* What is not taken when all stop is never done. */
static bool wait_for(struct jobs *jobs, size_t index)
{
    bool done;

    pthread_mutex_lock(&jobs->lock);
    while (!jobs->is_done[index] && !(jobs->stops && index >= jobs->next))
        pthread_cond_wait(&jobs->one_done, &jobs->lock);
    done = jobs->is_done[index];
    pthread_mutex_unlock(&jobs->lock);
    return done;
}

void run_jobs(const struct run_plan *plan, struct scenario_runner **runners)
{
    struct jobs jobs = {.plan = plan, .runners = runners};
    unsigned workers =
        plan->workers < plan->count ? plan->workers : (unsigned)plan->count;
    pthread_t *threads = ls_alloc_array(workers, sizeof *threads);
    int status = 0;

    jobs.is_done = ls_alloc_array(plan->count, sizeof *jobs.is_done);
    pthread_mutex_init(&jobs.lock, NULL);
    pthread_cond_init(&jobs.one_done, NULL);
    for (unsigned i = 0; i < workers && status == 0; i++)
        status = pthread_create(&threads[i], NULL, work, &jobs);
    assert(status == 0);
    for (size_t i = 0; i < plan->count && wait_for(&jobs, i); i++)
        plan->played(plan->arg, runners[i]);
    for (unsigned i = 0; i < workers; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&jobs.one_done);
    pthread_mutex_destroy(&jobs.lock);
    free(jobs.is_done);
    free(threads);
}
