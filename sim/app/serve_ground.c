/*
 * Reading what serve stands on.
 */
#include "serve_ground.h"

#include <stdlib.h>
#include <time.h>

#include "lyncsim/alloc.h"
#include "lyncsim/staple.h"

#include "command.h"
#include "demo_lab.h"
#include "input.h"
#include "topology_file.h"
#include "trust_options.h"

enum app_exit serve_files_choose(struct serve_files *files,
                                 const struct options *options,
                                 const struct scenario_front_end *settings)
{
    const char *topology = options_text(options, OPTION_TOPOLOGY);
    struct credential_names names;
    enum app_exit code = APP_EXIT_OK;

    *files = (struct serve_files){0};
    files->options = options;
    files->settings = settings;
    if (!credential_file_names(&names, options, &code))
        return code;
    files->password_file = names.password_file;
    if (topology == NULL || names.certificate == NULL)
        files->lab = demo_lab_open(&code);
    if (code != APP_EXIT_OK)
        return code;
    files->topology = topology != NULL
                          ? ls_strdup(topology)
                          : demo_lab_file(files->lab, "topology.yaml");
    files->has_lab_table = topology == NULL;
    if (names.certificate != NULL) {
        files->certificate = ls_strdup(names.certificate);
        files->key = ls_strdup(names.key);
    } else {
        files->certificate = demo_lab_file(files->lab, "front-end.pem");
        files->key = demo_lab_file(files->lab, "front-end.key");
        files->lab_ca = demo_lab_file(files->lab, "root.pem");
    }
    return code;
}

void serve_files_clear(struct serve_files *files)
{
    free(files->lab);
    free(files->topology);
    free(files->certificate);
    free(files->key);
    free(files->lab_ca);
    *files = (struct serve_files){0};
}

static bool load_table(struct serve_ground *ground, const char *file,
                       enum app_exit *code)
{
    ground->topology = topology_file_load(file, code);
    if (ground->topology == NULL)
        return false;
    ground->known = known_servers_new(ground->topology);
    return true;
}

static bool load_anchors(struct serve_ground *ground,
                         const struct serve_files *files, enum app_exit *code)
{
    if (files->lab_ca != NULL) {
        ground->anchors = trust_anchors_new();
        if (!credential_file_trust(ground->anchors, files->lab_ca, code))
            return false;
    }
    return trust_options_load(files->options, &ground->anchors, code);
}

/* A lab may want it so. Of a stranger's signature nothing is said: its issuer
 * need not be known here. */
static void warn_of_staple(const struct serve_ground *ground, const char *file)
{
    const struct credential *own = ground->credential;
    struct staple_report report = trust_anchors_judge_staple(
        ground->anchors, credential_staple(own), credential_leaf(own),
        credential_chain(own), (int64_t)time(NULL));

    if (report.state != STAPLE_GOOD && report.state != STAPLE_STRANGER)
        command_complain("warning: %s: %s Peers that ask are sent it all the "
                         "same.",
                         file, staple_state_says(report.state));
}

static bool load_credential(struct serve_ground *ground,
                            const struct serve_files *files,
                            enum app_exit *code)
{
    struct credential_names names = {files->certificate, files->key,
                                     files->password_file};
    const char *staple = options_text(files->options, OPTION_STAPLE);

    ground->credential = credential_file_load_own(&names, code);
    if (ground->credential == NULL || staple == NULL)
        return ground->credential != NULL;
    if (!credential_file_staple(ground->credential, staple, code))
        return false;
    warn_of_staple(ground, staple);
    return true;
}

static bool make_tls(struct serve_ground *ground,
                     const struct serve_files *files, enum app_exit *code)
{
    struct tls_settings settings = {
        .role = TLS_FRONT_END,
        .credential = ground->credential,
        .anchors = ground->anchors,
        .versions = scenario_settings_tls(files->settings),
        .ciphers = files->settings->ciphers,
        .check_revocation = files->settings->check_revocation,
        .issuers = files->settings->issuers,
        .key_log = files->key_log,
    };
    char *why = NULL;

    ground->tls = tls_context_new(&settings, &why);
    settings.role = TLS_FRONT_END_DIALS;
    if (ground->tls != NULL)
        ground->dial_tls = tls_context_new(&settings, &why);
    if (ground->dial_tls != NULL)
        return true;
    command_complain("%s: %s", files->certificate, why);
    free(why);
    *code = APP_EXIT_USAGE;
    return false;
}

/* At the start somebody may well be waited for, as in <(command). */
static bool can_be_read_again(const char *file)
{
    if (file == NULL || !input_may_wait(file))
        return true;
    command_complain("%s is no ordinary file: what it held cannot be read "
                     "again",
                     input_name(file));
    return false;
}

static bool all_of_option_can(const struct options *options, enum option_id id)
{
    size_t count;
    const char *const *all = options_all(options, id, &count);
    bool can = true;

    for (size_t i = 0; i < count; i++)
        can &= can_be_read_again(all[i]);
    return can;
}

/* All who are served would wait with us. */
static bool nobody_is_waited_for(const struct serve_files *files)
{
    char *topology = topology_file_name(files->topology);
    bool can = can_be_read_again(topology);

    free(topology);
    can &= can_be_read_again(files->certificate);
    can &= can_be_read_again(files->key);
    can &= can_be_read_again(files->password_file);
    can &= can_be_read_again(files->lab_ca);
    can &= can_be_read_again(options_text(files->options, OPTION_STAPLE));
    can &= all_of_option_can(files->options, OPTION_CA);
    can &= all_of_option_can(files->options, OPTION_CRL);
    return can;
}

struct serve_ground *serve_ground_load(const struct serve_files *files,
                                       const struct serve_ground *before,
                                       enum app_exit *code)
{
    struct serve_ground *ground;

    if (before != NULL && !nobody_is_waited_for(files)) {
        *code = APP_EXIT_UNABLE;
        return NULL;
    }
    ground = ls_alloc(sizeof *ground);
    serve_ground_hold(ground);
    /* All of them, so that all that is wrong is told at once. */
    bool has_table = load_table(ground, files->topology, code);
    bool has_anchors = load_anchors(ground, files, code);
    bool has_credential = load_credential(ground, files, code);

    if (!has_table || !has_anchors || !has_credential ||
        !make_tls(ground, files, code)) {
        serve_ground_release(ground);
        return NULL;
    }
    if (before != NULL)
        ground->removed =
            known_servers_merge(before->removed, before->known, ground->known);
    return ground;
}

void serve_ground_hold(struct serve_ground *ground)
{
    atomic_fetch_add(&ground->holders, 1);
}

void serve_ground_release(struct serve_ground *ground)
{
    if (ground == NULL || atomic_fetch_sub(&ground->holders, 1) > 1)
        return;
    tls_context_free(ground->tls);
    tls_context_free(ground->dial_tls);
    trust_anchors_free(ground->anchors);
    credential_free(ground->credential);
    known_servers_free(ground->removed);
    known_servers_free(ground->known);
    topology_free(ground->topology);
    free(ground);
}
