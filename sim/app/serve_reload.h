/*
 * Who reads the files again while everybody is served? A thread of its own: a
 * large table takes seconds. One reading at a time.
 */
#ifndef LYNCSIM_APP_SERVE_RELOAD_H
#define LYNCSIM_APP_SERVE_RELOAD_H

#include <stdbool.h>

#include "lyncsim/net_loop.h"

#include "serve_ground.h"

/* In the loop: a reading is over, ground is taken, NULL when it was refused.
 * Which one is stood on from here; borrowed. */
typedef struct serve_ground *(serve_reload_fn)(struct serve_ground *ground,
                                               void *arg);

struct serve_reload;

/* files and arg are borrowed. Owned by the caller. */
struct serve_reload *serve_reload_new(struct net_loop *loop,
                                      const struct serve_files *files,
                                      serve_reload_fn *read, void *arg);
/* Read, beside the ground that is stood on; asked while it reads, it does so
 * once more. */
void serve_reload_start(struct serve_reload *reload,
                        struct serve_ground *before);
/* Before the loop is freed. False when files are still being read: what was
 * given to it must stay as it is until the process ends. */
bool serve_reload_free(struct serve_reload *reload);

#endif
