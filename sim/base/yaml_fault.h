/*
 * What did the writer of ill-formed YAML mean, and what should stand there?
 */
#ifndef LYNCSIM_BASE_YAML_FAULT_H
#define LYNCSIM_BASE_YAML_FAULT_H

#include "lyncsim/diag.h"
#include "lyncsim/str.h"
#include "lyncsim/yaml.h"

/* How to go on behind a fault, to find the next in the same go: what to write
 * over the text at the library's place. */
enum yaml_repair {
    YAML_REPAIR_NONE,
    YAML_REPAIR_BLANK,  /* a blank over one character */
    YAML_REPAIR_LETTER, /* a letter over one character */
    YAML_REPAIR_REST,   /* blanks over the rest of the line */
    YAML_REPAIR_BLOCK,  /* a letter over the whole block */
};

/* The library's, where it stops before the end and says nothing. */
#define YAML_FAULT_SILENCE "no reason is given"

struct yaml_fault {
    const char *message;   /* the library's */
    struct ls_place place; /* the library's */
    struct ls_str text;    /* the whole, lines ending in LF */
    struct ls_place last;  /* the scalar before */
    struct ls_place open;  /* the innermost open bracket; line 0: none */
};

/* Told where the text of a block has no indentation. */
void yaml_fault_shallow_block(struct ls_place place, struct ls_diags *diags);

/* Add one fault: the sentence of a known trap, or the library's message. */
enum yaml_repair yaml_fault_report(const struct yaml_fault *fault,
                                   struct ls_diags *diags);
/* Carry the repair out in text. False when there is none. */
bool yaml_fault_repair(const struct yaml_fault *fault, enum yaml_repair repair,
                       struct ls_buf *text);

/* Add a fault for each key of a mapping that stood there before, and drop it
 * with its value. The result is their number. */
size_t yaml_fault_drop_duplicates(struct yaml_node *mapping,
                                  struct ls_diags *diags);

#endif
