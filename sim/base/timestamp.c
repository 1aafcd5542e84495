#include "lyncsim/timestamp.h"

#include <string.h>

#include "lyncsim/alloc.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years
 * that begin in March, so that the leap day is the last of its year. timegm()
 * would ask the time zone database. */
static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int64_t *month,
                            int64_t *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

/* Exactly count digits with a value in [low, high] off the front of *rest. */
static bool take_number(struct ls_str *rest, size_t count, int64_t low,
                        int64_t high, int64_t *number)
{
    uint64_t value;

    if (rest->length < count ||
        !ls_str_to_u64(ls_str_first(*rest, count), &value))
        return false;
    *rest = ls_str_skip(*rest, count);
    *number = (int64_t)value;
    return *number >= low && *number <= high;
}

static bool take_byte(struct ls_str *rest, const char *any_of)
{
    if (rest->length == 0 || !strchr(any_of, rest->at[0]) || !rest->at[0])
        return false;
    *rest = ls_str_skip(*rest, 1);
    return true;
}

static int64_t days_of_month(int64_t year, int64_t month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30,
                                       31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool take_date(struct ls_str *rest, int64_t *ms)
{
    int64_t year, month, day;

    if (!take_number(rest, 4, 0, 9999, &year) || !take_byte(rest, "-") ||
        !take_number(rest, 2, 1, 12, &month) || !take_byte(rest, "-") ||
        !take_number(rest, 2, 1, days_of_month(year, month), &day))
        return false;
    *ms = days_from_civil(year, month, day) * DAY_MS;
    return true;
}

/* Digits after the second's point; what is finer than a millisecond is cut. */
static bool take_fraction(struct ls_str *rest, int64_t *ms)
{
    int64_t unit = SECOND_MS / 10;
    int64_t digit;

    *ms = 0;
    if (!take_byte(rest, "."))
        return true;
    if (!take_number(rest, 1, 0, 9, &digit))
        return false;
    do {
        *ms += digit * unit;
        unit /= 10;
    } while (take_number(rest, 1, 0, 9, &digit));
    return true;
}

static bool take_offset(struct ls_str *rest, int64_t *ms)
{
    int64_t hours, minutes;
    bool west = ls_str_starts_with(*rest, "-");

    *ms = 0;
    if (take_byte(rest, "Zz"))
        return true;
    if (!take_byte(rest, "+-") || !take_number(rest, 2, 0, 23, &hours) ||
        !take_byte(rest, ":") || !take_number(rest, 2, 0, 59, &minutes))
        return false;
    *ms = (hours * HOUR_MS + minutes * MINUTE_MS) * (west ? -1 : 1);
    return true;
}

bool timestamp_parse(struct ls_str text, int64_t *ms)
{
    int64_t date, hours, minutes, seconds, fraction, offset;

    if (!take_date(&text, &date))
        return false;
    if (text.length == 0) {
        *ms = date;
        return true;
    }
    /* RFC 3339 5.6 lets a blank stand for the T. */
    if (!take_byte(&text, "Tt ") || !take_number(&text, 2, 0, 23, &hours) ||
        !take_byte(&text, ":") || !take_number(&text, 2, 0, 59, &minutes) ||
        !take_byte(&text, ":") || !take_number(&text, 2, 0, 59, &seconds) ||
        !take_fraction(&text, &fraction) || !take_offset(&text, &offset) ||
        text.length)
        return false;
    *ms = date + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS +
          fraction - offset;
    return true;
}

/* By hand, since printf() takes ten times as long and every verdict and record
 * has times in it. */
static void add_number(struct ls_buf *out, int64_t number, size_t width,
                       char end)
{
    char text[24];
    size_t at = sizeof text;
    uint64_t left = (uint64_t)(number < 0 ? -number : number);

    text[--at] = end;
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    width -= number < 0;
    while (sizeof text - at - 1 < width)
        text[--at] = '0';
    if (number < 0)
        text[--at] = '-';
    ls_buf_add(out, ls_str_from_bytes(text + at, sizeof text - at));
}

static void format(struct ls_buf *out, int64_t ms, bool has_fraction)
{
    int64_t days = (ms >= 0 ? ms : ms - DAY_MS + 1) / DAY_MS;
    int64_t left = ms - days * DAY_MS;
    int64_t year, month, day;

    civil_from_days(days, &year, &month, &day);
    add_number(out, year, 4, '-');
    add_number(out, month, 2, '-');
    add_number(out, day, 2, 'T');
    add_number(out, left / HOUR_MS, 2, ':');
    add_number(out, left / MINUTE_MS % 60, 2, ':');
    add_number(out, left / SECOND_MS % 60, 2, has_fraction ? '.' : 'Z');
    if (has_fraction)
        add_number(out, left % SECOND_MS, 3, 'Z');
}

void timestamp_format(struct ls_buf *out, int64_t ms)
{
    format(out, ms, ms % SECOND_MS != 0);
}

void timestamp_format_ms(struct ls_buf *out, int64_t ms)
{
    format(out, ms, true);
}

static const struct {
    const char *name;
    int64_t ms;
} timestamp_units[] = {
    {"s", SECOND_MS},      {"sec", SECOND_MS},     {"secs", SECOND_MS},
    {"second", SECOND_MS}, {"seconds", SECOND_MS}, {"min", MINUTE_MS},
    {"mins", MINUTE_MS},   {"minute", MINUTE_MS},  {"minutes", MINUTE_MS},
    {"h", HOUR_MS},        {"hour", HOUR_MS},      {"hours", HOUR_MS},
    {"d", DAY_MS},         {"day", DAY_MS},        {"days", DAY_MS},
    {"w", 7 * DAY_MS},     {"week", 7 * DAY_MS},   {"weeks", 7 * DAY_MS},
};

bool timestamp_parse_duration(struct ls_str text, int64_t *ms)
{
    size_t digits = 0;
    uint64_t number;
    struct ls_str unit;

    while (digits < text.length && text.at[digits] >= '0' &&
           text.at[digits] <= '9')
        digits++;
    if (!ls_str_to_u64(ls_str_first(text, digits), &number))
        return false;
    unit = ls_str_trim(ls_str_skip(text, digits));
    for (size_t i = 0; i < LS_COUNT(timestamp_units); i++) {
        if (!ls_str_equal_text(unit, timestamp_units[i].name))
            continue;
        return !__builtin_mul_overflow(number, timestamp_units[i].ms, ms);
    }
    return false;
}
