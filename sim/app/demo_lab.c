/*
 * The lab of serve. It is made beside its place and renamed into it, so that
 * there is never half a lab, however many start at once.
 */
#include "demo_lab.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/id_source.h"
#include "lyncsim/mint.h"

#include "command.h"
#include "credential_file.h"
#include "output.h"

#define DAY_S INT64_C(86400)
#define SANS_MAX 4

/* The names are those of the article. */
const struct demo_peer demo_peers[] = {
    {"pool",
     "CN=mail.deitterick.com",
     {"mail.deitterick.com", "LAB-EX2010.lab.deitterick.com"},
     "accepted: the pool's own name",
     -1,
     3650,
     false},
    {"computer",
     "CN=LAB-EX2010.lab.deitterick.com",
     {"LAB-EX2010.lab.deitterick.com"},
     "accepted: a computer of the pool",
     -1,
     3650,
     false},
    {"iis",
     "CN=deitterick.com",
     {"deitterick.com", "mail.deitterick.com", "LAB-EX2010.lab.deitterick.com"},
     "refused, unknown-server: the certificate of the article",
     -1,
     3650,
     false},
    {"wildcard",
     "CN=*.deitterick.com",
     {"*.deitterick.com"},
     "refused, wildcard-name",
     -1,
     3650,
     false},
    {"expired",
     "CN=mail.deitterick.com",
     {"mail.deitterick.com"},
     "refused, expired",
     -730,
     -365,
     false},
    {"stranger",
     "CN=mail.deitterick.com",
     {"mail.deitterick.com"},
     "refused, untrusted-root: another authority of the same name",
     -1,
     3650,
     true},
};
const size_t demo_peer_count = LS_COUNT(demo_peers);

static const char demo_topology[] =
    "# The table of known servers. Change it and send the process a SIGHUP.\n"
    "topology:\n"
    "  pools:\n"
    "    - fqdn: mail.deitterick.com\n"
    "      computers: [LAB-EX2010.lab.deitterick.com]\n"
    "      applications:\n"
    "        - {id: owa, port: 5199}\n";

/* Plain lines: openssl s_client -crlf ends them as SIP wants it. */
static const char demo_options[] =
    "OPTIONS sip:lync.lab.deitterick.com SIP/2.0\n"
    "Via: SIP/2.0/TLS LAB-EX2010.lab.deitterick.com:5199;branch=z9hG4bK0001\n"
    "Max-Forwards: 70\n"
    "From: <sip:LAB-EX2010.lab.deitterick.com>;tag=1\n"
    "To: <sip:lync.lab.deitterick.com>\n"
    "Call-ID: 1@LAB-EX2010.lab.deitterick.com\n"
    "CSeq: 1 OPTIONS\n"
    "Content-Length: 0\n"
    "\n";

char *demo_lab_file(const char *folder, const char *name)
{
    return ls_strf("%s/%s", folder, name);
}

/* --- writing ------------------------------------------------------------- */

/* What is being made: the first thing that fails is remembered. */
struct making {
    const char *folder;
    struct mint *mint;
    char *why;
};

static void write_file(struct making *making, const char *name,
                       const char *text, mode_t mode)
{
    char *path = demo_lab_file(making->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool done = fd >= 0 && output_write_all(fd, ls_str_from(text));

    if (fd >= 0 && close(fd) != 0)
        done = false;
    if (!done && making->why == NULL)
        making->why =
            ls_strf("%s cannot be written: %s", path, strerror(errno));
    free(path);
}

static void write_credential(struct making *making, const char *name,
                             const struct credential *credential)
{
    char *certificate_name = ls_strf("%s.pem", name);
    char *key_name = ls_strf("%s.key", name);
    char *certificate = credential_format_pem(credential);
    char *key = credential_format_key_pem(credential);

    write_file(making, certificate_name, certificate, 0644);
    write_file(making, key_name, key, 0600);
    credential_file_wipe(key, strlen(key));
    free(certificate);
    free(key_name);
    free(certificate_name);
}

/* --- minting ------------------------------------------------------------- */

static struct credential *issue(struct making *making,
                                const struct demo_peer *peer,
                                const struct credential *issuer)
{
    struct certificate_profile profile = {.name = peer->file};
    struct profile_san sans[SANS_MAX];
    struct profile_attribute *subject;
    struct credential *credential = NULL;
    int64_t now_s = (int64_t)time(NULL);

    if (making->why != NULL)
        return NULL;
    subject = profile_parse_subject(ls_str_from(peer->subject),
                                    &profile.subject_count, &making->why);
    profile.subject = subject;
    profile.sans = sans;
    while (profile.san_count < SANS_MAX && peer->sans[profile.san_count]) {
        sans[profile.san_count] = (struct profile_san){
            NAME_SAN_DNS, ls_str_from(peer->sans[profile.san_count])};
        profile.san_count++;
    }
    profile.is_authority = issuer == NULL;
    profile.path_length = -1;
    profile.not_before_s = now_s + peer->before_days * DAY_S;
    profile.not_after_s = now_s + peer->after_days * DAY_S;
    if (making->why == NULL)
        credential = mint_issue(making->mint, &profile, issuer, &making->why);
    free(subject);
    return credential;
}

static void issue_and_write(struct making *making, const struct demo_peer *peer,
                            const struct credential *issuer)
{
    struct credential *credential = issue(making, peer, issuer);

    if (credential != NULL)
        write_credential(making, peer->file, credential);
    credential_free(credential);
}

static void fill(struct making *making)
{
    static const struct demo_peer root = {"root", "CN=LAB-DC-CA", {NULL}, NULL,
                                          -1,     3660,           false};
    static const struct demo_peer front_end = {"front-end",
                                               "CN=lync.lab.deitterick.com",
                                               {"lync.lab.deitterick.com"},
                                               NULL,
                                               -1,
                                               3650,
                                               false};
    struct credential *authority = issue(making, &root, NULL);
    struct credential *stranger = issue(making, &root, NULL);

    if (making->why == NULL)
        write_credential(making, root.file, authority);
    issue_and_write(making, &front_end, authority);
    for (size_t i = 0; i < demo_peer_count; i++)
        issue_and_write(making, &demo_peers[i],
                        demo_peers[i].by_stranger ? stranger : authority);
    write_file(making, "topology.yaml", demo_topology, 0644);
    write_file(making, "options.sip", demo_options, 0644);
    credential_free(stranger);
    credential_free(authority);
}

/* --- the folder ---------------------------------------------------------- */

/* NULL when there is no home. XDG base directories: the state's default. */
static char *state_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    /* A relative path is to be taken as if it were not there. */
    if (state != NULL && state[0] == '/')
        return ls_strf("%s/lyncsim", state);
    if (home != NULL && home[0] == '/')
        return ls_strf("%s/.local/state/lyncsim", home);
    return NULL;
}

