/*
 * What are the programs asked about? Made-up certificates and tables, the
 * scenario of all pairs, and the files that each is given.
 */
#ifndef LYNCSIM_TESTS_AGREEMENT_LAB_H
#define LYNCSIM_TESTS_AGREEMENT_LAB_H

#include "lyncsim/id_source.h"

#include "support/trust_model.h"

#define CERTIFICATES 24
#define TABLES 10
#define PAIRS (CERTIFICATES * TABLES)

struct agreement {
    struct model_certificate certificates[CERTIFICATES];
    struct model_table tables[TABLES];
    char folder[64];
    char *scenario; /* its text */
    /* What each said: "reason name", or "accepted name". */
    char *model[PAIRS];
    char *judged[PAIRS];
    char *played[PAIRS];
    char *served[PAIRS];
};

/* How a table's Front End is to compare, and which CN it takes. */
const char *agreement_names_text(const struct model_table *table);
const char *agreement_cn_text(const struct model_table *table);
/* Draw certificates and tables, and write them as a scenario; the same seed
 * draws the same. */
void agreement_lab_make(struct agreement *agreement, struct id_source *ids,
                        int64_t now_ms);
/* Write all files into the folder. */
void agreement_lab_write(const struct agreement *agreement);

#endif
