#include "lyncsim/id_source.h"

#include <assert.h>
#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

/* Public domain generators by Blackman, Steele and Vigna: splitmix64 spreads
 * the seed, xoroshiro128++ draws from it. Repeatable, not secret. */
static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t word, unsigned count)
{
    return word << count | word >> (64 - count);
}

static uint64_t xoroshiro128pp(uint64_t state[2])
{
    uint64_t a = state[0];
    uint64_t b = state[1];
    uint64_t drawn = rotate_left(a + b, 17) + a;

    b ^= a;
    state[0] = rotate_left(a, 49) ^ b ^ b << 21;
    state[1] = rotate_left(b, 28);
    return drawn;
}

/* FNV-1a, 64 bits. */
static uint64_t hash(struct ls_str text)
{
    uint64_t sum = 0xCBF29CE484222325u;

    for (size_t i = 0; i < text.length; i++)
        sum = (sum ^ (unsigned char)text.at[i]) * 0x100000001B3u;
    return sum;
}

void id_source_init_seeded(struct id_source *ids, struct ls_str seed)
{
    uint64_t spread = hash(seed);

    ids->seeded = true;
    ids->state[0] = splitmix64(&spread);
    ids->state[1] = splitmix64(&spread);
    if (!ids->state[0] && !ids->state[1])
        ids->state[0] = 1; /* the one state that only draws zeros */
}

void id_source_init_system(struct id_source *ids)
{
    *ids = (struct id_source){0};
}

/* Without it two connections could be taken for one. */
static _Noreturn void give_up(void)
{
    static const char sentence[] =
        "lyncsim: the system has no random numbers to give\n";
    ssize_t ignored = write(STDERR_FILENO, sentence, sizeof sentence - 1);

    (void)ignored;
    _exit(3);
}

/* Many at a time: a call of the system for each identifier would cost more
 * than writing the message it stands in. */
static void draw_from_system(struct id_source *ids)
{
    ssize_t count;

    do
        count = getrandom(ids->drawn, sizeof(ids->drawn), 0);
    while (count < 0 && errno == EINTR);
    /* getrandom(2): whole up to 256 bytes */
    if (count != (ssize_t)sizeof(ids->drawn))
        give_up();
    ids->left = ID_SOURCE_DRAWN_COUNT;
}

uint64_t id_source_u64(struct id_source *ids)
{
    if (ids->seeded)
        return xoroshiro128pp(ids->state);
    if (ids->left == 0)
        draw_from_system(ids);
    return ids->drawn[--ids->left];
}

uint32_t id_source_below(struct id_source *ids, uint32_t bound)
{
    assert(bound > 0);
    /* Draw again where the last, incomplete run of bound would favour small
     * numbers. */
    uint32_t reject_below = (uint32_t)(-bound) % bound;
    uint32_t drawn;

    do
        drawn = (uint32_t)(id_source_u64(ids) >> 32);
    while (drawn < reject_below);
    return drawn % bound;
}

void id_source_add_hex(struct id_source *ids, struct ls_buf *out,
                       unsigned count)
{
    for (; count >= 16; count -= 16)
        ls_buf_add_hex(out, id_source_u64(ids), 16, LS_HEX_UPPER);
    if (count > 0)
        ls_buf_add_hex(out, id_source_u64(ids) >> (64 - 4 * count), count,
                       LS_HEX_UPPER);
}
