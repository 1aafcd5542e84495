#include "dial_scene.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/alloc.h"
#include "lyncsim/front_end_answer.h"
#include "lyncsim/next_hop.h"
#include "lyncsim/registrar.h"
#include "lyncsim/sip_outbox.h"

const struct tls_versions dial_scene_version = {TLS_1_2, TLS_1_2};

const struct sip_caller dial_scene_ann = {
    .connection_id = DIAL_SCENE_ANN,
    .is_trusted = true,
    .treat_as_authenticated = true,
    .address = "192.0.2.9",
    .port = 50000,
};
const struct sip_caller dial_scene_bob = {
    .connection_id = DIAL_SCENE_BOB,
    .is_trusted = true,
    .treat_as_authenticated = true,
    .fqdn = LAB_KNOWN_NAME,
    .address = "192.0.2.7",
    .port = 49732,
};

void dial_scene_begin(struct dial_scene *scene, enum application_way way,
                      uint32_t rest_ms)
{
    struct front_end_settings settings;
    struct binding binding = {
        .user = (char *)"sip:bob@contoso.com",
        .contact = (char *)"sip:cas.contoso.com:49732;transport=tls",
        .connection_id = DIAL_SCENE_BOB,
        .expires_ms = UINT64_MAX,
    };

    *scene = (struct dial_scene){.lab = lab_new(), .now_ms = LAB_NOW_MS};
    settings = lab_front_end_settings(scene->lab, dial_scene_version);
    settings.dial_tls = lab_dial_tls(scene->lab, dial_scene_version);
    settings.way = way;
    settings.connect_timeout_ms = CONNECT_TIMEOUT_MS;
    settings.dial_rest_ms = rest_ms;
    scene->front_end = front_end_new(&settings);
    front_end_add_connection(scene->front_end, DIAL_SCENE_BOB, NULL,
                             LAB_KNOWN_NAME);
    registrar_add(front_end_registrar(scene->front_end), &binding);
}

void dial_scene_end(struct dial_scene *scene)
{
    connection_free(scene->dialled);
    front_end_forget_connection(scene->front_end, DIAL_SCENE_BOB,
                                scene->now_ms);
    front_end_free(scene->front_end);
    lab_free(scene->lab);
}

char *dial_scene_ask(struct dial_scene *scene, const struct sip_caller *caller,
                     const char *text)
{
    struct sip_message *message = NULL;
    struct ls_buf out = {0};
    const char *reason;
    int status;

    cr_assert_eq(
        sip_message_parse(ls_str_from(text), &message, &status, &reason),
        LS_OK);
    front_end_answer(scene->front_end, caller, message, scene->now_ms, &out);
    sip_message_free(message);
    return ls_buf_take(&out);
}

char *dial_scene_answer(struct dial_scene *scene, unsigned number,
                        const char *uri)
{
    char *text = ls_strf("MESSAGE %s SIP/2.0\r\n"
                         "Via: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bK%u\r\n"
                         "From: <sip:ann@contoso.com>;tag=a\r\nTo: <%s>\r\n"
                         "Call-ID: talk\r\nCSeq: %u MESSAGE\r\n"
                         "Content-Length: 5\r\n\r\nhello",
                         uri, number, uri, number);
    char *answer = dial_scene_ask(scene, &dial_scene_ann, text);

    free(text);
    return answer;
}

void dial_scene_send(struct dial_scene *scene, unsigned number, const char *uri)
{
    char *answer = dial_scene_answer(scene, number, uri);

    cr_expect_str_empty(answer);
    free(answer);
}

char *dial_scene_mail(struct dial_scene *scene, uint64_t connection_id)
{
    struct ls_buf out = {0};

    sip_outbox_take(front_end_outbox(scene->front_end), connection_id, &out);
    return ls_buf_take(&out);
}

void dial_scene_expect_mail(struct dial_scene *scene, uint64_t connection_id,
                            const char *part)
{
    char *text = dial_scene_mail(scene, connection_id);

    cr_expect(strstr(text, part), "\"%s\" is not in \"%s\"", part, text);
    free(text);
}

void dial_scene_dial(struct dial_scene *scene)
{
    struct next_hop_target target;

    cr_assert(
        front_end_next_dial(scene->front_end, &target, &scene->dialled_id));
    cr_expect_str_eq(target.fqdn, LAB_KNOWN_NAME);
    cr_expect_eq(target.port, LAB_KNOWN_PORT);
    connection_free(scene->dialled);
    scene->dialled = connection_new_dialled(scene->front_end, &target,
                                            scene->dialled_id, scene->now_ms);
}

void dial_scene_join(struct dial_scene *scene)
{
    connection_joined(scene->dialled, "192.0.2.7:5075", "192.0.2.1:60000",
                      scene->now_ms);
}
