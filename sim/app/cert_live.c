/*
 * Certificates from servers: a handshake, and good bye.
 */
#include "cert_live.h"

#include <stdlib.h>

#include "lyncsim/certificate_probe.h"
#include "lyncsim/net_loop.h"

#include "command.h"
#include "credential_file.h"

#define TIMEOUT_DEFAULT_S 10u

static void probe_server(struct certificate_probe *probe, const char *server,
                         struct net_loop *loop)
{
    const struct net_dialer nobody = {0};

    net_dial(loop, server, certificate_probe_machine(probe), &nobody);
    net_loop_run(loop);
}

static struct credential *ask(const struct options *options,
                              const struct tls_context *tls, const char *server,
                              enum app_exit *code)
{
    unsigned timeout_s =
        options_number(options, OPTION_TIMEOUT, TIMEOUT_DEFAULT_S);
    struct net_loop *loop = command_loop();
    struct certificate_probe *probe;
    const struct credential *shown;
    struct credential *credential = NULL;

    if (loop == NULL) {
        *code = APP_EXIT_UNABLE;
        return NULL;
    }
    probe = certificate_probe_new(tls, net_loop_now_ms(loop), timeout_s * 1000);
    probe_server(probe, server, loop);
    shown = certificate_probe_shown(probe);
    if (certificate_probe_fault(probe) != NULL)
        command_complain("%s: %s", server, certificate_probe_fault(probe));
    if (shown != NULL) {
        credential = credential_new(credential_leaf(shown),
                                    credential_chain(shown), NULL);
        credential_set_staple(credential, credential_staple(shown));
    } else {
        *code = APP_EXIT_UNABLE;
    }
    net_loop_free(loop);
    certificate_probe_free(probe);
    return credential;
}

/* NULL with APP_EXIT_OK when none was named. */
static struct credential *own_certificate(const struct options *options,
                                          enum app_exit *code)
{
    struct credential_names names;

    *code = APP_EXIT_OK;
    if (!credential_file_names(&names, options, code) ||
        names.certificate == NULL)
        return NULL;
    return credential_file_load_own(&names, code);
}

struct credential *cert_live_load(const struct options *options,
                                  const char *server, enum app_exit *code)
{
    struct credential *own = own_certificate(options, code);
    struct credential *credential = NULL;
    const struct tls_settings settings = {.role = TLS_PEER,
                                          .credential = own,
                                          .versions = {TLS_1_0, TLS_1_3},
                                          .keeps_shown = true,
                                          .asks_staple = true};
    char *why = NULL;
    struct tls_context *tls =
        *code == APP_EXIT_OK ? tls_context_new(&settings, &why) : NULL;

    if (tls != NULL) {
        credential = ask(options, tls, server, code);
    } else if (why != NULL) {
        command_complain("%s", why);
        *code = APP_EXIT_USAGE;
    }
    free(why);
    tls_context_free(tls);
    credential_free(own);
    return credential;
}
