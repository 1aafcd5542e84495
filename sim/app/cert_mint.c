/*
 * Make certificates: sound ones by profile, faulty ones by name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lyncsim/alloc.h"
#include "lyncsim/certificate_catalogue.h"
#include "lyncsim/certificate_report.h"
#include "lyncsim/diag.h"

#include "cert_files.h"
#include "cert_options.h"
#include "cert_revoke.h"
#include "command.h"
#include "credential_file.h"

#define DEFAULT_PROFILE "cas"
#define DEFAULT_FQDN "cas.lab.example"
#define ROOT_SUBJECT "CN=lyncsim lab root"
#define SEEDED_MARK "OU=seeded: the key is no secret"

/* What the command line asks for. */
struct wish {
    const struct options *options;
    struct certificate_catalogue *catalogue;
    struct mint *mint;
    struct credential *root; /* made here or given with --issuer */
    bool is_own_root;
    struct recipe recipe;
    struct ls_str faults;
    struct ls_str fqdn;
    int64_t at_s;
};

static bool refuse(char *why)
{
    command_complain("%s", why);
    free(why);
    return false;
}

static enum app_exit read_issuer(struct wish *wish, const char *file)
{
    const struct credential_names names = {.certificate = file};
    enum app_exit code = APP_EXIT_OK;

    wish->root = credential_file_load(&names, &code);
    if (wish->root == NULL || credential_key(wish->root) != NULL)
        return code;
    command_complain("%s: %s; --issuer needs the certificate and its key "
                     "in one PEM file",
                     file, credential_key_fault(wish->root));
    return APP_EXIT_USAGE;
}

static enum app_exit make_root(struct wish *wish)
{
    const struct recipe_use use = {.mint = wish->mint,
                                   .name = "lyncsim lab root",
                                   .fqdn = wish->fqdn,
                                   .clock_s = wish->at_s,
                                   .lab_subject = ROOT_SUBJECT};
    struct recipe recipe = {.authority = RECIPE_YES,
                            .subject = (char[]){ROOT_SUBJECT}};
    struct recipe marked = {.authority = RECIPE_YES,
                            .subject = (char[]){ROOT_SUBJECT ", " SEEDED_MARK}};
    char *why = NULL;

    wish->is_own_root = true;
    wish->root = recipe_issue(options_has(wish->options, OPTION_SEED) ? &marked
                                                                      : &recipe,
                              &use, &why);
    return wish->root != NULL || refuse(why) ? APP_EXIT_OK : APP_EXIT_INTERNAL;
}

static bool refuse_what(const struct wish *wish, const char *what)
{
    size_t count;
    const struct catalogue_entry *profiles =
        certificate_catalogue_profiles(wish->catalogue, &count);
    const char **names = ls_alloc_array(count + 1, sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < count; i++)
        names[i] = profiles[i].name;
    nearest = ls_nearest(ls_str_from(what), names, count);
    free(names);
    if (nearest != NULL)
        command_complain("there is no profile \"%s\"; did you mean \"%s\"?",
                         what, nearest);
    else
        command_complain("there is no profile \"%s\"; see lyncsim help cert "
                         "mint, or lyncsim cert faults for fault:NAME",
                         what);
    return false;
}

/* A profile, "fault:NAME", or neither: then it is the FQDN. */
static bool read_what(struct wish *wish, const char *what)
{
    struct ls_str name = ls_str_from(what);
    const struct catalogue_entry *profile;
    char *why = NULL;

    if (ls_str_starts_with(name, "fault:")) {
        wish->faults = ls_str_skip(name, 6);
        return certificate_catalogue_check_faults(wish->catalogue, wish->faults,
                                                  &why) ||
               refuse(why);
    }
    profile = certificate_catalogue_find_profile(wish->catalogue, name);
    if (profile != NULL) {
        recipe_clear(&wish->recipe);
        recipe_apply(&wish->recipe, &profile->recipe);
        return true;
    }
    if (wish->options->argument_count == 1 && strchr(what, '.') != NULL) {
        wish->fqdn = name;
        return true;
    }
    return refuse_what(wish, what);
}

static void set_text(char **text, const char *value)
{
    if (value == NULL)
        return;
    free(*text);
    *text = ls_strdup(value);
}

