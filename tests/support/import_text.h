/*
 * What becomes of an export? Its text in, the YAML out.
 */
#ifndef LYNCSIM_TESTS_IMPORT_TEXT_H
#define LYNCSIM_TESTS_IMPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/str.h"

/* What an import yields: the YAML, its notes first; or its faults. Owned by the
 * caller, as every text below. */
char *import_text(struct ls_str text);
/* A file of tests/data, and what it yields. */
char *import_text_read(const char *name, size_t *length);
char *import_text_of_file(const char *name);
/* ASCII as PowerShell writes it, with a byte order mark: twice its length and
 * two. */
char *import_text_utf16(const char *text, bool big);

void import_text_expect(const char *label, const char *text, const char *part);
/* What an import writes loads as the same topology. */
void import_text_expect_round_trip(struct ls_str text);

#endif
