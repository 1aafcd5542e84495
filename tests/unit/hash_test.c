#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/hash.h"

/* The key and the messages of the authors' test vectors: 00 01 02 … */
static const struct ls_hash_key known_key = {
    {0x0706050403020100u, 0x0F0E0D0C0B0A0908u}};
static const char known_bytes[] = {0, 1, 2,  3,  4,  5,  6, 7,
                                   8, 9, 10, 11, 12, 13, 14};

Test(hash, is_siphash)
{
    static const struct {
        size_t length;
        uint64_t digest;
    } rows[] = {
        {0, 0x726FDB47DD0E0E31u},
        {1, 0x74F839C593DC67FDu},
        {8, 0x93F5F5799A932462u},
        {15, 0xA129CA6149BE45E5u},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++)
        cr_expect_eq(
            ls_hash_digest_with(&known_key,
                                ls_str_from_bytes(known_bytes, rows[i].length)),
            rows[i].digest, "%zu bytes", rows[i].length);
}

Test(hash, has_a_key_that_nobody_knows)
{
    struct ls_str text = ls_str_from("sip:ann@contoso.com");

    cr_expect_eq(ls_hash_digest(text), ls_hash_digest(text));
    cr_expect_neq(ls_hash_digest(text), ls_hash_digest_with(&known_key, text));
    cr_expect_neq(ls_hash_digest(text),
                  ls_hash_digest_with(&(struct ls_hash_key){{0}}, text));
}

struct named {
    const char *name;
    UT_hash_handle hh;
};

Test(hash, is_what_tables_use_and_they_list_in_order_of_arrival)
{
    struct named items[] = {{.name = "b"}, {.name = "a"}, {.name = "c"}};
    struct named *table = NULL, *item;
    size_t count = 0;

    for (size_t i = 0; i < LS_COUNT(items); i++)
        HASH_ADD_KEYPTR(hh, table, items[i].name, 1, &items[i]);
    cr_expect_eq(items[0].hh.hashv, (unsigned)ls_hash_digest(ls_str_from("b")));
    for (item = table; item; item = item->hh.next)
        cr_expect_eq(item, &items[count++]);
    cr_expect_eq(count, LS_COUNT(items));
    HASH_FIND(hh, table, "a", 1, item);
    cr_expect_eq(item, &items[1]);
    HASH_CLEAR(hh, table);
}
