#include <signal.h>

#include <criterion/criterion.h>

#include "lyncsim/id_source.h"

Test(id_source, repeats_itself_from_the_same_seed)
{
    struct id_source a, b;

    id_source_init_seeded(&a, ls_str_from("owa-subject-name"));
    id_source_init_seeded(&b, ls_str_from("owa-subject-name"));

    for (unsigned i = 0; i < 1000; i++)
        cr_assert_eq(id_source_u64(&a), id_source_u64(&b));
}

/* What a release draws, the next must draw: goldens stand on it. */
Test(id_source, draws_the_same_in_every_release)
{
    struct id_source ids;
    struct ls_buf hex = {0};

    id_source_init_seeded(&ids, ls_str_from("lyncsim"));
    id_source_add_hex(&ids, &hex, 40);

    cr_expect(ls_str_equal_text(ls_buf_str(&hex),
                                "EEA066DEC35DF85F0D7A3866EDB7545246A8A259"),
              "%s", hex.at);
    ls_buf_clear(&hex);
}

Test(id_source, differs_between_seeds)
{
    struct id_source a, b;

    id_source_init_seeded(&a, ls_str_from("a"));
    id_source_init_seeded(&b, ls_str_from("b"));
    cr_expect_neq(id_source_u64(&a), id_source_u64(&b));

    id_source_init_seeded(&a, ls_str_from(""));
    cr_expect_neq(id_source_u64(&a), id_source_u64(&a));
}

Test(id_source, never_repeats_itself_unseeded)
{
    struct id_source a, b;

    id_source_init_system(&a);
    id_source_init_system(&b);
    cr_expect_neq(id_source_u64(&a), id_source_u64(&b));
}

Test(id_source, stays_below_the_bound)
{
    struct id_source ids;
    unsigned seen[6] = {0};

    id_source_init_seeded(&ids, ls_str_from("dice"));
    for (unsigned i = 0; i < 6000; i++)
        seen[id_source_below(&ids, 6)]++;

    for (unsigned i = 0; i < 6; i++)
        cr_expect(seen[i] > 800 && seen[i] < 1200, "%u: %u", i, seen[i]);
    cr_expect_eq(id_source_below(&ids, 1), 0u);
}

Test(id_source, refuses_a_bound_of_nothing, .signal = SIGABRT)
{
    struct id_source ids;

    id_source_init_seeded(&ids, ls_str_from("dice"));
    id_source_below(&ids, 0);
}

Test(id_source, adds_as_many_digits_as_asked_for)
{
    struct id_source ids;

    id_source_init_seeded(&ids, ls_str_from("hex"));
    for (unsigned count = 0; count < 40; count++) {
        struct ls_buf hex = {0};

        id_source_add_hex(&ids, &hex, count);
        cr_expect_eq(hex.length, count);
        ls_buf_clear(&hex);
    }
}
