/*
 * Is the part of a document that is generated still what would be generated?
 */
#ifndef LYNCSIM_TESTS_SECTION_H
#define LYNCSIM_TESTS_SECTION_H

#include "lyncsim/str.h"

/* Fail the running test, and show the difference, unless actual stands in the
 * file at path between "<!-- NAME -->" and "<!-- end of NAME -->". With
 * LYNCSIM_UPDATE_GOLDEN set in the environment it is written there. */
void section_expect(const char *path, const char *name, struct ls_str actual);

/* The same of a file as a whole. */
void section_expect_file(const char *path, struct ls_str actual);

#endif
