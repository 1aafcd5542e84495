/*
 * Worker threads share the plan, which is constant, and one place in it.
 */
#include "run_jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "lyncsim/alloc.h"
#include "lyncsim/scenario_player.h"

struct jobs {
    const struct run_plan *plan;
    struct scenario_runner **runners; /* NULL: not played yet, or told */
    pthread_mutex_t lock;
    pthread_cond_t one_done;
    size_t next;
    bool stops;
    bool is_interrupted;
};

static bool has_passed(const struct scenario_runner *runner)
{
    return scenario_runner_result(runner)->outcome == PLAY_PASSED;
}

static bool is_interrupted(const struct jobs *jobs)
{
    return interruption_has_come(jobs->plan->interruption);
}

/* Again and again, but not after a failure: that is the one to be told. */
static struct scenario_runner *play(struct jobs *jobs,
                                    const struct scenario *scenario)
{
    const struct run_plan *plan = jobs->plan;
    struct scenario_runner *runner = NULL;

    for (unsigned i = 0; i < plan->repeats; i++) {
        scenario_runner_free(runner);
        runner = scenario_runner_new(scenario, plan->options);
        scenario_player_run(runner, plan->watchdog_ms);
        if (!has_passed(runner) || is_interrupted(jobs))
            break;
    }
    return runner;
}

static bool take(struct jobs *jobs, size_t *index)
{
    bool taken;

    pthread_mutex_lock(&jobs->lock);
    if (is_interrupted(jobs)) {
        jobs->stops = jobs->is_interrupted = true;
        pthread_cond_signal(&jobs->one_done); /* nothing more will be */
    }
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
        put(jobs, index, play(jobs, jobs->plan->scenarios[index]));
    return NULL;
}

/* What is not taken when all stop is never done. */
static struct scenario_runner *wait_for(struct jobs *jobs, size_t index)
{
    struct scenario_runner *runner;

    pthread_mutex_lock(&jobs->lock);
    while (jobs->runners[index] == NULL &&
           !(jobs->stops && index >= jobs->next))
        pthread_cond_wait(&jobs->one_done, &jobs->lock);
    runner = jobs->runners[index];
    jobs->runners[index] = NULL;
    pthread_mutex_unlock(&jobs->lock);
    return runner;
}

static void tell(struct jobs *jobs)
{
    const struct run_plan *plan = jobs->plan;

    for (size_t i = 0; i < plan->count; i++) {
        struct scenario_runner *runner = wait_for(jobs, i);

        if (runner != NULL)
            plan->played(plan->arg, i, runner);
    }
}

static bool start(pthread_t *thread, void *(*work_of)(void *arg),
                  struct jobs *jobs)
{
    return pthread_create(thread, NULL, work_of, jobs) == 0;
}

/* With as many threads as there are to be had; this one plays where there is
 * none, and tells afterwards. */
static void play_all(struct jobs *jobs)
{
    const struct run_plan *plan = jobs->plan;
    unsigned workers =
        plan->workers < plan->count ? plan->workers : (unsigned)plan->count;
    pthread_t *threads = ls_alloc_array(workers, sizeof *threads);
    unsigned started = 0;

    while (started < workers && start(&threads[started], work, jobs))
        started++;
    if (started == 0)
        work(jobs);
    tell(jobs);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

bool run_jobs(const struct run_plan *plan)
{
    struct jobs jobs = {.plan = plan};

    jobs.runners = ls_alloc_array(plan->count, sizeof *jobs.runners);
    pthread_mutex_init(&jobs.lock, NULL);
    pthread_cond_init(&jobs.one_done, NULL);
    play_all(&jobs);
    pthread_cond_destroy(&jobs.one_done);
    pthread_mutex_destroy(&jobs.lock);
    free(jobs.runners);
    return jobs.is_interrupted;
}
