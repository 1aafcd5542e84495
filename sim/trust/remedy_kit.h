/*
 * What the makers of remedies share.
 */
#ifndef LYNCSIM_SIM_TRUST_REMEDY_KIT_H
#define LYNCSIM_SIM_TRUST_REMEDY_KIT_H

#include "lyncsim/remedy.h"
#include "lyncsim/trust_verdict.h"

struct remedy_kit {
    const struct trust_policy *policy;
    const struct certificate_facts *facts; /* or NULL */
    const struct trust_verdict *verdict;
    struct remedy *remedies;
    size_t count;
    size_t capacity;
};

/* A new remedy; valid until the next one is added. */
struct remedy *remedy_add(struct remedy_kit *kit, enum remedy_way way,
                          const char *title, ...)
    __attribute__((format(printf, 3, 4)));
void remedy_step(struct remedy *remedy, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void remedy_command(struct remedy *remedy, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The edit's content is copied. */
void remedy_edit(struct remedy *remedy, const struct topology_edit *edit);

/* For sentences and for PowerShell lines; owned by the caller. */
char *remedy_shown(const char *name);
char *remedy_quoted(const char *name);

/* Lines of the management shell. like: the pool to ask for what is not
 * stated, before it is removed, or NULL. */
void remedy_command_enable(struct remedy *remedy);
void remedy_command_applications(struct remedy *remedy,
                                 const struct pool *pool);
void remedy_command_site(struct remedy *remedy, const struct pool *pool,
                         const char *like);
void remedy_command_new_pool(struct remedy *remedy, const struct pool *pool);
void remedy_command_remove_pool(struct remedy *remedy, const struct pool *pool);
/* The same as steps in Topology Builder. */
void remedy_click_new_pool(struct remedy *remedy, const struct pool *pool);
/* why: ": a reason", or "". */
void remedy_click_delete_pool(struct remedy *remedy, const struct pool *pool,
                              const char *why);
void remedy_click_publish(struct remedy *remedy, const char *again);
/* What clicks cannot set, with the line that can; false where nothing is out
 * of the ordinary. */
bool remedy_step_options(struct remedy *remedy, const struct pool *pool);
void remedy_step_applications(struct remedy *remedy, const struct pool *pool);

/* Ways through the topology. */
void remedy_by_topology(struct remedy_kit *kit);
void remedy_by_draft(struct remedy_kit *kit);
void remedy_by_duplicate(struct remedy_kit *kit);
void remedy_by_outbound_only(struct remedy_kit *kit);
/* Whether the certificate that it makes is let in by its name. */
bool remedy_mends_name(const struct remedy_kit *kit,
                       const struct remedy *remedy);
/* The certificate anew, under a name that is known. */
void remedy_by_certificate(struct remedy_kit *kit);
/* The same with the same name, because of what else is wrong with it. */
void remedy_by_renewal(struct remedy_kit *kit, const char *title,
                       const char *what);

#endif
