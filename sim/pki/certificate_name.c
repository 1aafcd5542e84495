/*
 * Names inside a certificate: whatever ASN.1 string type they are written
 * in, they leave here as UTF-8 with their length, and with the reason why
 * they cannot be used as a name where there is one.
 */
#include "certificate_name.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

/* A line for people: what is longer than this is cut, so that a megabyte of
 * subject cannot fill a screen or a report. */
#define NAME_LINE_MAX_BYTES 4096

static bool has_byte_above_ascii(const unsigned char *at, int length)
{
    for (int i = 0; i < length; i++)
        if (at[i] >= 0x80)
            return true;
    return false;
}

/* The library takes each byte of a seven-bit type for Latin-1. */
static bool breaks_its_type(const ASN1_STRING *string)
{
    switch (ASN1_STRING_type(string)) {
    case V_ASN1_IA5STRING:
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_NUMERICSTRING:
    case V_ASN1_VISIBLESTRING:
        return has_byte_above_ascii(ASN1_STRING_get0_data(string),
                                    ASN1_STRING_length(string));
    default:
        return false;
    }
}

static enum name_fault fault_of_text(struct ls_str text)
{
    if (text.length == 0)
        return NAME_EMPTY;
    if (memchr(text.at, '\0', text.length) != NULL)
        return NAME_HAS_NUL;
    if (!ls_str_is_utf8(text))
        return NAME_UNDECODABLE;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.at[i];

        if (byte < 0x20 || byte == 0x7F)
            return NAME_HAS_CONTROL;
    }
    return NAME_SOUND;
}

/* Fill text and fault of name from string. */
static void decode(struct certificate_name *name, const ASN1_STRING *string)
{
    unsigned char *utf8 = NULL;
    int length = -1;

    ERR_set_mark();
    if (!breaks_its_type(string))
        length = ASN1_STRING_to_UTF8(&utf8, string);
    ERR_pop_to_mark();

    if (length < 0) {
        struct ls_str raw = ls_str_from_bytes(
            ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));

        name->text = ls_str_dup(raw);
        name->length = raw.length;
        name->fault = NAME_UNDECODABLE;
        return;
    }
    name->text = ls_str_dup(ls_str_from_bytes(utf8, (size_t)length));
    name->length = (size_t)length;
    name->fault = fault_of_text(ls_str_from_bytes(name->text, name->length));
    OPENSSL_free(utf8);
}

static void take_text(struct certificate_name *name, char *text)
{
    name->text = text;
    name->length = strlen(text);
    name->fault = fault_of_text(ls_str_from(text));
}

static void decode_ip(struct certificate_name *name, const ASN1_STRING *bytes)
{
    char text[INET6_ADDRSTRLEN] = "";
    int length = ASN1_STRING_length(bytes);

    if (length == 4 || length == 16)
        inet_ntop(length == 4 ? AF_INET : AF_INET6,
                  ASN1_STRING_get0_data(bytes), text, sizeof text);
    if (text[0] == '\0') {
        decode(name, bytes);
        name->fault = NAME_UNDECODABLE;
        return;
    }
    take_text(name, ls_strdup(text));
}

static char *object_text(const ASN1_OBJECT *object)
{
    char text[256] = "";

    OBJ_obj2txt(text, sizeof text, object, 1);
    return ls_strdup(text);
}

static void decode_other_name(struct certificate_name *name,
                              const OTHERNAME *other)
{
    int nid = OBJ_obj2nid(other->type_id);
    const ASN1_TYPE *value = other->value;

    /* [MS-WCCE]: the user principal name is a UTF8String in an otherName. */
    if (nid == NID_ms_upn && value != NULL &&
        value->type == V_ASN1_UTF8STRING) {
        name->source = NAME_SAN_UPN;
        decode(name, value->value.utf8string);
        return;
    }
    name->source = NAME_SAN_OTHER;
    take_text(name, object_text(other->type_id));
}

static void decode_alternative_name(struct certificate_name *name,
                                    const GENERAL_NAME *general)
{
    switch (general->type) {
    case GEN_DNS:
        name->source = NAME_SAN_DNS;
        decode(name, general->d.dNSName);
        break;
    case GEN_URI:
        name->source = NAME_SAN_URI;
        decode(name, general->d.uniformResourceIdentifier);
        break;
    case GEN_EMAIL:
        name->source = NAME_SAN_EMAIL;
        decode(name, general->d.rfc822Name);
        break;
    case GEN_IPADD:
        name->source = NAME_SAN_IP;
        decode_ip(name, general->d.iPAddress);
        break;
    case GEN_OTHERNAME:
        decode_other_name(name, general->d.otherName);
        break;
    case GEN_DIRNAME:
        name->source = NAME_SAN_OTHER;
        take_text(name, certificate_name_line(general->d.directoryName));
        break;
    case GEN_RID:
        name->source = NAME_SAN_OTHER;
        take_text(name, object_text(general->d.registeredID));
        break;
    default: /* X.400 and EDI party names: nobody reads these */
        name->source = NAME_SAN_OTHER;
        take_text(name, ls_strdup("(unread)"));
        break;
    }
}

