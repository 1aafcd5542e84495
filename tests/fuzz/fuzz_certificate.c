/* Any bytes as a certificate: loaded, read out, judged, compared, shown. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lyncsim/certificate_report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct credential *credential)
{
    const struct certificate_facts *facts = credential_facts(credential);
    struct trust_anchors *anchors = trust_anchors_new();
    struct certificate_findings findings;
    const struct shown_certificate shown = {"FILE", credential, &findings, 0};
    struct certificate_diff diff;
    struct ls_buf out = {0};
    struct profile_attribute *subject;
    size_t count;
    char *why = NULL;

    trust_anchors_add_credential(anchors, credential);
    certificate_findings_find(&findings, credential, anchors, 0);
    certificate_report_print(&shown, &out);
    certificate_report_print_json(&shown, 1, &out);
    certificate_diff_make(&diff, facts, facts);
    assert(diff.count == 0);
    subject = profile_parse_subject(ls_str_from(facts->subject), &count, &why);
    free(subject);
    free(why);
    certificate_diff_clear(&diff);
    certificate_findings_clear(&findings);
    trust_anchors_free(anchors);
    ls_buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *why = NULL;
    struct credential *credential = credential_parse(
        ls_str_from_bytes(data, size), ls_str_from(NULL), "", &why);

    assert((credential == NULL) == (why != NULL));
    if (credential != NULL)
        use(credential);
    credential_free(credential);
    free(why);
    return 0;
}
