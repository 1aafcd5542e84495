/*
 * Peers say who they are with every message, and libosip2 takes two dozen
 * blocks of memory to read it.
 */
#include "lyncsim/sip_party.h"

#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "sip_osip.h"
#include "sip_value.h"

/* As many as are remembered, and how long a value may be for that: 20 KiB. */
#define PARTIES_COUNT 64u
#define VALUE_MAX_BYTES 256u

/* Where a value has its place is told by its digest. */
struct remembered {
    char *value; /* or NULL */
    size_t length;
    struct sip_party party; /* views of value */
};

struct sip_parties {
    struct remembered places[PARTIES_COUNT];
};

struct sip_parties *sip_parties_new(void)
{
    return ls_alloc(sizeof(struct sip_parties));
}

void sip_parties_free(struct sip_parties *parties)
{
    if (!parties)
        return;
    for (size_t i = 0; i < PARTIES_COUNT; i++)
        free(parties->places[i].value);
    free(parties);
}

/* The same part of another copy. */
static struct ls_str move_view(struct ls_str view, const char *from,
                               const char *to)
{
    return view.length == 0
               ? (struct ls_str){"", 0}
               : ls_str_from_bytes(to + (view.at - from), view.length);
}

static struct sip_party move_party(const struct sip_party *party,
                                   const char *from, const char *to)
{
    return (struct sip_party){
        .address = {.display = move_view(party->address.display, from, to),
                    .uri = move_view(party->address.uri, from, to),
                    .params = move_view(party->address.params, from, to)},
        .tag = move_view(party->tag, from, to),
    };
}

static bool read_anew(struct ls_str value, struct sip_party *party)
{
    struct sip_address address;

    if (!sip_field_address(value, &address) ||
        !sip_value_tag(address.params, &party->tag) ||
        !sip_osip_reads_party(value))
        return false;
    party->address = address;
    return true;
}

static void remember(struct remembered *place, struct ls_str value,
                     const struct sip_party *party)
{
    free(place->value);
    place->value = ls_str_dup(value);
    place->length = value.length;
    place->party = move_party(party, value.at, place->value);
}

bool sip_party_read(struct sip_parties *parties, struct ls_str value,
                    struct sip_party *party)
{
    struct remembered *place;

    if (!parties || value.length > VALUE_MAX_BYTES)
        return read_anew(value, party);
    place = &parties->places[ls_str_digest(value) % PARTIES_COUNT];
    if (place->value && place->length == value.length &&
        memcmp(place->value, value.at, value.length) == 0) {
        *party = move_party(&place->party, place->value, value.at);
        return true;
    }
    if (!read_anew(value, party))
        return false;
    remember(place, value, party);
    return true;
}
