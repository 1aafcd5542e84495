/*
 * How is a scenario file turned into its model? What the binders of its parts
 * share: the target they fill, typed readers, and names that are looked up
 * when the whole file has been read.
 */
#ifndef SCENARIO_BIND_H
#define SCENARIO_BIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lyncsim/diag.h"
#include "lyncsim/scenario.h"
#include "lyncsim/yaml.h"

/* Protect from files that would keep a machine busy for hours. */
#define SCENARIO_STEPS_MAX 2000
#define SCENARIO_CERTIFICATES_MAX 1000
#define SCENARIO_FRONT_ENDS_MAX 20
#define SCENARIO_TOGETHER_MAX 100
#define SCENARIO_TEXTS_MAX 10000
#define SCENARIO_LINES_MAX 1000
#define SCENARIO_RULES_MAX 1000
#define SCENARIO_ADVANCE_MAX_MS (INT64_C(50) * 366 * 86400 * 1000)

enum reference_kind {
    REFER_SHOWN,  /* a certificate, "none" or "fault:NAME" */
    REFER_OWN,    /* the same for a Front End, which cannot show "none" */
    REFER_ISSUER, /* an authority or "self" */
    REFER_AUTHORITY,
    REFER_ANY, /* a certificate or an authority */
    REFER_TOPOLOGY,
    REFER_FRONT_END,
    REFER_COUNT
};

/* A name that must stand somewhere in the file. */
struct scenario_reference {
    enum reference_kind kind;
    const struct yaml_node *node;
};

struct scenario_binding {
    struct scenario *scenario;
    const struct scenario_loader *loader; /* NULL: nothing can be read */
    struct scenario_reference *references;
    size_t reference_count;
    size_t reference_capacity;
};

/* What every binder of this folder is given as its target; only the part
 * that is being bound is set. */
struct scenario_target {
    struct scenario_binding *binding;
    struct scenario_certificate *certificate;
    struct scenario_front_end *front_end;
    struct scenario_peer *peer;
    struct scenario_step *step;
    struct talk_line *line;
    struct answer_rule *rule;
    struct scenario_wire *wire;
};

/* "Did you mean x?" when there is a near candidate, else NULL; the caller's
 * to free. */
char *scenario_did_you_mean(struct ls_str text, const char *const *candidates,
                            size_t count);
/* "a, b and c", the caller's to free. */
char *scenario_join(const char *const *texts, size_t count, const char *last);

/* Replace *text by a copy of the node's; a fault where it is none, or empty. */
void scenario_bind_text(char **text, const struct yaml_node *node,
                        const char *what, struct ls_diags *diags);
/* Replace *texts by a list of texts; never NULL afterwards. example is what a
 * person may write: "[a, b]". */
bool scenario_bind_texts(char ***texts, size_t *count,
                         const struct yaml_node *node, const char *what,
                         const char *example, struct ls_diags *diags);
void scenario_free_texts(char **texts, size_t count);
bool scenario_bind_time(int64_t *ms, const struct yaml_node *node,
                        const char *what, struct ls_diags *diags);
/* A span of time, at most SCENARIO_ADVANCE_MAX_MS. */
void scenario_bind_duration(int64_t *ms, const struct yaml_node *node,
                            const char *what, struct ls_diags *diags);
/* Replace *text by one of the names of a table. */
void scenario_bind_name_of(char **text, const struct yaml_node *node,
                           const char *what, const char *const *names,
                           size_t count, struct ls_diags *diags);
/* only-if: why the file cannot be played here, before anything else of it is
 * bound. */
void scenario_look_for_features(struct scenario *scenario,
                                const struct yaml_node *root,
                                struct ls_diags *diags);
/* What this machine does not have is no fault where it is skipped. */
void scenario_bind_ciphers(const struct scenario_binding *binding,
                           char **ciphers, const struct yaml_node *node,
                           struct ls_diags *diags);
void scenario_bind_tls(struct tls_versions *versions,
                       const struct yaml_node *node, struct ls_diags *diags);

/* Replace *name by the node's text, and look it up at the end. */
void scenario_bind_reference(struct scenario_binding *binding, char **name,
                             enum reference_kind kind,
                             const struct yaml_node *node, const char *what,
                             struct ls_diags *diags);
/* The same for each name of a list, of an authority or a certificate. */
bool scenario_bind_references(struct scenario_binding *binding, char ***names,
                              size_t *count, const struct yaml_node *node,
                              const char *what, struct ls_diags *diags);
void scenario_bind_trusts(struct scenario_binding *binding, char ***names,
                          size_t *count, const struct yaml_node *node,
                          struct ls_diags *diags);
/* Every name that was referred to must exist. */
void scenario_resolve(const struct scenario_binding *binding,
                      struct ls_diags *diags);

/* The binders of the parts, each with its table. */
extern const struct scenario_key_table scenario_trace_table;
extern const struct scenario_key_table scenario_authority_table;
extern const struct scenario_key_table scenario_certificate_table;
extern const struct scenario_key_table scenario_front_end_table;
extern const struct scenario_key_table scenario_refuse_table;
extern const struct scenario_key_table scenario_interface_table;
extern const struct scenario_key_table scenario_step_table;
extern const struct scenario_key_table scenario_part_table;
extern const struct scenario_key_table scenario_case_table;
extern const struct scenario_key_table scenario_connect_table;
extern const struct scenario_key_table scenario_sign_in_table;
extern const struct scenario_key_table scenario_peer_table;
extern const struct scenario_key_table scenario_wire_table;
extern const struct scenario_key_table scenario_many_users_table;
extern const struct scenario_key_table scenario_message_table;
extern const struct scenario_key_table scenario_reconnect_table;
extern const struct scenario_key_table scenario_listen_table;
extern const struct scenario_key_table scenario_talk_table;
extern const struct scenario_key_table scenario_receive_table;
extern const struct scenario_key_table scenario_answer_table;
extern const struct scenario_key_table scenario_respond_table;

