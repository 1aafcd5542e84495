/*
 * What if the bytes between two parties do not arrive as they were sent? A
 * machine around a machine that cuts, stalls, slows or spoils what the inner
 * one sends, at a byte that is known beforehand.
 */
#ifndef LYNCSIM_WIRE_FAULT_H
#define LYNCSIM_WIRE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "lyncsim/wire.h"

/* clang-format off */
#define WIRE_FAULT_LIST(X)                                                     \
    X(WIRE_FAULT_NONE, "")                                                     \
    X(WIRE_FAULT_CUT, "cut-after")               /* FIN both ways */           \
    X(WIRE_FAULT_RESET, "reset-after")           /* RST */                     \
    X(WIRE_FAULT_HALF_CLOSE, "half-close-after") /* FIN, and reads on */       \
    X(WIRE_FAULT_STALL, "stall-after")           /* silence for a while */     \
    X(WIRE_FAULT_DROP, "drop-after")             /* the rest is lost */        \
    X(WIRE_FAULT_GARBAGE, "garbage-after")       /* bytes nobody meant */      \
    X(WIRE_FAULT_FLIP, "flip-bit-at")            /* one bit is wrong */

enum wire_fault_kind {
#define X(name, text) name,
    WIRE_FAULT_LIST(X)
#undef X
    WIRE_FAULT_COUNT
};
/* clang-format on */

const char *wire_fault_kind_text(enum wire_fault_kind kind);

struct wire_fault_plan {
    enum wire_fault_kind kind;
    uint64_t after;   /* bytes that arrive before; of FLIP: the byte's index */
    int64_t for_ms;   /* of STALL: how far time moves on meanwhile */
    uint32_t chunk;   /* no more bytes than these in one piece; 0: as sent */
    int64_t every_ms; /* time that passes before each piece */
};

/* Whether bytes arrive otherwise than they were sent. */
bool wire_fault_plan_does_something(const struct wire_fault_plan *plan);
/* "cut-after 100, chunk 1", the caller's to free. */
char *wire_fault_plan_text(const struct wire_fault_plan *plan);

struct wire_fault;

/* All are borrowed. inner is whose bytes are spoilt, other is who receives
 * them: when a stall moves *clock_ms beyond its deadline it will give up, and
 * the bytes that wait are never sent. Where bytes are lost *clock_ms moves to
 * when either of them gives up. Owned by the caller. */
struct wire_fault *wire_fault_new(const struct wire_fault_plan *plan,
                                  struct wire_machine inner,
                                  struct wire_machine other, int64_t *clock_ms);
void wire_fault_free(struct wire_fault *fault);
/* Another plan from here on, counted from the next byte. One that does nothing
 * also ends a loss; what was lost stays so, and a FIN cannot be taken back. */
void wire_fault_set_plan(struct wire_fault *fault,
                         const struct wire_fault_plan *plan);
struct wire_machine wire_fault_machine(struct wire_fault *fault);

#endif
