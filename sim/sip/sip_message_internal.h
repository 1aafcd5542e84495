/*
 * What a message is made of, between its parser and its accessors.
 */
#ifndef LYNCSIM_SIP_MESSAGE_INTERNAL_H
#define LYNCSIM_SIP_MESSAGE_INTERNAL_H

#include "lyncsim/sip_message.h"
#include "lyncsim/sip_party.h"

/* Written when they are first asked for, which most messages never see. */
struct sip_aors {
    struct ls_buf from;
    struct ls_buf to;
};

/* As many headers as most messages have find room in the message itself. */
#define SIP_HEADERS_FEW 12

struct sip_message {
    char *bytes; /* in the same block */
    size_t byte_count;
    bool holds_nul; /* anywhere: seldom worth another look */
    char *flat;     /* folded headers in one line each, or NULL */
    struct sip_header few[SIP_HEADERS_FEW];
    struct sip_header *headers; /* few, or owned */
    size_t header_count;
    size_t header_capacity;
    struct ls_str body;

    bool is_request;
    struct ls_str start_line;
    struct ls_str method;
    struct ls_str uri;
    int status;
    struct ls_str reason;

    struct sip_party from;
    struct sip_party to;
    struct sip_aors *aors; /* in the same block */
    struct ls_str via_host;
    struct ls_str branch;
    struct ls_str call_id;
    uint32_t cseq;
    struct ls_str cseq_method;

    /* The first thing that was wrong. */
    int fault_status;
    const char *fault_reason;
};

/* What a message takes, but for the headers of long ones: one block. */
struct sip_message_block {
    struct sip_message message; /* first: the block is freed by it */
    struct sip_aors aors;
    char bytes[];
};

#endif
