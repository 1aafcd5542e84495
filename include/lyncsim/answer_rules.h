/*
 * Which requests are answered otherwise than by rights? Rules that somebody
 * has laid down: for a method, a user, a number of times, a chance.
 */
#ifndef LYNCSIM_ANSWER_RULES_H
#define LYNCSIM_ANSWER_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/id_source.h"
#include "lyncsim/sip_message.h"

/* A chance in this unit is a certainty. */
#define ANSWER_CHANCE_ALWAYS 1000000u

struct answer_header {
    char *name;
    char *value;
};

/* What an answer says besides what every answer echoes. */
struct answer_form {
    int status;   /* 0: no answer at all */
    char *reason; /* or NULL: the usual one */
    struct answer_header *headers;
    size_t header_count;
    char *body; /* or NULL */
};

struct answer_rule {
    char *method;    /* or NULL: every one */
    char *user;      /* who asks, "sip:a@b.c"; or NULL: everybody */
    uint32_t times;  /* 0: always */
    uint32_t chance; /* of ANSWER_CHANCE_ALWAYS */
    struct answer_form form;
};

void answer_form_clear(struct answer_form *form);
void answer_rule_clear(struct answer_rule *rule);

struct answer_rules;

/* rules is borrowed; ids is copied, and chances are drawn from it. Owned by
 * the caller. */
struct answer_rules *answer_rules_new(const struct answer_rule *rules,
                                      size_t count,
                                      const struct id_source *ids);
void answer_rules_free(struct answer_rules *rules);

/* The first rule that is for this request, has not been used up and has its
 * chance, which counts as a use; NULL when there is none. Borrowed. */
const struct answer_form *
answer_rules_choose(struct answer_rules *rules,
                    const struct sip_message *request);

#endif
