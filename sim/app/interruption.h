/*
 * Has somebody interrupted us? SIGINT and SIGTERM are waited for by a thread,
 * so that what has begun can be brought to its end.
 */
#ifndef LYNCSIM_APP_INTERRUPTION_H
#define LYNCSIM_APP_INTERRUPTION_H

#include <stdbool.h>

struct interruption;

/* From now on the first signal is noted and the second ends the program; one
 * that whoever started us ignores (nohup) stays ignored. To be called before
 * other threads are started. Where no thread is to be had the first signal
 * ends the program, too. Owned by the caller. */
struct interruption *interruption_begin(void);
/* Any thread may ask. */
bool interruption_has_come(const struct interruption *interruption);
/* Signals do again what they did before. NULL is a no-op. */
void interruption_end(struct interruption *interruption);

#endif
