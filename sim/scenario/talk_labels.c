#include "talk_labels.h"

#include <string.h>

#include "lyncsim/alloc.h"

void talk_labels_pass(struct talk_labels *labels, const char *label)
{
    if (label == NULL)
        return;
    LS_GROW(labels->passed, labels->count, labels->capacity);
    labels->passed[labels->count++] = label;
}

bool talk_labels_have(const struct talk_labels *labels, const char *label)
{
    for (size_t i = 0; i < labels->count; i++)
        if (strcmp(labels->passed[i], label) == 0)
            return true;
    return false;
}
