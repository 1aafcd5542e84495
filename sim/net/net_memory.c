/*
 * When is the memory of those who are gone given back?
 */
#include <malloc.h>

#include "net_internal.h"

/* So many closed ones are worth the work of giving memory back. */
#define CLOSED_MANY 512
/* … and so many bytes that were read, whatever was kept of them. */
#define READ_MUCH ((size_t)64 * 1024 * 1024)
#define TRIM_AFTER_MS 1000

static void on_trim(uv_timer_t *timer)
{
    (void)timer;
    malloc_trim(0);
}

/* The allocator keeps what thousands of connections have freed, or a few that
 * brought much; once most of them are gone it is told to give it back to the
 * system: a moment later, when the rest have gone and all is told. */
void net_memory_give_back(struct net_loop *loop)
{
    bool are_many = loop->closed_count >= CLOSED_MANY &&
                    loop->live_count <= loop->closed_count / 8;

    if (!are_many && loop->read_count < READ_MUCH)
        return;
    loop->closed_count = 0;
    loop->read_count = 0;
    uv_timer_start(&loop->trim, on_trim, TRIM_AFTER_MS, 0);
}
