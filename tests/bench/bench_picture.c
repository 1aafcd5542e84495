/*
 * Curves of growth as an SVG: two panels, one for many connections and one
 * for many known servers, on the same scale of multiples of the floor.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "bench_growth.h"

#define PANEL_WIDTH 300.0
#define PANEL_HEIGHT 200.0
#define LEFT 50.0
#define TOP 44.0
#define GAP 60.0

static const char *const colours[] = {"#1b6ca8", "#2e8b57", "#b8860b",
                                      "#1b6ca8", "#b03a2e"};

/* Where the scale ends: a whole number above every ratio. */
static double highest(const struct bench_growth *growth)
{
    double most = 1;

    for (int g = 0; g < GROWTH_COUNT; g++)
        for (unsigned i = 0; i < growth->curves[g].count; i++)
            most = fmax(most,
                        growth->curves[g].ours[i] / growth->curves[g].floor[i]);
    return floor(most) + 1;
}

struct panel {
    FILE *file;
    const char *along;
    double left;
    double least, most; /* along, as logarithms */
    double top;         /* of the scale */
};

static double x_of(const struct panel *panel, unsigned at)
{
    double share =
        (log10((double)at) - panel->least) / (panel->most - panel->least);

    return panel->left + share * PANEL_WIDTH;
}

static double y_of(const struct panel *panel, double ratio)
{
    return TOP + PANEL_HEIGHT * (1 - ratio / panel->top);
}

static void draw_text(const struct panel *panel, double x, double y,
                      const char *anchor, const char *colour, const char *text)
{
    fprintf(panel->file,
            "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\" fill=\"%s\">%s"
            "</text>\n",
            x, y, anchor, colour, text);
}

static void draw_scale(const struct panel *panel)
{
    char label[32];

    for (unsigned ratio = 0; ratio <= panel->top; ratio++) {
        double y = y_of(panel, ratio);

        fprintf(panel->file, "<path d=\"M%.0f %.1fh%.0f\" stroke=\"#ccc\"/>\n",
                panel->left, y, PANEL_WIDTH);
        snprintf(label, sizeof label, "%u", ratio);
        draw_text(panel, panel->left - 6, y + 4, "end", "#555", label);
    }
}

static void draw_curve(const struct panel *panel,
                       const struct growth_curve *curve, enum growth growth,
                       unsigned line)
{
    char label[96];

    fprintf(panel->file, "<polyline fill=\"none\" stroke=\"%s\" points=\"",
            colours[growth]);
    for (unsigned i = 0; i < curve->count; i++)
        fprintf(panel->file, "%.1f,%.1f ", x_of(panel, curve->at[i]),
                y_of(panel, curve->ours[i] / curve->floor[i]));
    fprintf(panel->file, "\"/>\n");
    for (unsigned i = 0; i < curve->count; i++) {
        fprintf(panel->file,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                x_of(panel, curve->at[i]),
                y_of(panel, curve->ours[i] / curve->floor[i]), colours[growth]);
        snprintf(label, sizeof label, "%u", curve->at[i]);
        if (line == 0)
            draw_text(panel, x_of(panel, curve->at[i]), TOP + PANEL_HEIGHT + 16,
                      "middle", "#555", label);
    }
    draw_text(panel, panel->left + 8, TOP + 16 + 15 * line, "start",
              colours[growth], growth_text(growth));
}

static void draw_panel(struct panel *panel, const struct bench_growth *growth)
{
    unsigned line = 0;

    panel->least = 9;
    panel->most = 0;
    for (int g = 0; g < GROWTH_COUNT; g++)
        for (unsigned i = 0; i < growth->curves[g].count; i++)
            if (strcmp(growth_along((enum growth)g), panel->along) == 0) {
                double at = log10((double)growth->curves[g].at[i]);

                panel->least = fmin(panel->least, at);
                panel->most = fmax(panel->most, at);
            }
    draw_scale(panel);
    for (int g = 0; g < GROWTH_COUNT && panel->most > panel->least; g++)
        if (strcmp(growth_along((enum growth)g), panel->along) == 0)
            draw_curve(panel, &growth->curves[g], (enum growth)g, line++);
    draw_text(panel, panel->left + PANEL_WIDTH / 2, TOP + PANEL_HEIGHT + 34,
              "middle", "#222", panel->along);
}

void bench_growth_draw(const struct bench_growth *growth, FILE *file)
{
    struct panel panel = {
        .file = file,
        .along = "connections",
        .left = LEFT,
        .top = highest(growth),
    };

    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" "
            "height=\"%.0f\" font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            LEFT + 2 * PANEL_WIDTH + GAP + 30, TOP + PANEL_HEIGHT + 46);
    draw_text(&panel, LEFT, 22, "start", "#222",
              "Cost of one connection, as a multiple of a bare TLS server's");
    draw_panel(&panel, growth);
    panel.along = "known servers";
    panel.left += PANEL_WIDTH + GAP;
    draw_panel(&panel, growth);
    fprintf(file, "</svg>\n");
}
