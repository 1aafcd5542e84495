/* Any bytes as a certificate, judged by every rule and explained. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lyncsim/credential.h"

#include "support/trust_lab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct trust_lab *lab)
{
    for (size_t i = 0; i < IDENTITY_RULE_COUNT; i++) {
        struct ls_buf out = {0};

        lab->policy.rule = &identity_rules[i];
        trust_lab_decide(lab);
        trust_lab_explain(&lab->verdict, &out);
        assert(ls_str_is_utf8(ls_buf_str(&out)));
        ls_buf_clear(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *why = NULL;
    struct credential *credential = credential_parse(
        ls_str_from_bytes(data, size), (struct ls_str){"", 0}, NULL, &why);
    struct trust_lab lab;

    trust_lab_open(&lab, NULL, "mail.contoso.com{cas1.contoso.com} owa.b.net",
                   "new.contoso.com");
    if (credential != NULL)
        lab.evidence.leaf = credential_facts(credential);
    judge(&lab);
    trust_lab_close(&lab);
    credential_free(credential);
    free(why);
    return 0;
}
