/* Any bytes as an export, and what comes of it read back. */
#include <stddef.h>
#include <stdint.h>

#include "support/import_reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return import_reading(data, size, EXPORT_NONE);
}