static void add_sans(struct wish *wish)
{
    size_t count;
    const char *const *sans = options_all(wish->options, OPTION_SAN, &count);
    struct recipe change = {
        .sans = {.is_set =
                     count > 0 || options_has(wish->options, OPTION_SUBJECT),
                 .items = (char **)sans,
                 .count = count}};

    recipe_apply(&wish->recipe, &change);
}

static bool read_options(struct wish *wish)
{
    const struct options *options = wish->options;
    const char *fault = options_text(options, OPTION_FAULT);
    char *why = NULL;

    if (fault != NULL)
        wish->faults = ls_str_from(fault);
    set_text(&wish->recipe.subject, options_text(options, OPTION_SUBJECT));
    set_text(&wish->recipe.key, options_text(options, OPTION_KEY_TYPE));
    set_text(&wish->recipe.digest, options_text(options, OPTION_DIGEST));
    add_sans(wish);
    if (options_has(options, OPTION_DAYS)) {
        int64_t days = options_number(options, OPTION_DAYS, 0);

        wish->recipe.not_before =
            (struct recipe_time){true, false, wish->at_s * 1000};
        wish->recipe.not_after = (struct recipe_time){
            true, false, (wish->at_s + days * 86400) * 1000};
    }
    if (!ls_str_is_empty(wish->faults) &&
        !certificate_catalogue_check_faults(wish->catalogue, wish->faults,
                                            &why))
        return refuse(why);
    return true;
}

static bool read_wish(struct wish *wish)
{
    const struct options *options = wish->options;
    const struct catalogue_entry *profile = certificate_catalogue_find_profile(
        wish->catalogue, ls_str_from(DEFAULT_PROFILE));

    wish->fqdn = ls_str_from(DEFAULT_FQDN);
    recipe_apply(&wish->recipe, &profile->recipe);
    if (options->argument_count > 0 && !read_what(wish, options->arguments[0]))
        return false;
    if (options->argument_count > 1)
        wish->fqdn = ls_str_from(options->arguments[1]);
    if (options_has(options, OPTION_COMMON_NAME))
        wish->fqdn = ls_str_from(options_text(options, OPTION_COMMON_NAME));
    return read_options(wish);
}

/* What one option asks for, and another, or none, makes impossible. */
static const char *contradiction(const struct options *options)
{
    const char *form = options_text(options, OPTION_FORM);
    bool is_pem = form == NULL || strcmp(form, "pem") == 0;
    bool is_der = form != NULL && strcmp(form, "der") == 0;

    if (!is_pem && !options_has(options, OPTION_OUTPUT))
        return "--form needs --output PREFIX: standard output is given PEM";
    if ((is_pem || is_der) && options_has(options, OPTION_PASSWORD_FILE))
        return "--password-file needs --form pkcs12: no other form is "
               "protected by it";
    if (options_has(options, OPTION_FAULT) && options->argument_count > 0 &&
        strncmp(options->arguments[0], "fault:", 6) == 0)
        return "--fault and fault:NAME are the same: several are joined by +";
    return NULL;
}

static struct credential *issue(struct wish *wish)
{
    const struct catalogue_order order = {
        .mint = wish->mint,
        .lab = wish->root,
        .fqdn = wish->fqdn,
        .clock_s = wish->at_s,
        .base = &wish->recipe,
        .faults = wish->faults,
        .mark = options_has(wish->options, OPTION_SEED) ? SEEDED_MARK : NULL};
    struct credential *credential;
    char *why = NULL;

    credential =
        certificate_catalogue_issue(wish->catalogue, &order, NULL, &why);
    if (credential == NULL)
        refuse(why);
    return credential;
}

static void print_pem(char *pem)
{
    fputs(pem, stdout);
    credential_file_wipe(pem, strlen(pem));
}

static void print_credential(const struct credential *credential,
                             const struct credential *root)
{
    setvbuf(stdout, NULL, _IONBF, 0); /* no copy that nobody wipes */
    print_pem(credential_format_pem(credential));
    print_pem(credential_format_key_pem(credential));
    if (root == NULL)
        return;
    fputs("# the root that signed it\n", stdout);
    print_pem(credential_format_pem(root));
}

