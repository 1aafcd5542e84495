/* Any XML as an export. */
#include <stddef.h>
#include <stdint.h>

#include "support/import_reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return import_reading(data, size, EXPORT_TOPOLOGY_XML);
}
