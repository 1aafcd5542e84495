/*
 * How are two host names related? Labels, parents, wildcards, international
 * forms: what near misses are computed from.
 */
#ifndef LYNCSIM_FQDN_H
#define LYNCSIM_FQDN_H

#include <stdbool.h>
#include <stddef.h>

#include "lyncsim/str.h"

/* Without one trailing dot. */
struct ls_str fqdn_without_dot(struct ls_str name);
/* The first label, and what follows its dot (empty for a single label). */
struct ls_str fqdn_host(struct ls_str name);
struct ls_str fqdn_parent(struct ls_str name);
size_t fqdn_label_count(struct ls_str name);

/* An IPv4 or IPv6 address, which the product takes for a name too. */
bool fqdn_is_address(struct ls_str name);
/* Can a server be called so: labels of 1 to 63 bytes, 255 in all, in UTF-8,
 * with no blank, control byte or wildcard, and no address? */
bool fqdn_is_server(struct ls_str name);
/* Could one owner have registered it: two labels or more, and no registry's
 * suffix such as co.uk. */
bool fqdn_is_registrable(struct ls_str name);

/* RFC 6125 6.4.3: pattern "*.contoso.com" stands for one label in front of a
 * domain that somebody owns. */
bool fqdn_wildcard_covers(struct ls_str pattern, struct ls_str name);

/* The same host under the internal and the external domain of one owner:
 * mail.contoso.com and mail.contoso.local, or mail.corp.contoso.com. */
bool fqdn_is_other_suffix(struct ls_str a, struct ls_str b);

/* One slip of the finger apart (a letter wrong, missing, too many, or two
 * swapped) in one label of five letters or more; digits tell servers apart
 * and are no slips. */
bool fqdn_is_typo(struct ls_str a, struct ls_str b);

/* The name in its ASCII form (IDNA 2008), lower case, owned by the caller;
 * NULL when it has none. */
char *fqdn_to_ascii(struct ls_str name);
/* Whether it may have another international form at all. */
bool fqdn_is_international(struct ls_str name);

#endif
