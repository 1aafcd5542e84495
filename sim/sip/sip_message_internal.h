/*
 * What a message is made of, between its parser and its accessors.
 */
#ifndef LYNCSIM_SIP_MESSAGE_INTERNAL_H
#define LYNCSIM_SIP_MESSAGE_INTERNAL_H

#include "lyncsim/sip_field.h"
#include "lyncsim/sip_message.h"

struct sip_message {
    char *bytes;
    size_t byte_count;
    char *flat; /* the head with its folds flattened; headers point here */
    struct sip_header *headers;
    size_t header_count;
    size_t header_capacity;
    struct ls_str body;

    bool is_request;
    struct ls_str start_line;
    struct ls_str method;
    struct ls_str uri;
    int status;
    struct ls_str reason;

    struct sip_address from;
    struct sip_address to;
    char *from_tag;
    char *to_tag;
    char *from_aor;
    char *to_aor;
    char *via_host;
    char *branch;
    struct ls_str call_id;
    uint32_t cseq;
    char *cseq_method;

    /* The first thing that was wrong. */
    int fault_status;
    const char *fault_reason;
};

#endif
