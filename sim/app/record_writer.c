/*
 * Writing beside those who serve. What is handed over passes through a mailbox
 * nobody waits at.
 */
#include "record_writer.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mailbox.h"

#include "command.h"

/* A few calls deep; the usual eight MiB count where memory is limited. */
#define STACK_BYTES (256u * 1024)
/* Nobody reads a trace faster. */
#define GATHERED_NS 10000000
/* What a letter costs beside its bytes, about. */
#define LETTER_BYTES 64u
/* The memory of a letter that is kept for the next one. */
#define SPARE_BYTES (256u * 1024)

struct letter {
    struct mailbox_letter letter;
    struct record_file *file; /* NULL: it is over */
    bool renews;
    struct ls_buf records;
};

struct record_writer {
    pthread_mutex_t lock; /* of whom to tell, which is seldom done */
    void (*relieved)(void *arg);
    void *arg;
    pthread_t thread;
    struct mailbox mailbox;
    atomic_size_t waiting_bytes;
    _Atomic(struct letter *) spare; /* written, and to be filled again */
    sem_t come;                     /* something is in the mailbox */
    sem_t over;
};

/* --- the writer's thread -------------------------------------------------- */

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0 && errno == EINTR)
        continue;
}

static void relieve(struct record_writer *writer, size_t bytes)
{
    size_t before = atomic_fetch_sub(&writer->waiting_bytes, bytes);

    if (before <= RECORDS_LOW_BYTES || before - bytes > RECORDS_LOW_BYTES)
        return;
    pthread_mutex_lock(&writer->lock);
    if (writer->relieved != NULL)
        writer->relieved(writer->arg);
    pthread_mutex_unlock(&writer->lock);
}

static void letter_free(struct letter *letter)
{
    if (letter == NULL)
        return;
    ls_buf_clear(&letter->records);
    free(letter);
}

/* Memory that comes and goes with every turn of a busy loop is given back to
 * the system and asked for again, which costs more than what it is for. */
static void put_by(struct record_writer *writer, struct letter *letter)
{
    if (letter->file->is_private && letter->records.length > 0)
        explicit_bzero(letter->records.at, letter->records.length);
    if (letter->records.capacity > SPARE_BYTES)
        ls_buf_clear(&letter->records);
    letter_free(atomic_exchange(&writer->spare, letter));
}

static void do_as_told(struct record_writer *writer, struct letter *letter)
{
    if (letter->renews)
        record_file_renew(letter->file);
    else
        record_file_write(letter->file, ls_buf_str(&letter->records));
    relieve(writer, LETTER_BYTES + letter->records.length);
    put_by(writer, letter);
}

/* What comes after a pause is written at once. To be woken for every turn of a
 * busy loop would cost it more than all it hands over: what comes soon behind
 * is written together. */
static void gather(void)
{
    nanosleep(&(struct timespec){.tv_nsec = GATHERED_NS}, NULL);
}

/* All that have come; false when it is over, which none comes after. */
static bool do_all(struct record_writer *writer)
{
    struct mailbox_letter *letter = mailbox_take(&writer->mailbox), *next;

    for (; letter != NULL; letter = next) {
        next = letter->next;
        if (((struct letter *)letter)->file == NULL) {
            letter_free((struct letter *)letter);
            return false;
        }
        do_as_told(writer, (struct letter *)letter);
    }
    return true;
}

static void *work(void *arg)
{
    struct record_writer *writer = arg;

    for (;;) {
        wait_for(&writer->come);
        if (!do_all(writer))
            break;
        gather();
    }
    sem_post(&writer->over);
    return NULL;
}

/* --- whose records they are ----------------------------------------------- */

/* Signals are for the loops. */
static int start(struct record_writer *writer)
{
    sigset_t all, before;
    pthread_attr_t small;
    int error;

    sigfillset(&all);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&writer->thread, &small, work, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&small);
    return error;
}

static void throw_away(struct record_writer *writer)
{
    letter_free(writer->spare);
    sem_destroy(&writer->come);
    sem_destroy(&writer->over);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

struct record_writer *record_writer_new(void)
{
    struct record_writer *writer = ls_alloc(sizeof *writer);
    int error;

    pthread_mutex_init(&writer->lock, NULL);
    sem_init(&writer->come, 0, 0);
    sem_init(&writer->over, 0, 0);
    error = start(writer);
    if (error == 0)
        return writer;
    command_complain("there is no thread to be had: %s", strerror(error));
    throw_away(writer);
    return NULL;
}

void record_writer_on_relieved(struct record_writer *writer,
                               void (*relieved)(void *arg), void *arg)
{
    pthread_mutex_lock(&writer->lock);
    writer->relieved = relieved;
    writer->arg = arg;
    pthread_mutex_unlock(&writer->lock);
}

static struct letter *letter_to(struct record_writer *writer,
                                struct record_file *file)
{
    struct letter *letter = atomic_exchange(&writer->spare, NULL);

    if (letter == NULL)
        letter = ls_alloc(sizeof *letter);
    ls_buf_reset(&letter->records);
    letter->file = file;
    letter->renews = false;
    return letter;
}

static void post(struct record_writer *writer, struct letter *letter)
{
    atomic_fetch_add(&writer->waiting_bytes,
                     LETTER_BYTES + letter->records.length);
    if (mailbox_put(&writer->mailbox, &letter->letter))
        sem_post(&writer->come);
}

void record_writer_put(struct record_writer *writer, struct record_file *file,
                       struct ls_str records)
{
    struct letter *letter;

    if (file->file == NULL || records.length == 0)
        return;
    letter = letter_to(writer, file);
    ls_buf_add(&letter->records, records);
    post(writer, letter);
}

void record_writer_swap(struct record_writer *writer, struct record_file *file,
                        struct ls_buf *records)
{
    struct letter *letter;
    struct ls_buf written;

    if (file->file == NULL || records->length == 0) {
        ls_buf_reset(records);
        return;
    }
    letter = letter_to(writer, file);
    written = letter->records;
    letter->records = *records;
    *records = written;
    post(writer, letter);
}

void record_writer_renew(struct record_writer *writer, struct record_file *file)
{
    struct letter *letter;

    if (file->file == NULL)
        return;
    letter = letter_to(writer, file);
    letter->renews = true;
    post(writer, letter);
}

size_t record_writer_waiting(const struct record_writer *writer)
{
    return atomic_load(&writer->waiting_bytes);
}

static bool wait_until_over(struct record_writer *writer, unsigned patience_ms)
{
    struct timespec until;
    int status;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(patience_ms / 1000);
    until.tv_nsec += (long)(patience_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    do
        status = sem_clockwait(&writer->over, CLOCK_MONOTONIC, &until);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

bool record_writer_free(struct record_writer *writer, unsigned patience_ms)
{
    if (writer == NULL)
        return true;
    post(writer, letter_to(writer, NULL));
    if (!wait_until_over(writer, patience_ms)) {
        pthread_detach(writer->thread);
        return false;
    }
    pthread_join(writer->thread, NULL);
    throw_away(writer);
    return true;
}
