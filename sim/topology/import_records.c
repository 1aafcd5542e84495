/*
 * What the cmdlets put out, whatever carried it: objects of named properties.
 */
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"

#include "import.h"
#include "import_state.h"

struct import_property *import_record_add(struct import_record *record,
                                          struct ls_str name)
{
    LS_GROW(record->properties, record->count, record->capacity);
    struct import_property *property = &record->properties[record->count++];
    *property = (struct import_property){
        .name = ls_str_dup(ls_str_first(name, IMPORT_NAME_MAX_BYTES))};
    return property;
}

void import_property_add(struct import_property *property, struct ls_str value)
{
    LS_GROW(property->values, property->value_count, property->value_capacity);
    property->values[property->value_count++] = ls_str_dup(value);
}

void import_record_clear(struct import_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        struct import_property *property = &record->properties[i];

        for (size_t k = 0; k < property->value_count; k++)
            free(property->values[k]);
        free(property->values);
        free(property->name);
    }
    free(record->properties);
    *record = (struct import_record){0};
}

bool import_boolean(struct ls_str text, bool *value)
{
    static const struct {
        struct ls_str text;
        bool value;
    } rows[] = {
        {LS_STR("true"), true},  {LS_STR("false"), false},
        {LS_STR("$true"), true}, {LS_STR("$false"), false},
        {LS_STR("1"), true},     {LS_STR("0"), false},
    };

    for (size_t i = 0; i < LS_COUNT(rows); i++) {
        if (!ls_str_equal_nocase(ls_str_trim(text), rows[i].text))
            continue;
        *value = rows[i].value;
        return true;
    }
    return false;
}

/* A record being taken over, and which of its properties were read. */
struct record_reading {
    struct topology_import *import;
    const struct import_record *record;
    uint64_t read; /* a bit a property; the 65th and later are always noted */
};

static const struct import_property *find(struct record_reading *reading,
                                          const char *name)
{
    for (size_t i = 0; i < reading->record->count; i++) {
        const struct import_property *property =
            &reading->record->properties[i];

        if (!ls_str_equal_nocase(ls_str_from(property->name),
                                 ls_str_from(name)))
            continue;
        if (i < 64 && !property->is_opaque)
            reading->read |= UINT64_C(1) << i;
        return property->is_opaque ? NULL : property;
    }
    return NULL;
}

static struct ls_str value_of(struct record_reading *reading, const char *name)
{
    const struct import_property *property = find(reading, name);

    if (!property || property->value_count == 0)
        return ls_str_from("");
    return ls_str_trim(ls_str_from(property->values[0]));
}

/* "TrustedApplicationPool:mail.contoso.com" and the like: what stands behind
 * the prefix, which is put in *prefix. */
static struct ls_str without_prefix(struct ls_str text, struct ls_str *prefix)
{
    size_t colon = ls_str_find(text, ':');

    *prefix = ls_str_from("");
    if (colon == text.length)
        return text;
    *prefix = ls_str_first(text, colon);
    return ls_str_skip(text, colon + 1);
}

/* Where it stands, or the record where that is all that is known. */
static unsigned line_of(const struct record_reading *reading,
                        const struct import_property *property)
{
    return property != NULL && property->line > 0 ? property->line
                                                  : reading->record->line;
}

static unsigned line_of_name(struct record_reading *reading, const char *name)
{
    return line_of(reading, find(reading, name));
}

static void note_value(struct record_reading *reading, const char *name,
                       struct ls_str value, const char *wanted)
{
    char *shown = import_escaped(value);

    import_note(reading->import,
                "Line %u: %s is \"%s\", and not %s; it was "
                "left out.",
                line_of_name(reading, name), name, shown, wanted);
    free(shown);
}

static void read_flag(struct record_reading *reading, const char *name,
                      bool *flag)
{
    struct ls_str value = value_of(reading, name);

    if (value.length && !import_boolean(value, flag))
        note_value(reading, name, value, "True or False");
}

static int read_version(struct record_reading *reading)
{
    struct ls_str value = value_of(reading, "Version");
    uint64_t version;

    if (value.length == 0)
        return IMPORT_NO_VERSION;
    if (ls_str_to_u64(value, &version) && version <= POOL_VERSION_MAX)
        return (int)version;
    note_value(reading, "Version", value, "a number up to 99");
    return IMPORT_NO_VERSION;
}

