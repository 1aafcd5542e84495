/*
 * Subjects in any string type. By default the library decides and enforces
 * the upper bounds of X.520; a stated type lets through what it would not,
 * which is what a laboratory of faults is for.
 */
#include "mint_subject.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/err.h>

#include "lyncsim/alloc.h"

#include "openssl_reason.h"

static const struct {
    const char *name;
    int type;
    unsigned long mask;
} string_types[] = {
    {"utf8", V_ASN1_UTF8STRING, B_ASN1_UTF8STRING},
    {"bmp", V_ASN1_BMPSTRING, B_ASN1_BMPSTRING},
    {"t61", V_ASN1_T61STRING, B_ASN1_T61STRING},
    {"printable", V_ASN1_PRINTABLESTRING, B_ASN1_PRINTABLESTRING},
    {"ia5", V_ASN1_IA5STRING, B_ASN1_IA5STRING},
    {"universal", V_ASN1_UNIVERSALSTRING, B_ASN1_UNIVERSALSTRING},
};

static char *sentence_about(const struct profile_attribute *attribute)
{
    unsigned long error = ERR_peek_last_error();
    char *sentence;

    if (ERR_GET_REASON(error) == ASN1_R_STRING_TOO_LONG)
        sentence = ls_strf(
            "the %.*s is longer than X.520 allows (64 characters for a CN); "
            "a certificate that breaks this rule is asked for with %.*s:utf8=",
            LS_STR_ARG(attribute->type), LS_STR_ARG(attribute->type));
    else
        sentence =
            ls_strf("the %.*s \"%.*s\" cannot be written as %s%.*s",
                    LS_STR_ARG(attribute->type), LS_STR_ARG(attribute->value),
                    ls_str_is_empty(attribute->string) ? "that attribute"
                                                       : "a string of type ",
                    LS_STR_ARG(attribute->string));
    ERR_clear_error();
    return sentence;
}

/* The encoded bytes in out; its type is set. */
static bool encode(const struct profile_attribute *attribute, ASN1_STRING **out,
                   char **why)
{
    struct ls_str name = attribute->string;
    bool is_raw = ls_str_starts_with(name, "raw-");

    if (is_raw)
        name = ls_str_skip(name, 4);
    for (size_t i = 0; i < LS_COUNT(string_types); i++) {
        const unsigned char *bytes = (const unsigned char *)attribute->value.at;
        int length = (int)attribute->value.length;

        if (!ls_str_equal_text(name, string_types[i].name))
            continue;
        if (is_raw) {
            *out = ASN1_STRING_type_new(string_types[i].type);
            return ASN1_STRING_set(*out, bytes, length) == 1;
        }
        if (ASN1_mbstring_ncopy(out, bytes, length, MBSTRING_UTF8,
                                string_types[i].mask, 0, 0) > 0)
            return true;
        *why = sentence_about(attribute);
        return false;
    }
    *why = ls_strf("there is no string type \"%.*s\": utf8, bmp, t61, "
                   "printable, ia5, universal, or raw- and one of these",
                   LS_STR_ARG(attribute->string));
    return false;
}

static X509_NAME_ENTRY *entry_of(const struct profile_attribute *attribute,
                                 const ASN1_OBJECT *type, char **why)
{
    X509_NAME_ENTRY *entry;
    ASN1_STRING *string = NULL;

    if (ls_str_is_empty(attribute->string)) {
        entry = X509_NAME_ENTRY_create_by_OBJ(
            NULL, type, MBSTRING_UTF8,
            (const unsigned char *)attribute->value.at,
            (int)attribute->value.length);
        if (entry == NULL)
            *why = sentence_about(attribute);
        return entry;
    }
    if (!encode(attribute, &string, why)) {
        ASN1_STRING_free(string);
        return NULL;
    }
    entry = X509_NAME_ENTRY_create_by_OBJ(NULL, type, ASN1_STRING_type(string),
                                          ASN1_STRING_get0_data(string),
                                          ASN1_STRING_length(string));
    ASN1_STRING_free(string);
    if (entry == NULL)
        *why = sentence_about(attribute);
    return entry;
}

static bool add_attribute(X509_NAME *name,
                          const struct profile_attribute *attribute, char **why)
{
    char *text = ls_str_dup(attribute->type);
    ASN1_OBJECT *type = OBJ_txt2obj(text, 0);
    X509_NAME_ENTRY *entry = NULL;
    bool is_done = false;

    if (type == NULL) {
        *why = ls_strf("there is no subject attribute \"%s\": CN, O, OU, L, "
                       "ST, C, DC, emailAddress, serialNumber or a dotted OID",
                       text);
        ERR_clear_error();
    } else {
        entry = entry_of(attribute, type, why);
        is_done = entry != NULL &&
                  X509_NAME_add_entry(name, entry, -1,
                                      attribute->is_joined ? -1 : 0) == 1;
    }
    X509_NAME_ENTRY_free(entry);
    ASN1_OBJECT_free(type);
    free(text);
    return is_done;
}

bool mint_fill_subject(X509_NAME *name,
                       const struct profile_attribute *attributes, size_t count,
                       char **why)
{
    for (size_t i = 0; i < count; i++)
        if (!add_attribute(name, &attributes[i], why)) {
            if (*why == NULL)
                *why = openssl_reason("the subject cannot be made");
            return false;
        }
    return true;
}