static enum app_exit deliver(const struct wish *wish,
                             const struct credential *credential)
{
    bool needs_root =
        wish->is_own_root && !credential_facts(credential)->is_self_issued;
    const struct credential *root = needs_root ? wish->root : NULL;
    bool is_quiet = options_has(wish->options, OPTION_QUIET);
    struct certificate_findings findings;
    const struct shown_certificate shown = {.file = "minted",
                                            .credential = credential,
                                            .findings = &findings,
                                            .at_s = wish->at_s};
    struct ls_buf told = {0};
    enum app_exit code = APP_EXIT_OK;

    certificate_findings_find(&findings, credential, NULL, wish->at_s);
    if (options_has(wish->options, OPTION_OUTPUT))
        code = cert_files_write(wish->options, credential, root, &told);
    if (options_has(wish->options, OPTION_JSON)) {
        ls_buf_reset(&told);
        certificate_report_print_json(&shown, 1, &told);
        if (!options_has(wish->options, OPTION_OUTPUT) && !is_quiet)
            command_complain("the certificate and its key are not kept: "
                             "--output PREFIX writes them");
    } else if (!options_has(wish->options, OPTION_OUTPUT)) {
        print_credential(credential, root);
    } else if (is_quiet) {
        ls_buf_reset(&told);
    }
    command_print(stdout, &told);
    certificate_findings_clear(&findings);
    return code;
}

static enum app_exit mint_wish(struct wish *wish)
{
    const char *issuer = options_text(wish->options, OPTION_ISSUER);
    bool is_list = options_has(wish->options, OPTION_REVOKE);
    const char *fault = is_list ? NULL : contradiction(wish->options);
    struct credential *credential;
    enum app_exit code;

    if (fault != NULL)
        command_complain("%s", fault);
    if (fault != NULL || !read_wish(wish))
        return APP_EXIT_USAGE;
    if (is_list && issuer == NULL) {
        command_complain("--revoke needs --issuer FILE: whose list it is");
        return APP_EXIT_USAGE;
    }
    code = issuer != NULL ? read_issuer(wish, issuer) : make_root(wish);
    if (code != APP_EXIT_OK)
        return code;
    if (is_list)
        return cert_revoke(wish->options, wish->mint, wish->root);
    credential = issue(wish);
    if (credential == NULL)
        return APP_EXIT_USAGE;
    code = deliver(wish, credential);
    credential_free(credential);
    return code;
}

static int run(const struct options *options)
{
    struct ls_str seed = ls_str_from(options_text(options, OPTION_SEED));
    bool is_seeded = options_has(options, OPTION_SEED);
    struct wish wish = {.options = options,
                        .catalogue = certificate_catalogue_new(),
                        .mint = mint_new(is_seeded ? &seed : NULL),
                        .at_s = cert_options_at(options)};
    enum app_exit code;

    if (is_seeded)
        command_complain("who knows the seed has the key: this certificate is "
                         "for tests alone");
    code = mint_wish(&wish);
    recipe_clear(&wish.recipe);
    credential_free(wish.root);
    mint_free(wish.mint);
    certificate_catalogue_free(wish.catalogue);
    return (int)code;
}

static const enum option_id cert_mint_options[] = {
    OPTION_COMMON_NAME, OPTION_REVOKE,        OPTION_SUBJECT, OPTION_SAN,
    OPTION_ISSUER,      OPTION_FAULT,         OPTION_DAYS,    OPTION_AT,
    OPTION_SEED,        OPTION_KEY_TYPE,      OPTION_DIGEST,  OPTION_OUTPUT,
    OPTION_FORM,        OPTION_PASSWORD_FILE, OPTION_FORCE,   OPTION_END,
};

const struct command cert_mint_command = {
    .name = "cert mint",
    .arguments = "[PROFILE|fault:NAME] [FQDN]",
    .summary = "make a certificate, sound or with a named fault",
    .details =
        "Without --issuer a new lab root signs it. --output PREFIX writes\n"
        "PREFIX.pem with the chain to send, PREFIX.key and PREFIX-root.pem,\n"
        "or by --form PREFIX.cer or PREFIX.pfx; files that hold keys are\n"
        "readable by their owner alone. Without it everything goes to\n"
        "standard output. --revoke makes a list for --crl: PREFIX.crl.\n"
        "A certificate that is stapled to has its response in PREFIX.ocsp.\n"
        "It is valid from now, or from --at, for --days.\n"
        "Profiles: cas, cas-array, front-end, web-server,\n"
        "exchange-um, trusted-application, of-its-time, stapling, authority.\n",
    .options = cert_mint_options,
    .argument_max = 2,
    .run = run,
};