static bool make_folders(const char *path)
{
    char *part = ls_strdup(path);
    bool made = true;

    for (char *slash = part + 1; made && *slash != '\0'; slash++)
        if (*slash == '/') {
            *slash = '\0';
            made = mkdir(part, 0700) == 0 || errno == EEXIST;
            *slash = '/';
        }
    made = made && (mkdir(part, 0700) == 0 || errno == EEXIST);
    free(part);
    return made;
}

static void remove_folder(const char *folder)
{
    static const char *const others[] = {"root.pem",      "root.key",
                                         "front-end.pem", "front-end.key",
                                         "topology.yaml", "options.sip"};
    char *path;

    for (size_t i = 0; i < 2 * demo_peer_count; i++) {
        path = ls_strf("%s/%s.%s", folder, demo_peers[i / 2].file,
                       i % 2 == 0 ? "pem" : "key");
        unlink(path);
        free(path);
    }
    for (size_t i = 0; i < LS_COUNT(others); i++) {
        path = demo_lab_file(folder, others[i]);
        unlink(path);
        free(path);
    }
    rmdir(folder);
}

static char *draft_name(const char *state)
{
    struct id_source ids;
    struct ls_buf name = {0};

    id_source_init_system(&ids);
    ls_buf_printf(&name, "%s/lab.", state);
    id_source_add_hex(&ids, &name, 16);
    return ls_buf_take(&name);
}

/* A sentence, or NULL when the lab is there. */
static char *make(const char *state, const char *lab)
{
    char *draft = draft_name(state);
    struct making making = {.folder = draft};

    if (!make_folders(state) || mkdir(draft, 0700) != 0) {
        making.why =
            ls_strf("no lab can be made in %s: %s", state, strerror(errno));
        free(draft);
        return making.why;
    }
    making.mint = mint_new(NULL);
    fill(&making);
    mint_free(making.mint);
    /* Somebody else may have been quicker: theirs is as good. */
    if (making.why == NULL && rename(draft, lab) != 0 && errno != EEXIST &&
        errno != ENOTEMPTY)
        making.why = ls_strf("%s cannot be made: %s", lab, strerror(errno));
    if (access(draft, F_OK) == 0)
        remove_folder(draft);
    free(draft);
    return making.why;
}

/* A sentence where a file is gone, or empty, without which nothing is served;
 * else NULL. What is told of that file alone is not how to mend the lab. */
static char *look_over(const char *lab)
{
    static const char *const needed[] = {"root.pem", "front-end.pem",
                                         "front-end.key"};
    struct stat info;
    char *why = NULL;

    if (stat(lab, &info) == 0 && !S_ISDIR(info.st_mode))
        return ls_strf("%s is no folder, and the lab would be one: move it "
                       "out of the way, and it is made",
                       lab);
    for (size_t i = 0; why == NULL && i < LS_COUNT(needed); i++) {
        char *path = demo_lab_file(lab, needed[i]);

        if (stat(path, &info) != 0 || info.st_size == 0)
            why = ls_strf("the lab in %s has lost its %s: remove that folder, "
                          "and it is made anew",
                          lab, needed[i]);
        free(path);
    }
    return why;
}

char *demo_lab_open(enum app_exit *code)
{
    char *state = state_folder();
    char *lab, *why = NULL;

    if (state == NULL) {
        command_complain("there is no place for a lab: set XDG_STATE_HOME or "
                         "HOME, or give --certificate and --topology");
        *code = APP_EXIT_UNABLE;
        return NULL;
    }
    lab = ls_strf("%s/lab", state);
    if (access(lab, F_OK) != 0)
        why = make(state, lab);
    free(state);
    if (why == NULL)
        why = look_over(lab);
    if (why == NULL)
        return lab;
    command_complain("%s", why);
    free(why);
    free(lab);
    *code = APP_EXIT_UNABLE;
    return NULL;
}
