#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/timestamp.h"

/* Expected numbers are those of date(1). */
static const struct {
    const char *text;
    int64_t ms;
    const char *formatted;
} timestamp_rows[] = {
    {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
    {"2011-12-20T20:45:01.704Z", 1324413901704, "2011-12-20T20:45:01.704Z"},
    {"2015-01-01", 1420070400000, "2015-01-01T00:00:00Z"},
    {"2016-02-29T12:00:00Z", 1456747200000, "2016-02-29T12:00:00Z"},
    {"2013-06-01T10:00:00+02:00", 1370073600000, "2013-06-01T08:00:00Z"},
    {"2013-06-01T00:30:00-07:30", 1370073600000, "2013-06-01T08:00:00Z"},
    {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
    {"1900-03-01T00:00:00Z", -2203891200000, "1900-03-01T00:00:00Z"},
    {"2050-01-01t00:00:00z", 2524608000000, "2050-01-01T00:00:00Z"},
    {"2000-01-01 00:00:00.5Z", 946684800500, "2000-01-01T00:00:00.500Z"},
    {"2000-01-01T00:00:00.0019999Z", 946684800001, "2000-01-01T00:00:00.001Z"},
};

Test(timestamp, reads_rfc_3339)
{
    for (size_t i = 0; i < LS_COUNT(timestamp_rows); i++) {
        int64_t ms = 0;

        cr_expect(timestamp_parse(ls_str_from(timestamp_rows[i].text), &ms),
                  "%s", timestamp_rows[i].text);
        cr_expect_eq(ms, timestamp_rows[i].ms, "%s: %lld",
                     timestamp_rows[i].text, (long long)ms);
    }
}

Test(timestamp, writes_utc_with_what_milliseconds_there_are)
{
    for (size_t i = 0; i < LS_COUNT(timestamp_rows); i++) {
        struct ls_buf out = {0};

        timestamp_format(&out, timestamp_rows[i].ms);
        cr_expect_str_eq(out.at, timestamp_rows[i].formatted);
        ls_buf_clear(&out);
    }
}

Test(timestamp, writes_times_of_events_in_one_width)
{
    static const struct {
        int64_t ms;
        const char *formatted;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {1420070400000, "2015-01-01T00:00:00.000Z"},
        {1420070400007, "2015-01-01T00:00:00.007Z"},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        struct ls_buf out = {0};

        timestamp_format_ms(&out, rows[i].ms);
        cr_expect_str_eq(out.at, rows[i].formatted);
        ls_buf_clear(&out);
    }
}

Test(timestamp, reads_back_every_day_it_writes)
{
    for (int64_t day = -800000; day < 800000; day += 97) {
        struct ls_buf out = {0};
        int64_t ms = 0;

        if (day * 86400000 < -62167219200000)
            continue; /* years of four digits begin with 0000 */
        timestamp_format(&out, day * 86400000 + 1);
        cr_assert(timestamp_parse(ls_buf_str(&out), &ms), "%s", out.at);
        cr_assert_eq(ms, day * 86400000 + 1, "%s", out.at);
        ls_buf_clear(&out);
    }
}

Test(timestamp, refuses_what_is_no_date)
{
    static const char *const rows[] = {
        "",
        "now",
        "2015",
        "2015-1-1",
        "2015-13-01",
        "2015-00-10",
        "2015-02-29",
        "1900-02-29",
        "2015-04-31",
        "2015-01-00",
        "2015-01-01T",
        "2015-01-01T00:00Z",
        "2015-01-01T24:00:00Z",
        "2015-01-01T00:60:00Z",
        "2015-01-01T00:00:61Z",
        "2015-01-01T00:00:00",
        "2015-01-01T00:00:00.Z",
        "2015-01-01T00:00:00+0200",
        "2015-01-01T00:00:00+24:00",
        "2015-01-01T00:00:00Z ",
        "2015-01-01X00:00:00Z",
        "01/02/2015",
        "-015-01-01",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        int64_t ms;

        cr_expect_not(timestamp_parse(ls_str_from(rows[i]), &ms), "%s",
                      rows[i]);
    }
}

Test(timestamp, reads_durations_in_units_and_words)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"90 seconds", 90000},
        {"1 second", 1000},
        {"1s", 1000},
        {"30 min", 1800000},
        {"1h", 3600000},
        {"2 days", 172800000},
        {"3 d", 259200000},
        {"1 w", 604800000},
        {"2 weeks", 1209600000},
        {"0s", 0},
        {"5 minutes", 300000},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        int64_t ms = -1;

        cr_expect(timestamp_parse_duration(ls_str_from(rows[i].text), &ms),
                  "%s", rows[i].text);
        cr_expect_eq(ms, rows[i].ms, "%s", rows[i].text);
    }
}

Test(timestamp, refuses_what_is_no_duration)
{
    static const char *const rows[] = {
        "",          "5",
        "days",      "two days",
        "-1 s",      "1.5 h",
        "1 month",   "1h 30min",
        "5 S",       "99999999999999999 w",
        "1 day ago", "18446744073709551616 s",
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        int64_t ms;

        cr_expect_not(timestamp_parse_duration(ls_str_from(rows[i]), &ms), "%s",
                      rows[i]);
    }
}