static void read_site(struct record_reading *reading, const char *name,
                      struct pool *pool)
{
    struct ls_str prefix;
    struct ls_str site = without_prefix(value_of(reading, name), &prefix);

    if (site.length && !pool->site)
        pool->site = import_escaped(site);
}

static void read_registrar(struct record_reading *reading, struct pool *pool)
{
    struct ls_str prefix;
    const struct import_property *property = find(reading, "Registrar");

    if (!property || pool->registrar)
        return;
    pool->registrar =
        import_escaped(without_prefix(value_of(reading, "Registrar"), &prefix));
}

static void read_applications(struct record_reading *reading,
                              struct import_pool *entry)
{
    const struct import_property *property = find(reading, "Applications");

    for (size_t i = 0; property && i < property->value_count; i++) {
        struct ls_str id = ls_str_trim(ls_str_from(property->values[i]));

        if (id.length)
            import_pool_add_application(reading->import, entry, id, 0,
                                        line_of(reading, property));
    }
}

/* Get-CsTrustedApplicationPool, and every other Get-CsService. */
static void apply_service(struct record_reading *reading)
{
    struct ls_str prefix;
    struct ls_str identity =
        without_prefix(value_of(reading, "Identity"), &prefix);
    struct ls_str fqdn = value_of(reading, "PoolFqdn");
    struct ls_str role = value_of(reading, "Role");
    struct import_pool *entry = import_pool_get(
        reading->import, fqdn.length ? fqdn : identity, reading->record->line);

    if (!entry)
        return;
    struct pool *pool = import_pool_of(entry);
    if (role.length == 0)
        role = prefix;
    import_pool_add_service(entry, role, read_version(reading));
    read_site(reading, "SiteId", pool);
    if (!ls_str_equal_text(role, "TrustedApplicationPool"))
        return;
    read_registrar(reading, pool);
    read_flag(reading, "OutboundOnly", &pool->outbound_only);
    read_flag(reading, "TreatAsAuthenticated", &pool->treat_as_authenticated);
    read_flag(reading, "ThrottleAsServer", &pool->throttle_as_server);
    read_flag(reading, "RequiresReplication", &pool->requires_replication);
    read_applications(reading, entry);
}

/* Get-CsTrustedApplicationComputer and Get-CsComputer. */
static void apply_computer(struct record_reading *reading)
{
    struct ls_str fqdn = value_of(reading, "Fqdn");
    struct ls_str identity = value_of(reading, "Identity");
    struct import_pool *entry = import_pool_get(
        reading->import, value_of(reading, "Pool"), reading->record->line);

    if (!entry)
        return;
    import_pool_set_untold(entry);
    import_pool_add_computer(reading->import, entry,
                             fqdn.length ? fqdn : identity,
                             reading->record->line);
}

/* Get-CsPool: its services and its computers. */
static void apply_pool(struct record_reading *reading)
{
    const struct import_property *services = find(reading, "Services");
    const struct import_property *computers = find(reading, "Computers");
    struct ls_str fqdn = value_of(reading, "Fqdn");
    struct ls_str identity = value_of(reading, "Identity");
    struct import_pool *entry = import_pool_get(
        reading->import, fqdn.length ? fqdn : identity, reading->record->line);
    struct ls_str prefix;

    if (!entry)
        return;
    for (size_t i = 0; services && i < services->value_count; i++) {
        without_prefix(ls_str_trim(ls_str_from(services->values[i])), &prefix);
        import_pool_add_service(entry, prefix, IMPORT_NO_VERSION);
    }
    for (size_t i = 0; computers && i < computers->value_count; i++)
        import_pool_add_computer(reading->import, entry,
                                 ls_str_trim(ls_str_from(computers->values[i])),
                                 line_of(reading, computers));
    read_site(reading, "Site", import_pool_of(entry));
}

