#include "lyncsim/challenge.h"

#include <time.h>

bool challenge_is_due(const struct sip_caller *caller)
{
    return !caller->is_trusted || !caller->treat_as_authenticated;
}

/* RFC 3261 20.17; strftime() would speak the language of the locale. */
static void add_date(struct ls_buf *place, uint64_t now_ms)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed",
                                       "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr",
                                         "May", "Jun", "Jul", "Aug",
                                         "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(now_ms / 1000);
    struct tm utc;

    gmtime_r(&seconds, &utc);
    sip_answer_header(place, "Date", "%s, %02d %s %d %02d:%02d:%02d GMT",
                      days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                      utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

/* Order, parameters and spelling as recorded from a Lync 2013 server. */
void challenge_send(const struct sip_request *request, int status)
{
    static const char realm[] = "SIP Communications Service";
    const char *fqdn = front_end_settings(request->front_end)->fqdn;
    const char *name =
        status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    struct sip_answer answer;

    sip_answer_init(&answer, request, status, NULL);
    add_date(&answer.before, request->now_ms);
    sip_answer_header(&answer.before, name,
                      "NTLM realm=\"%s\", targetname=\"%s\", version=4", realm,
                      fqdn);
    sip_answer_header(&answer.before, name,
                      "Kerberos realm=\"%s\", targetname=\"sip/%s\", version=4",
                      realm, fqdn);
    sip_answer_header(&answer.before, name,
                      "TLS-DSK realm=\"%s\", targetname=\"%s\", version=4, "
                      "sts-uri=\"https://%s:443/CertProv/"
                      "CertProvisioningService.svc\"",
                      realm, fqdn, fqdn);
    sip_answer_send(&answer);
}
