#include <stdint.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"

Test(alloc, gives_zeroed_memory)
{
    unsigned char *memory = ls_alloc(64);

    for (size_t i = 0; i < 64; i++)
        cr_expect_eq(memory[i], 0);
    free(memory);
}

Test(alloc, gives_memory_for_nothing_too)
{
    void *none = ls_alloc(0);
    void *empty = ls_alloc_array(0, 8);

    cr_expect_not_null(none);
    cr_expect_not_null(empty);
    free(none);
    free(empty);
}

Test(alloc, grows_an_array_and_keeps_its_elements)
{
    unsigned *numbers = NULL;
    size_t count = 0, capacity = 0;

    for (unsigned i = 0; i < 1000; i++) {
        LS_GROW(numbers, count, capacity);
        numbers[count++] = i;
    }

    for (unsigned i = 0; i < 1000; i++)
        cr_expect_eq(numbers[i], i);
    free(numbers);
}

Test(alloc, copies_what_is_no_c_string)
{
    char *copy = ls_str_dup(ls_str_from_bytes("pool.contoso.com", 4));
    char *empty = ls_str_dup((struct ls_str){0});

    cr_expect_str_eq(copy, "pool");
    cr_expect_str_eq(empty, "");
    free(copy);
    free(empty);
}

Test(alloc, copies_nothing_as_nothing)
{
    cr_assert_null(ls_strdup(NULL));
}

Test(alloc, makes_a_text_as_printf_does)
{
    char *text = ls_strf("%s:%u", "fe.contoso.com", 5061u);

    cr_expect_str_eq(text, "fe.contoso.com:5061");
    free(text);
}

/* The address sanitizer reports such a request before it fails. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ALLOC_IS_WATCHED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ALLOC_IS_WATCHED
#endif

#ifndef ALLOC_IS_WATCHED
Test(alloc, ends_with_four_when_memory_runs_out, .exit_code = 4)
{
    free(ls_alloc_array(2, PTRDIFF_MAX));
}

Test(alloc, ends_with_four_when_a_product_overflows, .exit_code = 4)
{
    free(ls_realloc_array(NULL, SIZE_MAX / 2, 3));
}
#endif
