/* Any bytes as a certificate: loaded, read out, judged, compared, shown; and
 * as a revocation list and as a staple. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lyncsim/certificate_report.h"
#include "lyncsim/revocation_list.h"
#include "lyncsim/staple.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct credential *credential)
{
    const struct certificate_facts *facts = credential_facts(credential);
    struct trust_anchors *anchors = trust_anchors_new();
    struct certificate_findings findings;
    const struct shown_certificate shown = {
        .file = "FILE", .credential = credential, .findings = &findings};
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

static void use_as_list(struct ls_str bytes)
{
    struct trust_anchors *anchors = trust_anchors_new();
    char *why = NULL;
    bool is_list = revocation_lists_add(anchors, bytes, &why);

    assert(is_list == (why == NULL));
    trust_anchors_free(anchors);
    free(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ls_str bytes = ls_str_from_bytes((const char *)data, size);
    char *why = NULL;
    struct credential *credential =
        credential_parse(bytes, ls_str_from(NULL), "", &why);

    assert((credential == NULL) == (why != NULL));
    use_as_list(bytes);
    if (credential != NULL) {
        use(credential);
        staple_judge(bytes, credential_leaf(credential),
                     credential_leaf(credential), 0);
    }
    credential_free(credential);
    free(why);
    return 0;
}
