#include "chain_burden.h"

#include <openssl/x509v3.h>

/* Bytes of what path validation takes more than one look at. */
struct burden {
    size_t policies, constraints, certificates;
};

static void add_extensions(struct burden *burden, X509 *x509)
{
    for (int i = 0; i < X509_get_ext_count(x509); i++) {
        X509_EXTENSION *extension = X509_get_ext(x509, i);
        size_t length =
            (size_t)ASN1_STRING_length(X509_EXTENSION_get_data(extension));

        switch (OBJ_obj2nid(X509_EXTENSION_get_object(extension))) {
        case NID_certificate_policies:
        case NID_policy_mappings:
            burden->policies += length;
            break;
        case NID_name_constraints:
            burden->constraints += length;
            break;
        default:
            break;
        }
    }
}

/* Names fill the largest part of a certificate that has many. */
static void add_bytes(struct burden *burden, X509 *x509)
{
    int length = i2d_X509(x509, NULL);

    burden->certificates += length > 0 ? (size_t)length : 0;
}

typedef void(add_fn)(struct burden *burden, X509 *x509);

static void add_all(struct burden *burden, X509 *leaf,
                    const STACK_OF(X509) * sent, add_fn *add)
{
    add(burden, leaf);
    for (int i = 0; sent && i < sk_X509_num(sent); i++)
        if (sk_X509_value(sent, i) != leaf)
            add(burden, sk_X509_value(sent, i));
}

const struct chain_excess *chain_burden_judge(X509 *leaf,
                                              const STACK_OF(X509) * sent)
{
    static const struct chain_excess
        count_excess = {X509_V_ERR_CERT_CHAIN_TOO_LONG,
                        "more certificates than are looked at"},
        policy_excess = {X509_V_ERR_INVALID_POLICY_EXTENSION,
                         "more certificate policies than are looked at"},
        name_excess = {X509_V_ERR_INVALID_EXTENSION,
                       "more names and constraints of names than are looked "
                       "at"};
    struct burden burden = {0};

    if (sent && sk_X509_num(sent) > CHAIN_SENT_MAX)
        return &count_excess;
    add_all(&burden, leaf, sent, add_extensions);
    if (burden.policies > CHAIN_POLICY_BYTES_MAX)
        return &policy_excess;
    if (burden.constraints == 0)
        return NULL;
    add_all(&burden, leaf, sent, add_bytes);
    return burden.certificates > CHAIN_NAME_WORK_MAX / burden.constraints
               ? &name_excess
               : NULL;
}
