#include "support/sip_stream.h"

#include <string.h>

#include "lyncsim/connection_journal.h"
#include "lyncsim/sip_service.h"

#include "support/sip_talk.h"

const char sip_stream_probe[] =
    "OPTIONS sip:probe SIP/2.0\r\nVia: SIP/2.0/TLS h\r\nFrom: <sip:a@b>\r\n"
    "To: <sip:probe>\r\nCall-ID: probe\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n";

bool sip_stream_converse(struct ls_str bytes, size_t piece,
                         struct ls_buf *answers)
{
    struct connection_journal journal = {0};
    struct sip_service *service;
    struct sip_talk talk;
    bool is_broken = false;

    sip_talk_init(&talk, LYNC_2010);
    connection_journal_init(&journal, NULL, 0x2500, "192.0.2.7:49732");
    service = sip_service_new(talk.front_end, &talk.server, &journal);
    while (bytes.length && !is_broken) {
        sip_service_feed(service, ls_str_first(bytes, piece));
        bytes = ls_str_skip(bytes, piece);
        is_broken = sip_service_run(service, answers, SIZE_MAX, talk.now_ms) ==
                    SIP_SERVICE_BROKEN;
    }
    sip_service_free(service);
    connection_journal_clear(&journal);
    sip_talk_clear(&talk);
    return is_broken;
}

bool sip_stream_is_probed(struct ls_str answers)
{
    static const char line[] = "\r\nCall-ID: probe\r\n";

    return memmem(answers.at, answers.length, line, sizeof(line) - 1) != NULL;
}

char *sip_stream_status_lines(struct ls_str answers)
{
    struct ls_buf lines = {0};
    struct ls_str line;

    while (ls_str_cut(&answers, '\n', &line))
        if (ls_str_starts_with(line, "SIP/2.0 "))
            ls_buf_printf(&lines, "%.*s|",
                          LS_STR_ARG(ls_str_trim(ls_str_skip(line, 8))));
    return ls_buf_take(&lines);
}
