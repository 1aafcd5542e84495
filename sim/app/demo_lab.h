/*
 * What does serve use when it is given nothing? A lab on disk, made on first
 * use: an authority, the Front End, a table, and peers to try, trusted and
 * not. Its keys come from the system's random source.
 */
#ifndef LYNCSIM_APP_DEMO_LAB_H
#define LYNCSIM_APP_DEMO_LAB_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/app.h"

struct demo_peer {
    const char *file; /* NAME.pem and NAME.key in the lab's folder */
    const char *subject;
    const char *sans[4]; /* NULL ends them */
    const char *outcome; /* what the demo topology makes of it */
    int before_days;     /* validity from and to, in days from now */
    int after_days;
    bool by_stranger; /* issued by another authority of the same name */
};

extern const struct demo_peer demo_peers[];
extern const size_t demo_peer_count;

/* The lab's folder, made and filled when it is not there; owned by the
 * caller. NULL, *code, and a sentence on standard error when it cannot be. */
char *demo_lab_open(enum app_exit *code);
/* A file of it; owned by the caller. */
char *demo_lab_file(const char *folder, const char *name);

#endif
