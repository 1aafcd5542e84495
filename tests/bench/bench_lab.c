#include "bench_lab.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/mint.h"

#define YEAR_S (365 * 24 * 60 * 60)

static const char *const key_texts[] = {"RSA-2048", "P-256"};
static const char *const key_kinds[] = {"rsa2048", "p256"};

const char *bench_key_text(enum bench_key key)
{
    return key_texts[key];
}

static void die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(3);
}

void bench_lab_write(const struct bench_lab *lab, const char *name,
                     const char *text, char path[BENCH_PATH_MAX])
{
    char *joined = ls_strf("%s/%s", lab->folder, name);
    size_t size = strlen(joined) + 1;
    FILE *file;

    if (size > BENCH_PATH_MAX)
        die(joined);
    memcpy(path, joined, size);
    free(joined);
    file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        die(path);
}

static struct credential *issue(struct mint *mint, const char *kind,
                                const char *cn, const struct credential *issuer)
{
    const struct profile_attribute subject = {.type = LS_STR("CN"),
                                              .value = ls_str_from(cn)};
    const struct profile_san san = {NAME_SAN_DNS, ls_str_from(cn)};
    const struct certificate_profile profile = {
        .name = cn,
        .subject = &subject,
        .subject_count = 1,
        .sans = &san,
        .san_count = issuer ? 1 : 0,
        .key = ls_str_from(kind),
        .is_authority = !issuer,
        .not_before_s = time(NULL) - YEAR_S,
        .not_after_s = time(NULL) + YEAR_S,
    };
    char *why = NULL;
    struct credential *made = mint_issue(mint, &profile, issuer, &why);

    if (!made)
        die(why);
    return made;
}

/* Issue and write a certificate and its key. */
static void make_leaf(const struct bench_lab *lab, struct mint *mint,
                      enum bench_key key, const char *cn,
                      const struct credential *issuer,
                      char path[BENCH_PATH_MAX], char key_path[BENCH_PATH_MAX],
                      char *both)
{
    struct credential *made = issue(mint, key_kinds[key], cn, issuer);
    char *pem = credential_format_pem(made);
    char *key_pem = credential_format_key_pem(made);
    char *joined = ls_strf("%s%s", pem, key_pem);
    char name[BENCH_PATH_MAX];

    snprintf(name, sizeof name, "%s-%s.pem", cn, key_kinds[key]);
    bench_lab_write(lab, name, pem, path);
    snprintf(name, sizeof name, "%s-%s.key", cn, key_kinds[key]);
    bench_lab_write(lab, name, key_pem, key_path);
    snprintf(name, sizeof name, "%s-%s.both", cn, key_kinds[key]);
    if (both)
        bench_lab_write(lab, name, joined, both);
    free(pem);
    free(key_pem);
    free(joined);
    credential_free(made);
}

static void make_files(struct bench_lab *lab, struct mint *mint,
                       enum bench_key key)
{
    struct bench_files *files = &lab->files[key];
    char spare[BENCH_PATH_MAX], name[BENCH_PATH_MAX];
    struct credential *root = issue(mint, key_kinds[key], "Bench Root", NULL);
    char *pem = credential_format_pem(root);

    snprintf(name, sizeof name, "authority-%s.pem", key_kinds[key]);
    bench_lab_write(lab, name, pem, files->authority);
    free(pem);
    make_leaf(lab, mint, key, "fe.contoso.com", root, files->server,
              files->server_key, files->both);
    make_leaf(lab, mint, key, "cas.contoso.com", root, files->known,
              files->known_key, spare);
    make_leaf(lab, mint, key, "stranger.contoso.com", root, files->unknown,
              files->unknown_key, NULL);
    credential_free(root);
}

void bench_lab_make(struct bench_lab *lab)
{
    struct mint *mint = mint_new(NULL);

    snprintf(lab->folder, sizeof lab->folder, "/tmp/lyncsim-bench-XXXXXX");
    if (!mkdtemp(lab->folder))
        die(lab->folder);
    for (int key = 0; key < BENCH_KEY_COUNT; key++)
        make_files(lab, mint, (enum bench_key)key);
    bench_lab_write(lab, "topology.yaml",
                    "topology:\n  pools: [{fqdn: cas.contoso.com}]\n",
                    lab->topology);
    mint_free(mint);
}

void bench_lab_remove(struct bench_lab *lab)
{
    DIR *folder = opendir(lab->folder);
    struct dirent *entry;

    while (folder && (entry = readdir(folder)))
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    rmdir(lab->folder);
}
