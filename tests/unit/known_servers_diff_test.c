#include <stdlib.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/known_servers_diff.h"

#include "support/trust_lab.h"

/* "-a +b ~c: what changes", in order; owned by the caller. */
static char *differences_of(const char *before, const char *after)
{
    struct topology *was = trust_lab_topology(before);
    struct topology *is = trust_lab_topology(after);
    struct known_servers *known_before = known_servers_new(was);
    struct known_servers *known_after = known_servers_new(is);
    struct ls_buf out = {0};
    size_t count;
    struct known_servers_difference *differences =
        known_servers_diff(known_before, known_after, &count);

    for (size_t i = 0; i < count; i++) {
        const struct known_servers_difference *difference = &differences[i];
        const char *mark = difference->before == NULL  ? "+"
                           : difference->after == NULL ? "-"
                                                       : "~";

        ls_buf_printf(&out, "%s%s%s", i == 0 ? "" : " ", mark,
                      difference->before == NULL ? difference->after->fqdn
                                                 : difference->before->fqdn);
        if (*mark == '~') {
            ls_buf_add_text(&out, ": ");
            known_servers_diff_print(difference, &out);
        }
    }
    free(differences);
    known_servers_free(known_before);
    known_servers_free(known_after);
    topology_free(was);
    topology_free(is);
    return ls_buf_take(&out);
}

Test(known_servers_diff, tells_what_comes_goes_and_changes)
{
    static const struct {
        const char *before;
        const char *after;
        const char *differences;
    } rows[] = {
        {"a.com b.com", "a.com b.com", ""},
        {"a.com b.com", "b.com a.com", ""},
        {"", "a.com", "+a.com"},
        {"a.com{c.com}", "", "-a.com -c.com"},
        {"a.com", "A.com", "~a.com: name a.com -> A.com, pool a.com -> A.com"},
        {"a.com{c.com} b.com", "a.com b.com{c.com}",
         "~c.com: pool a.com -> b.com"},
        {"a.com", ">a.com", "~a.com: OutboundOnly False -> True"},
        {"a.com", "@a.com", "~a.com: interface primary -> external"},
        {"a.com", "a.com ~a.com", "~a.com: duplicate False -> True +a.com"},
        {"a.com ~a.com", "a.com", "~a.com: duplicate True -> False -a.com"},
        {"a.com ~a.com", "~a.com", "-a.com ~a.com: duplicate True -> False"},
        {"a.com ~a.com", "", "-a.com -a.com"},
        {"", "a.com ~a.com", "+a.com +a.com"},
        {"a.com{c.com} x.com", "a.com{d.com} y.com",
         "-c.com -x.com +d.com +y.com"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        char *differences = differences_of(rows[i].before, rows[i].after);

        cr_expect_str_eq(differences, rows[i].differences, "%s to %s: %s",
                         rows[i].before, rows[i].after, differences);
        free(differences);
    }
}
