/*
 * What has happened already, by the names that others wait for?
 */
#ifndef TALK_LABELS_H
#define TALK_LABELS_H

#include <stdbool.h>
#include <stddef.h>

/* The labels that have been passed; of all talks that go on together. */
struct talk_labels {
    const char **passed; /* borrowed */
    size_t count;
    size_t capacity;
};
void talk_labels_pass(struct talk_labels *labels, const char *label);
bool talk_labels_have(const struct talk_labels *labels, const char *label);

#endif
