/*
 * The catalogue's insides and the texts it is compiled from; private to this
 * folder.
 */
#ifndef LYNCSIM_PKI_CERTIFICATE_CATALOGUE_H
#define LYNCSIM_PKI_CERTIFICATE_CATALOGUE_H

#include "lyncsim/certificate_catalogue.h"

struct catalogue_entries {
    struct catalogue_entry *items;
    size_t count;
    size_t capacity;
};

struct certificate_catalogue {
    struct catalogue_entries authorities;
    struct catalogue_entries profiles;
    struct catalogue_entries faults;
};

const struct catalogue_entry *
catalogue_entries_find(const struct catalogue_entries *entries,
                       struct ls_str name);

/* certs/NAME.yaml, in bytes made by the build. */
struct certs_text {
    const char *file;
    const unsigned char *bytes;
    size_t length;
};
extern const struct certs_text certs_texts[];
extern const size_t certs_text_count;

#endif
