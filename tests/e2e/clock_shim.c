/*
 * A system's clock that a test sets: preloaded, it adds the seconds that stand
 * in the file $CLOCK_STEP to what gettimeofday() says.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    const char *name = getenv("CLOCK_STEP");
    FILE *file = name != NULL ? fopen(name, "r") : NULL;
    struct timespec time;
    char text[32] = "";

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &time);
    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    now->tv_sec = time.tv_sec + strtol(text, NULL, 10);
    now->tv_usec = time.tv_nsec / 1000;
    return 0;
}