/* Get-CsTrustedApplication: Identity is pool/urn:application:id. */
static void apply_application(struct record_reading *reading)
{
    struct ls_str identity = value_of(reading, "Identity");
    struct ls_str id = value_of(reading, "ApplicationId");
    struct ls_str fqdn = value_of(reading, "TrustedApplicationPoolFqdn");
    struct ls_str port_text = value_of(reading, "Port");
    size_t slash = ls_str_find(identity, '/');
    uint64_t port = 0;

    if (fqdn.length == 0)
        fqdn = ls_str_first(identity, slash);
    if (id.length == 0)
        id = ls_str_skip(identity, slash + 1);
    if (port_text.length &&
        (!ls_str_to_u64(port_text, &port) || port > UINT16_MAX || port == 0)) {
        note_value(reading, "Port", port_text, "a port from 1 to 65535");
        port = 0;
    }
    struct import_pool *entry =
        import_pool_get(reading->import, fqdn, reading->record->line);
    if (!entry)
        return;
    import_pool_add_service(entry, ls_str_from("TrustedApplicationPool"),
                            IMPORT_NO_VERSION);
    import_pool_add_application(reading->import, entry, id, (unsigned)port,
                                reading->record->line);
}

static bool has(const struct import_record *record, const char *name)
{
    struct record_reading reading = {.record = record};

    return find(&reading, name) != NULL;
}

static bool is_application(const struct import_record *record)
{
    struct record_reading reading = {.record = record};
    struct ls_str identity = value_of(&reading, "Identity");

    return has(record, "ApplicationId") ||
           ls_str_starts_with(ls_str_skip(identity, ls_str_find(identity, '/')),
                              "/urn:application:");
}

static bool is_service(const struct import_record *record)
{
    struct record_reading reading = {.record = record};
    struct ls_str identity = value_of(&reading, "Identity");

    return has(record, "PoolFqdn") ||
           ls_str_starts_with(identity, "TrustedApplicationPool:");
}

static bool is_computer(const struct import_record *record)
{
    return has(record, "Pool") &&
           (has(record, "Fqdn") || has(record, "Identity"));
}

static bool is_pool(const struct import_record *record)
{
    return has(record, "Computers") &&
           (has(record, "Fqdn") || has(record, "Identity"));
}

/* By which properties an object is known, the surest first. */
static const struct {
    bool (*fits)(const struct import_record *record);
    void (*apply)(struct record_reading *reading);
} kinds[] = {
    {is_application, apply_application},
    {is_service, apply_service},
    {is_computer, apply_computer},
    {is_pool, apply_pool},
};

static void note_unknown(struct topology_import *import,
                         const struct import_record *record)
{
    struct ls_buf names = {0};

    for (size_t i = 0; i < record->count && names.length < 200; i++) {
        ls_buf_add_text(&names, i ? ", " : "");
        ls_buf_add_escaped(
            &names, ls_str_first(ls_str_from(record->properties[i].name), 64));
    }
    if (names.length == 0)
        ls_buf_add_text(&names, "no properties");
    import_note(import,
                "Line %u: an object of this kind (%s) is not known here; it "
                "was left out.",
                record->line, names.at);
    if (import->stranger == NULL) {
        import->stranger = ls_buf_take(&names);
        import->stranger_line = record->line;
    }
    ls_buf_clear(&names);
}

/* Whatever says something and was not read is counted by its name. */
static void tally_unread(const struct record_reading *reading)
{
    for (size_t i = 0; i < reading->record->count; i++) {
        const struct import_property *property =
            &reading->record->properties[i];
        bool is_empty =
            !property->is_opaque &&
            (property->value_count == 0 ||
             (property->value_count == 1 && property->values[0][0] == '\0'));

        if ((i < 64 && (reading->read & UINT64_C(1) << i)) || is_empty ||
            property->is_opaque)
            continue;
        import_tally(reading->import, ls_str_from(property->name),
                     line_of(reading, property));
    }
}

static void note_opaque(const struct record_reading *reading)
{
    const struct import_record *record = reading->record;

    for (size_t i = 0; i < record->count; i++)
        if (record->properties[i].is_opaque)
            import_note(reading->import,
                        "Line %u: of %s the export shows only what type it "
                        "has, not what it holds.",
                        line_of(reading, &record->properties[i]),
                        record->properties[i].name);
}

void import_record_apply(struct topology_import *import,
                         struct import_record *record)
{
    struct record_reading reading = {.import = import, .record = record};
    size_t i = 0;

    while (i < LS_COUNT(kinds) && !kinds[i].fits(record))
        i++;
    if (i == LS_COUNT(kinds)) {
        note_unknown(import, record);
    } else {
        import->has_object = true;
        kinds[i].apply(&reading);
        note_opaque(&reading);
        tally_unread(&reading);
    }
    import_record_clear(record);
}
