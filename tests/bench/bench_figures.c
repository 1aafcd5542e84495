#include "bench_figures.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    const char *unit;
} metrics[] = {
#define X(name, section, text, unit) {text, unit},
    BENCH_METRIC_LIST(X)
#undef X
};

void bench_figures_note(struct bench_figures *figures, enum bench_metric metric,
                        enum bench_peer peer, double figure)
{
    unsigned *count = &figures->counts[metric][peer];

    if (*count < BENCH_ROUNDS_MAX)
        figures->each[metric][peer][(*count)++] = figure;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

double bench_median(const double *figures, unsigned count)
{
    double sorted[BENCH_ROUNDS_MAX];

    memcpy(sorted, figures, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    return count % 2 ? sorted[count / 2]
                     : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static double extreme(const double *figures, unsigned count, int sign)
{
    double found = figures[0];

    for (unsigned i = 1; i < count; i++)
        if (compare(&figures[i], &found) == sign)
            found = figures[i];
    return found;
}

/* The median of the ratios to the floor, each of one round. */
static double ratio(const struct bench_figures *table, enum bench_metric metric,
                    enum bench_peer peer)
{
    unsigned count = table->counts[metric][peer];
    double ratios[BENCH_ROUNDS_MAX];

    if (count == 0 || table->counts[metric][BENCH_FLOOR] < count)
        return 0;
    for (unsigned i = 0; i < count; i++) {
        if (table->each[metric][BENCH_FLOOR][i] <= 0)
            return 0; /* nothing to divide by */
        ratios[i] =
            table->each[metric][peer][i] / table->each[metric][BENCH_FLOOR][i];
    }
    return bench_median(ratios, count);
}

static void print_row(const struct bench_figures *table,
                      enum bench_metric metric)
{
    for (int peer = 0; peer < BENCH_PEER_COUNT; peer++) {
        const double *figures = table->each[metric][peer];
        unsigned count = table->counts[metric][peer];

        if (count == 0)
            continue;
        printf("| %s | %s | %s | %.2f [%.2f..%.2f] | %.2f |\n",
               metrics[metric].text, metrics[metric].unit,
               bench_peer_text((enum bench_peer)peer),
               bench_median(figures, count), extreme(figures, count, -1),
               extreme(figures, count, 1),
               ratio(table, metric, (enum bench_peer)peer));
    }
}

void bench_figures_print(const struct bench_figures *table)
{
    printf("| what | unit | server | median [min..max] of %u rounds | x floor "
           "|\n|---|---|---|---|---|\n",
           table->rounds);
    for (int metric = 0; metric < BENCH_METRIC_COUNT; metric++)
        print_row(table, (enum bench_metric)metric);
    for (int peer = 0; peer < BENCH_PEER_COUNT; peer++) {
        if (!bench_peer_is_there((enum bench_peer)peer))
            printf("%s is not here and was left out\n",
                   bench_peer_text((enum bench_peer)peer));
        if (table->failures[peer])
            printf("%s: %u attempts failed\n",
                   bench_peer_text((enum bench_peer)peer),
                   table->failures[peer]);
    }
}

void bench_figures_print_json(const struct bench_figures *table, FILE *file)
{
    const char *comma = "";

    for (int metric = 0; metric < BENCH_METRIC_COUNT; metric++)
        for (int peer = 0; peer < BENCH_PEER_COUNT; peer++) {
            const double *figures = table->each[metric][peer];
            unsigned count = table->counts[metric][peer];

            if (count == 0)
                continue;
            fprintf(
                file,
                "%s\n{\"figure\":\"%s\",\"unit\":\"%s\",\"server\":\"%s\","
                "\"median\":%.4f,\"min\":%.4f,\"max\":%.4f,"
                "\"ratio\":%.4f}",
                comma, metrics[metric].text, metrics[metric].unit,
                bench_peer_text((enum bench_peer)peer),
                bench_median(figures, count), extreme(figures, count, -1),
                extreme(figures, count, 1),
                ratio(table, (enum bench_metric)metric, (enum bench_peer)peer));
            comma = ",";
        }
}