/* Room for one more, or NULL at the limit. */
static struct certificate_name *add_name(struct certificate_facts *facts,
                                         size_t *capacity)
{
    struct certificate_name *name;

    if (facts->name_count == CERTIFICATE_NAMES_MAX)
        return NULL;
    LS_GROW(facts->names, facts->name_count, *capacity);
    name = &facts->names[facts->name_count++];
    *name = (struct certificate_name){0};
    return name;
}

static enum ls_err read_common_names(struct certificate_facts *facts,
                                     const X509_NAME *subject, size_t *capacity)
{
    for (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
         at >= 0;
         at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) {
        struct certificate_name *name = add_name(facts, capacity);

        if (name == NULL)
            return LS_ELIMIT;
        name->source = NAME_SUBJECT_CN;
        decode(name,
               X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    }
    return LS_OK;
}

static enum ls_err read_general_names(struct certificate_facts *facts,
                                      const GENERAL_NAMES *generals,
                                      size_t *capacity)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(generals); i++) {
        struct certificate_name *name = add_name(facts, capacity);

        if (name == NULL)
            return LS_ELIMIT;
        decode_alternative_name(name, sk_GENERAL_NAME_value(generals, i));
    }
    return LS_OK;
}

enum ls_err certificate_names_read(struct certificate_facts *facts, X509 *x509)
{
    enum ls_err err;
    size_t capacity = 0;
    GENERAL_NAMES *generals;
    int critical = -1;

    err = read_common_names(facts, X509_get_subject_name(x509), &capacity);
    if (err != LS_OK)
        return err;

    ERR_set_mark();
    generals = X509_get_ext_d2i(x509, NID_subject_alt_name, &critical, NULL);
    ERR_pop_to_mark();
    /* -1: there is none; -2: more than one, which speaks for nobody. */
    if (generals == NULL && critical != -1)
        facts->has_broken_names = true;
    err = read_general_names(facts, generals, &capacity);
    GENERAL_NAMES_free(generals);
    return err;
}

static void add_attribute_value(struct ls_buf *line, const ASN1_STRING *string)
{
    struct certificate_name value = {0};
    struct ls_str rest;
    size_t special;

    decode(&value, string);
    rest = ls_str_from_bytes(value.text, value.length);
    for (;;) {
        for (special = 0; special < rest.length; special++)
            if (strchr(",+=", rest.at[special]) != NULL &&
                rest.at[special] != '\0')
                break;
        ls_buf_add_escaped(line, ls_str_first(rest, special));
        if (special == rest.length)
            break;
        /* Only a separator can be mistaken for one. */
        if (rest.at[special] != '=')
            ls_buf_add_byte(line, '\\');
        ls_buf_add_byte(line, rest.at[special]);
        rest = ls_str_skip(rest, special + 1);
    }
    free(value.text);
}

static void add_attribute(struct ls_buf *line, const X509_NAME_ENTRY *entry)
{
    const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(entry);
    int nid = OBJ_obj2nid(type);

    if (nid != NID_undef) {
        ls_buf_add_text(line, OBJ_nid2sn(nid));
    } else {
        char *oid = object_text(type);

        ls_buf_add_text(line, oid);
        free(oid);
    }
    ls_buf_add_byte(line, '=');
    add_attribute_value(line, X509_NAME_ENTRY_get_data(entry));
}

/* The front of a text of UTF-8 that is longer, cut between characters. */
static struct ls_str whole_characters(struct ls_str text, size_t length)
{
    while (length > 0 && ((unsigned char)text.at[length] & 0xC0) == 0x80)
        length--;
    return ls_str_first(text, length);
}

char *certificate_name_line(const X509_NAME *name)
{
    struct ls_buf line = {0};
    int count = X509_NAME_entry_count(name);
    int last_set = -1;

    for (int i = 0; i < count && line.length <= NAME_LINE_MAX_BYTES; i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        int set = X509_NAME_ENTRY_set(entry);

        if (i > 0)
            ls_buf_add_text(&line, set == last_set ? "+" : ", ");
        last_set = set;
        add_attribute(&line, entry);
    }
    if (line.length > NAME_LINE_MAX_BYTES) {
        size_t whole = line.length;
        char *kept = ls_str_dup(
            whole_characters(ls_buf_str(&line), NAME_LINE_MAX_BYTES));

        ls_buf_clear(&line);
        ls_buf_printf(&line, "%s... (cut, more than %zu bytes)", kept, whole);
        free(kept);
    }
    return ls_buf_take(&line);
}
