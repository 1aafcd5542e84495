/*
 * How does a scenario play out without a socket? Its exchanges joined in
 * memory, as many at a time as it asks for.
 */
#ifndef LYNCSIM_TESTS_PLAY_H
#define LYNCSIM_TESTS_PLAY_H

#include "lyncsim/scenario_runner.h"

/* Play to the end, fed so many bytes at a time; 0: all there is. Fails the
 * running test where nothing moves any more and it is not over. */
const struct scenario_result *play_runner(struct scenario_runner *runner,
                                          size_t piece_bytes);

/* Parse a file's text; fails the running test, and shows the faults, where it
 * is not well formed. Owned by the caller. */
struct scenario *play_parse(const char *file, struct ls_str text);

#endif
