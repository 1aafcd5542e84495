#include "lyncsim/certificate_strength.h"

#include "lyncsim/alloc.h"

#define USAGE_OF_PEERS (USAGE_SERVER_AUTH | USAGE_CLIENT_AUTH)

unsigned key_least_bits(enum key_algorithm algorithm)
{
    switch (algorithm) {
    case KEY_RSA:
    case KEY_RSA_PSS:
    case KEY_DSA:
        return 2048;
    case KEY_EC:
        return 256;
    case KEY_ED25519:
    case KEY_ED448:
    case KEY_UNKNOWN:
        break;
    }
    return 0;
}

bool key_is_weak(enum key_algorithm algorithm, unsigned bits)
{
    return bits < key_least_bits(algorithm);
}

bool digest_is_weak(const char *digest)
{
    static const char *const weak[] = {"MD2",  "MD4",   "MD5",
                                       "SHA1", "SHA-1", "MD5-SHA1"};

    for (size_t i = 0; digest != NULL && i < LS_COUNT(weak); i++)
        if (ls_str_equal_nocase(ls_str_from(digest), ls_str_from(weak[i])))
            return true;
    return false;
}

unsigned usage_of_peers(bool has_usage, unsigned usage)
{
    return has_usage && (usage & USAGE_ANY) == 0 ? usage & USAGE_OF_PEERS
                                                 : USAGE_OF_PEERS;
}
