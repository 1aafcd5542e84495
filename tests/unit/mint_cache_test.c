#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"

#include "support/test_lab.h"

static char *folder;

static void open_folder(void)
{
    folder = ls_strf("/tmp/mint_cache_test.%d", (int)getpid());
    cr_assert_eq(mkdir(folder, 0700), 0);
    setenv("XDG_CACHE_HOME", folder, 1);
}

static char *cached_file(void);

static void close_folder(void)
{
    static const char *const below[] = {"/lyncsim/keys", "/lyncsim", ""};
    char *file = cached_file();

    if (file != NULL)
        unlink(file);
    free(file);
    for (size_t i = 0; i < LS_COUNT(below); i++) {
        char *path = ls_strf("%s%s", folder, below[i]);

        rmdir(path);
        free(path);
    }
    free(folder);
}

static struct credential *issue(const char *key)
{
    const struct certificate_profile profile = {.key = ls_str_from(key),
                                                .name = "cached"};

    return test_lab_issue("CN=a.b", NULL, &profile);
}

/* The one key that is there, or NULL; owned by the caller. */
static char *cached_file(void)
{
    char *keys = ls_strf("%s/lyncsim/keys", folder);
    DIR *directory = opendir(keys);
    char *found = NULL;

    for (struct dirent *entry = directory ? readdir(directory) : NULL;
         entry != NULL; entry = readdir(directory)) {
        if (entry->d_name[0] == '.')
            continue;
        cr_expect_null(found, "%s", entry->d_name);
        free(found);
        found = ls_strf("%s/%s", keys, entry->d_name);
    }
    if (directory != NULL)
        closedir(directory);
    free(keys);
    return found;
}

static void expect_same(const struct credential *a, const struct credential *b)
{
    cr_expect_arr_eq(credential_facts(a)->sha256, credential_facts(b)->sha256,
                     32);
}

Test(mint_cache, keeps_an_rsa_key_for_its_owner_alone, .init = open_folder,
     .fini = close_folder)
{
    struct credential *made = issue("rsa1024");
    struct credential *found = issue("rsa1024");
    char *path = cached_file();
    struct stat status;

    cr_assert_not_null(path);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600u);
    expect_same(made, found);
    free(path);
    credential_free(found);
    credential_free(made);
}

Test(mint_cache, makes_a_damaged_key_again, .init = open_folder,
     .fini = close_folder)
{
    struct credential *made = issue("rsa1024");
    char *path = cached_file();
    struct credential *again;

    cr_assert_eq(truncate(path, 100), 0);
    again = issue("rsa1024");
    expect_same(made, again);
    free(path);
    credential_free(again);
    credential_free(made);
}

Test(mint_cache, does_without_a_place_to_keep_keys)
{
    struct credential *made;

    setenv("XDG_CACHE_HOME", "/proc/nowhere", 1);
    made = issue("rsa1024");
    cr_expect_eq(credential_facts(made)->key_bits, 1024u);
    credential_free(made);
    unsetenv("HOME");
    setenv("XDG_CACHE_HOME", "not/absolute", 1);
    made = issue("rsa1024");
    cr_expect_eq(credential_facts(made)->key_bits, 1024u);
    credential_free(made);
}

Test(mint_cache, keeps_no_key_that_is_quick_to_make_or_a_secret,
     .init = open_folder, .fini = close_folder)
{
    struct certificate_profile profile = {.name = "a",
                                          .key = LS_STR("rsa1024")};
    struct mint *mint = mint_new(NULL);
    struct credential *quick = issue("p256");
    char *why = NULL;
    struct credential *secret = mint_issue(mint, &profile, NULL, &why);

    cr_assert_not_null(secret, "%s", why);
    cr_expect_null(cached_file());
    credential_free(secret);
    credential_free(quick);
    mint_free(mint);
}
