/*
 * One file a key, named by a digest of all that it depends on, the library's
 * version among it; written aside and renamed, so that two programs at once
 * do each other no harm.
 */
#include "mint_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/x509.h>

#include "lyncsim/alloc.h"
#include "lyncsim/buf.h"

/* An RSA-8192 key is 5 kB. */
#define KEY_FILE_MAX_BYTES 8192

/* Where the keys are, owned by the caller; NULL when there is no such place.
 * XDG base directories: a path that is not absolute counts as unset. */
static char *directory(void)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");

    if (cache != NULL && *cache == '/')
        return ls_strf("%s/lyncsim/keys", cache);
    if (home != NULL && *home == '/')
        return ls_strf("%s/.cache/lyncsim/keys", home);
    return NULL;
}

static void absorb(EVP_MD_CTX *hash, struct ls_str part)
{
    uint64_t length = part.length;

    EVP_DigestUpdate(hash, &length, sizeof length);
    EVP_DigestUpdate(hash, part.at, part.length);
}

static char *path_of(const char *folder, const struct mint_label *label)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    struct ls_buf path = {0};

    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    absorb(hash, ls_str_from(OpenSSL_version(OPENSSL_FULL_VERSION_STRING)));
    absorb(hash, label->source->seed);
    absorb(hash, ls_str_from(label->purpose));
    absorb(hash, label->name);
    absorb(hash, label->detail);
    EVP_DigestFinal_ex(hash, digest, &length);
    EVP_MD_CTX_free(hash);
    ls_buf_printf(&path, "%s/", folder);
    for (unsigned i = 0; i < length; i++)
        ls_buf_printf(&path, "%02x", digest[i]);
    ls_buf_add_text(&path, ".der");
    return ls_buf_take(&path);
}

static EVP_PKEY *read_key(const char *path)
{
    unsigned char bytes[KEY_FILE_MAX_BYTES];
    const unsigned char *at = bytes;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t length;

    if (descriptor < 0)
        return NULL;
    length = read(descriptor, bytes, sizeof bytes);
    close(descriptor);
    return length > 0 ? d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)length)
                      : NULL;
}

EVP_PKEY *mint_cache_find(const struct mint_label *label, unsigned bits)
{
    char *folder = directory();
    char *path;
    EVP_PKEY *key;

    if (folder == NULL)
        return NULL;
    path = path_of(folder, label);
    key = read_key(path);
    if (key != NULL && EVP_PKEY_get_bits(key) != (int)bits) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    free(path);
    free(folder);
    return key;
}

/* Every folder of the path that is missing, for the owner alone. */
static bool make_folders(const char *folder)
{
    char *path = ls_strdup(folder);
    bool is_there = true;

    for (char *slash = strchr(path + 1, '/'); is_there;
         slash = strchr(slash + 1, '/')) {
        if (slash != NULL)
            *slash = '\0';
        is_there = mkdir(path, 0700) == 0 || errno == EEXIST;
        if (slash == NULL)
            break;
        *slash = '/';
    }
    free(path);
    return is_there;
}

static bool write_aside(const char *aside, const unsigned char *bytes,
                        size_t length)
{
    int descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_done;

    if (descriptor < 0)
        return false;
    is_done = write(descriptor, bytes, length) == (ssize_t)length;
    is_done &= close(descriptor) == 0;
    if (!is_done)
        unlink(aside);
    return is_done;
}

void mint_cache_keep(const struct mint_label *label, EVP_PKEY *key)
{
    unsigned char *der = NULL;
    int length = i2d_PrivateKey(key, &der);
    char *folder = directory();
    char *path = folder != NULL ? path_of(folder, label) : NULL;
    char *aside = path != NULL ? ls_strf("%s.%d", path, (int)getpid()) : NULL;

    if (length > 0 && aside != NULL && make_folders(folder) &&
        write_aside(aside, der, (size_t)length) && rename(aside, path) != 0)
        unlink(aside);
    OPENSSL_clear_free(der, length > 0 ? (size_t)length : 0);
    free(aside);
    free(path);
    free(folder);
}
