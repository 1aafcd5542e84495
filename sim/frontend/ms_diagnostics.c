#include "lyncsim/ms_diagnostics.h"

#include <assert.h>

#include "lyncsim/alloc.h"

#define OCER "MS-OCER 7, SipStack ErrorIds"
#define SFB_TRACE "trace of a Skype for Business 2015 Edge"

/* clang-format off */
static const struct ms_diagnostic diagnostics[] = {
    {1000, 401, "Final handshake failed.", NULL, OCER},
    {1001, 403, "From URI not authorized to communicate with public IM "
                "providers.", NULL, OCER},
    {1002, 403, "From URI not authorized to communicate with federated "
                "partners.", NULL, OCER},
    {1003, 404, "User does not exist.", "User does not exist", OCER},
    {1004, 481, "Route set is no longer valid.", NULL, OCER},
    {1005, 504, "Cannot route to destination domain.", NULL, OCER},
    {1006, 504, "Error routing on client connection.", NULL, OCER},
    {1007, 504, "Temporarily cannot route.", NULL, OCER},
    {1008, 504, "Unable to resolve DNS SRV record.", NULL, OCER},
    {1009, 504, "Conflicting SRV and host domains in DNS.",
                "No match for domain in DNS SRV results",
                OCER "; " SFB_TRACE},
    {1010, 504, "Certificate trust with next-hop server could not be "
                "established.",
                "Certificate trust with another server could not be "
                "established", OCER "; " SFB_TRACE},
    {1011, 504, "ms-diagnostics header not provided by previous hop.", NULL,
                OCER},
    {1012, 403, "From URI is not authorized to communicate with users outside "
                "the enterprise.", NULL, OCER},
    {1013, 401, "Significant time skew detected during authentication.", NULL,
                OCER},
    {1014, 504, "Unable to resolve DNS A record.", NULL, OCER},
    {1017, 403, NULL, "Cannot route From and To domains in this combination",
                "memory"},
    {1018, 400, NULL, "Parsing failure", "memory"},
    {1033, 504, NULL, "Previous hop server component did not report "
                      "diagnostic information", "memory"},
    {1034, 504, NULL, "Previous hop federated peer did not report diagnostic "
                      "information", "trace of a federated call"},
    {1036, 504, NULL, "Previous hop shared address space peer did not report "
                      "diagnostic information", "memory"},
    {1046, 504, NULL, "Failed to connect to a federated peer server",
                "memory"},
    {1047, 504, NULL, "Failed to complete TLS negotiation with a federated "
                      "peer server", "trace of a Lync 2010 Edge"},
    {4002, 488, "Multiple users associated with the source phone number.",
                NULL, "MS-OCER 7, user services ErrorIds"},
    {4003, 403, "From URI not enabled for remote access.", NULL,
                "MS-OCER 7, user services ErrorIds"},
    {4004, 403, "Credentials provided are not authorized to act as specified "
                "from URI.", NULL, "MS-OCER 7, user services ErrorIds"},
    {4005, 404, "Destination URI either not enabled for SIP or does not "
                "exist.", NULL, "MS-OCER 7, user services ErrorIds"},
    {4141, 403, NULL, "User disabled", "a client's source"},
    {4268, 403, NULL, NULL, "trace of a Skype for Business server"},
    {10003, 488, NULL, "Proxy returned a SIP failure code",
                 "trace of a Mediation Server"},
    {10013, 400, NULL, "Gateway peer in inbound call is not found in topology "
                       "document or does not depend on this Mediation Server",
                 "trace of a Mediation Server"},
};
/* clang-format on */

const struct ms_diagnostic *ms_diagnostic_find(unsigned id)
{
    for (size_t i = 0; i < LS_COUNT(diagnostics); i++)
        if (diagnostics[i].id == id)
            return &diagnostics[i];
    return NULL;
}

const struct ms_diagnostic *ms_diagnostic_at(size_t index)
{
    return index < LS_COUNT(diagnostics) ? &diagnostics[index] : NULL;
}

const char *ms_diagnostic_reason(const struct ms_diagnostic *diagnostic,
                                 enum product_version version)
{
    if (!diagnostic->document || (diagnostic->wire && version != LYNC_2010))
        return diagnostic->wire ? diagnostic->wire : "";
    return diagnostic->document;
}

void ms_diagnostic_add(struct ls_buf *place, const struct front_end *front_end,
                       unsigned id, const char *more)
{
    const struct front_end_settings *settings = front_end_settings(front_end);
    const struct ms_diagnostic *diagnostic = ms_diagnostic_find(id);

    assert(diagnostic);
    struct ls_str reason =
        ls_str_from(ms_diagnostic_reason(diagnostic, settings->version));
    /* The document ends its sentences, the wire does not. */
    if (ls_str_ends_with(reason, "."))
        reason.length--;
    sip_answer_header(place, "ms-diagnostics",
                      "%u;reason=\"%.*s\"%s;source=\"%s\"", id,
                      LS_STR_ARG(reason), more, settings->fqdn);
}

void ms_diagnostic_answer_status(const struct sip_request *request, int status,
                                 unsigned id, const char *more)
{
    struct sip_answer answer;

    sip_answer_init(&answer, request, status, NULL);
    ms_diagnostic_add(&answer.after, request->front_end, id, more);
    sip_answer_send(&answer);
}

void ms_diagnostic_answer(const struct sip_request *request, unsigned id,
                          const char *more)
{
    ms_diagnostic_answer_status(request, ms_diagnostic_find(id)->status, id,
                                more);
}