/* Keys that certificates and authorities share. */
yaml_bind_fn scenario_bind_subject;
yaml_bind_fn scenario_bind_issuer;
yaml_bind_fn scenario_bind_key;
yaml_bind_fn scenario_bind_digest;
yaml_bind_fn scenario_bind_not_before;
yaml_bind_fn scenario_bind_not_after;
yaml_bind_fn scenario_bind_key_of;
yaml_bind_fn scenario_bind_pss;
yaml_bind_fn scenario_bind_key_ids;
yaml_bind_fn scenario_bind_crl_urls;
yaml_bind_fn scenario_bind_issuer_urls;
yaml_bind_fn scenario_bind_version;
yaml_bind_fn scenario_bind_from;
yaml_bind_fn scenario_bind_file;
yaml_bind_fn scenario_bind_key_file;
yaml_bind_fn scenario_bind_password_file;
yaml_bind_fn scenario_bind_authority;
yaml_bind_fn scenario_bind_path_length;
yaml_bind_fn scenario_bind_permitted;
yaml_bind_fn scenario_bind_san_count;
yaml_bind_fn scenario_bind_subject_bytes;
yaml_bind_fn scenario_bind_depth;
yaml_bind_fn scenario_bind_staple;
yaml_bind_fn scenario_bind_ocsp_urls;

/* Bind what from: of own names, first of all what that is from; names are
 * those of all. */
void scenario_lay_certificate(struct scenario_target *target,
                              const struct yaml_node *all,
                              const struct yaml_node *own,
                              struct ls_diags *diags);
/* Say of certificate what the facts of another, that was read from a file,
 * say; nothing was said of it before. */
void scenario_copy_certificate(struct scenario_certificate *certificate,
                               const struct certificate_facts *facts);
/* Read the files that a bound certificate or authority names. */
void scenario_read_certificate(struct scenario_target *target,
                               const struct yaml_node *own,
                               struct ls_diags *diags);

void scenario_bind_certificates(struct scenario_binding *binding,
                                bool authorities, const struct yaml_node *node,
                                struct ls_diags *diags);
/* After all are known: nobody may issue himself in a circle, or sign with a
 * digest that his key does not go with. */
void scenario_check_issuers(const struct scenario *scenario,
                            struct ls_diags *diags);
void scenario_certificate_clear(struct scenario_certificate *certificate);

void scenario_bind_front_end(struct scenario_binding *binding,
                             const struct yaml_node *node,
                             struct ls_diags *diags);
void scenario_bind_front_ends(struct scenario_binding *binding,
                              const struct yaml_node *node,
                              struct ls_diags *diags);
yaml_bind_fn scenario_bind_refuse;
/* After all are known: where a peer comes by, a Front End listens. */
void scenario_check_doors(const struct scenario *scenario,
                          struct ls_diags *diags);
void scenario_front_end_clear(struct scenario_front_end *front_end);

/* Of connect: and peers:. */
yaml_bind_fn scenario_bind_talk;
yaml_bind_fn scenario_bind_ignores;
void scenario_line_clear(struct talk_line *line);
/* respond: of a peer, a Front End or a step. */
void scenario_bind_rules(struct scenario_rules *rules,
                         const struct yaml_node *node, struct ls_diags *diags);
/* A status, or a mapping of what an answer says. */
void scenario_bind_answer(struct answer_form *form,
                          const struct yaml_node *node, struct ls_diags *diags);
void scenario_rules_clear(struct scenario_rules *rules);

yaml_bind_fn scenario_bind_wire;
/* The same of a line of a talk; "none" is as sent. */
yaml_bind_fn scenario_bind_line_wire;
yaml_bind_fn scenario_bind_step_wire;
/* "sip:test@contoso.com" */
void scenario_bind_address(char **address, const struct yaml_node *value,
                           const char *what, struct ls_diags *diags);
yaml_bind_fn scenario_bind_users;
yaml_bind_fn scenario_bind_messages;
yaml_bind_fn scenario_bind_reconnect;
yaml_bind_fn scenario_bind_listen;
/* What the keys of a bound sign-in, node, must be together. */
void scenario_check_users(struct scenario_peer *peer,
                          const struct yaml_node *node, struct ls_diags *diags);
void scenario_users_clear(struct scenario_peer *peer);
void scenario_peer_clear(struct scenario_peer *peer);
/* peers: are laid under the steps that name them; here each is checked. */
void scenario_bind_peers(struct scenario_binding *binding,
                         const struct yaml_node *node, struct ls_diags *diags);
void scenario_bind_steps(struct scenario_binding *binding, bool cases,
                         const struct yaml_node *node, struct ls_diags *diags);
/* One of them, into a step whose kind of list is set already. */
void scenario_bind_step(struct scenario_binding *binding,
                        struct scenario_step *step,
                        const struct yaml_node *node, struct ls_diags *diags);
void scenario_step_clear(struct scenario_step *step);

#endif
