/*
 * What holds of every export, whatever is in it? It is refused in words, or
 * what comes of it is a topology that is read back.
 */
#ifndef TESTS_SUPPORT_IMPORT_READING_H
#define TESTS_SUPPORT_IMPORT_READING_H

#include <stdint.h>

#include "lyncsim/topology_import.h"

/* For fuzz targets: 0, or -1 where the bytes do not look like kind and are of
 * no interest. EXPORT_NONE: all are. */
int import_reading(const uint8_t *data, size_t size, enum topology_export kind);

#endif
