/* Do two loops serve as one Front End: what is kept at home is asked there,
 * and the answer comes back to the connection that asked? */
#include <string.h>

#include <criterion/criterion.h>

#include "lyncsim/errand.h"
#include "lyncsim/sip_outbox.h"

#include "support/lab.h"

#define HEAD(method)                                                           \
    method " sip:contoso.com SIP/2.0\r\n"                                      \
           "Via: SIP/2.0/TLS 192.0.2.7;branch=z9hG4bK" method "\r\n"           \
           "Max-Forwards: 70\r\nFrom: <sip:ann@contoso.com>;tag=1\r\n"         \
           "To: <sip:ann@contoso.com>\r\nCall-ID: 1\r\nCSeq: 1 " method "\r\n" \
           "Contact: <sip:ann@192.0.2.7>\r\nContent-Length: 0\r\n\r\n"

static struct lab *lab;
static struct front_end *home, *branch;
static struct sip_caller ann;
static struct ls_buf out;

static struct front_end *make(unsigned index)
{
    struct front_end_settings settings =
        lab_front_end_settings(lab, (struct tls_versions){TLS_1_2, TLS_1_2});

    settings.loop_index = index;
    settings.loop_count = 2;
    return front_end_new(&settings);
}

static void setup(void)
{
    lab = lab_new();
    home = make(0);
    branch = make(1);
    ann = (struct sip_caller){
        .connection_id = front_end_next_connection_id(branch),
        .is_trusted = true,
        .treat_as_authenticated = true,
        .fqdn = "cas.contoso.com",
        .address = "192.0.2.7",
    };
    /* Who it is does not matter; that it is there does. */
    front_end_add_connection(branch, ann.connection_id,
                             (struct connection *)&ann, NULL);
}

static void teardown(void)
{
    ls_buf_clear(&out);
    front_end_free(branch);
    front_end_free(home);
    lab_free(lab);
}

TestSuite(errand, .init = setup, .fini = teardown);

static void ask(const char *text)
{
    struct sip_message *message;
    const char *reason;
    int status;

    cr_assert_eq(
        sip_message_parse(ls_str_from(text), &message, &status, &reason),
        LS_OK);
    ls_buf_reset(&out);
    front_end_answer(branch, &ann, message, LAB_NOW_MS, &out);
    sip_message_free(message);
}

Test(errand, gives_connections_of_each_loop_ids_of_their_own)
{
    cr_expect_eq(ann.connection_id, 0x2600u);
    cr_expect_eq(front_end_next_connection_id(branch), 0x2800u);
    cr_expect_eq(front_end_next_connection_id(home), 0x2500u);
    cr_expect_eq(front_end_next_connection_id(home), 0x2700u);
}

Test(errand, is_not_needed_for_what_every_loop_can_say)
{
    ask(HEAD("OPTIONS"));
    cr_expect_not_null(strstr(out.at, "SIP/2.0 200"));
    ask(HEAD("NONSENSE"));
    cr_expect_not_null(strstr(out.at, "SIP/2.0 405"));
    ann.treat_as_authenticated = false;
    ask(HEAD("REGISTER"));
    cr_expect_not_null(strstr(out.at, "SIP/2.0 401"));
    cr_expect_null(front_end_next_errand(branch));
}

Test(errand, carries_a_request_home_and_its_answer_back)
{
    struct errand *errand;

    ask(HEAD("REGISTER"));
    cr_expect_eq(out.length, 0u);
    errand = front_end_next_errand(branch);
    cr_assert_not_null(errand);
    cr_expect_eq(errand->kind, ERRAND_MESSAGE);
    cr_expect_eq(front_end_errand_loop(branch, errand), 0u);
    cr_expect_null(front_end_next_errand(branch));

    front_end_do_errand(home, errand, LAB_NOW_MS);
    cr_expect_null(front_end_next_waiting(home));
    errand = front_end_next_errand(home);
    cr_assert_not_null(errand);
    cr_expect_eq(errand->kind, ERRAND_MAIL);
    cr_expect_eq(front_end_errand_loop(home, errand), 1u);

    front_end_do_errand(branch, errand, LAB_NOW_MS);
    cr_expect_eq((void *)front_end_next_waiting(branch), (void *)&ann);
    sip_outbox_take(front_end_outbox(branch), ann.connection_id, &out);
    cr_expect_not_null(strstr(out.at, "SIP/2.0 200 OK"));
}

Test(errand, tells_home_who_has_gone_if_it_ever_asked)
{
    struct errand *errand;

    front_end_add_connection(branch, 0x2800, NULL, NULL);
    front_end_forget_connection(branch, 0x2800, LAB_NOW_MS);
    cr_expect_null(front_end_next_errand(branch));

    ask(HEAD("REGISTER"));
    front_end_do_errand(home, front_end_next_errand(branch), LAB_NOW_MS);
    front_end_forget_connection(branch, ann.connection_id, LAB_NOW_MS);
    errand = front_end_next_errand(branch);
    cr_assert_not_null(errand);
    cr_expect_eq(errand->kind, ERRAND_GONE);
    front_end_do_errand(home, errand, LAB_NOW_MS);
    front_end_next_waiting(home);
    cr_expect_null(front_end_next_errand(home));
}

Test(errand, is_forgotten_when_its_connection_has_gone)
{
    struct errand *errand =
        errand_new(ERRAND_MAIL, 0x2800, NULL, ls_str_from("late"));

    front_end_do_errand(branch, errand, LAB_NOW_MS);
    cr_expect_null(front_end_next_waiting(branch));
    cr_expect_null(front_end_next_errand(branch));
}

/* The connection may have gone before home comes to read it. */
Test(errand, borrows_nothing_of_its_caller)
{
    char fqdn[] = "cas.contoso.com", address[] = "192.0.2.7";
    char local[] = "192.0.2.1:5061";
    struct sip_caller caller = {
        .fqdn = fqdn, .address = address, .local = local};
    struct errand *errand =
        errand_new(ERRAND_MESSAGE, 0x2800, &caller, ls_str_from("text"));

    memset(fqdn, '?', sizeof fqdn - 1);
    memset(address, '?', sizeof address - 1);
    memset(local, '?', sizeof local - 1);
    cr_expect_str_eq(errand->caller.fqdn, "cas.contoso.com");
    cr_expect_str_eq(errand->caller.address, "192.0.2.7");
    cr_expect_str_eq(errand->caller.local, "192.0.2.1:5061");
    errand_free(errand);
}

Test(errand, is_refused_while_home_has_too_much_to_do)
{
    front_end_set_home_is_busy(branch, true);
    ask(HEAD("REGISTER"));
    cr_expect_not_null(strstr(out.at, "SIP/2.0 503"));
    cr_expect_null(front_end_next_errand(branch));
    front_end_set_home_is_busy(branch, false);
    ask(HEAD("SUBSCRIBE"));
    errand_free(front_end_next_errand(branch));
}
