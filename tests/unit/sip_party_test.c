#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/sip_party.h"

static void expect_text(struct ls_str found, const char *wanted)
{
    cr_expect(ls_str_equal_text(found, wanted), "\"%.*s\", not \"%s\"",
              LS_STR_ARG(found), wanted);
}

/* Read a copy that is gone afterwards, as messages are. */
static bool reads(struct sip_parties *parties, const char *text,
                  const char *uri, const char *tag)
{
    char *copy = ls_strdup(text);
    struct sip_party party = {0};
    bool is_read = sip_party_read(parties, ls_str_from(copy), &party);

    if (is_read) {
        expect_text(party.address.uri, uri);
        expect_text(party.tag, tag);
        cr_expect(party.address.uri.at > copy &&
                  party.address.uri.at < copy + strlen(copy));
    }
    free(copy);
    return is_read;
}

Test(sip_party, reads_a_value_again_as_it_did_at_first)
{
    struct sip_parties *parties = sip_parties_new();

    for (int i = 0; i < 3; i++) {
        cr_expect(reads(parties, "\"A\" <sip:a@b.com>;tag=1;epid=2",
                        "sip:a@b.com", "1"));
        cr_expect(reads(parties, "<sip:b.com>", "sip:b.com", ""));
    }
    sip_parties_free(parties);
}

Test(sip_party, takes_no_value_for_one_that_it_remembers)
{
    static const char *const malformed[] = {
        "<sip:a@b.com>;tag=1;tag=1", "<sip:a@b.com;tag=1",
        "<sip:@b.com>;tag=1",        "<sip:a@b.com>;tag=",
        "<sip:a%zz@b.com>;tag=1",    "",
    };
    struct sip_parties *parties = sip_parties_new();

    for (size_t i = 0; i < LS_COUNT(malformed); i++) {
        cr_expect(reads(parties, "<sip:a@b.com>;tag=1", "sip:a@b.com", "1"));
        for (int again = 0; again < 2; again++)
            cr_expect_not(reads(parties, malformed[i], "", ""), "%s",
                          malformed[i]);
    }
    sip_parties_free(parties);
}

Test(sip_party, forgets_old_values_for_new_ones)
{
    struct sip_parties *parties = sip_parties_new();

    for (unsigned i = 0; i < 2000; i++) {
        unsigned number = i < 1000 ? i : 1999 - i;
        char *uri = ls_strf("sip:user%u@b.com", number);
        char *tag = ls_strf("%u", number * 7);
        char *value = ls_strf("<%s>;tag=%s", uri, tag);

        cr_expect(reads(parties, value, uri, tag));
        free(value);
        free(tag);
        free(uri);
    }
    sip_parties_free(parties);
}

Test(sip_party, reads_long_values_and_without_memory)
{
    struct sip_parties *parties = sip_parties_new();
    char value[1024] = "<sip:b.com>;tag=";

    memset(value + strlen(value), 'x', 800);
    for (int again = 0; again < 2; again++)
        cr_expect(reads(parties, value, "sip:b.com", strchr(value, 'x')));
    cr_expect(reads(NULL, "<sip:b.com>;tag=1", "sip:b.com", "1"));
    cr_expect_not(reads(NULL, "<sip:b.com;tag=1", "", ""));
    sip_parties_free(parties);
}
