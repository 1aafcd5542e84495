#include "bench_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncsim/alloc.h"
#include "lyncsim/str.h"

#define ARGUMENTS_MAX 24

static const struct {
    const char *text;
    const char *program;
    bool speaks_sip;
} peers[] = {
#define X(name, text, program, speaks_sip) {text, program, speaks_sip},
    BENCH_PEER_LIST(X)
#undef X
};

const char *bench_peer_text(enum bench_peer peer)
{
    return peers[peer].text;
}

bool bench_peer_speaks_sip(enum bench_peer peer)
{
    return peers[peer].speaks_sip;
}

bool bench_peer_is_there(enum bench_peer peer)
{
    const char *path = getenv("PATH");
    struct ls_str rest = ls_str_from(path ? path : ""), folder;

    if (*peers[peer].program == '\0')
        return true;
    while (ls_str_cut(&rest, ':', &folder)) {
        char *full =
            ls_strf("%.*s/%s", LS_STR_ARG(folder), peers[peer].program);
        bool is_there = access(full, X_OK) == 0;

        free(full);
        if (is_there)
            return true;
    }
    /* Debian keeps servers where an ordinary user's PATH does not look. */
    return access("/usr/sbin/nginx", X_OK) == 0 && peer == BENCH_NGINX;
}

/* --- what each wants to be told ------------------------------------------ */

static const char nginx_conf[] =
    "daemon off;\nworker_processes 1;\nworker_rlimit_nofile 20000;\n"
    "error_log %2$s/nginx.err;\npid %2$s/nginx.pid;\n"
    "events { worker_connections 16000; }\n"
    "http {\n access_log off;\n keepalive_timeout 600;\n"
    " client_body_temp_path %2$s;\n proxy_temp_path %2$s;\n"
    " fastcgi_temp_path %2$s;\n uwsgi_temp_path %2$s;\n"
    " scgi_temp_path %2$s;\n"
    " server {\n  listen 127.0.0.1:%1$u ssl backlog=4096;\n"
    "  ssl_certificate %3$s;\n  ssl_certificate_key %4$s;\n"
    "  ssl_client_certificate %5$s;\n  ssl_verify_client on;\n"
    "  ssl_session_tickets off;\n  ssl_session_cache off;\n"
    "  ssl_protocols TLSv1.2 TLSv1.3;\n  return 200;\n }\n}\n";

static const char haproxy_conf[] =
    "global\n nbthread 1\n maxconn 9000\n tune.ssl.cachesize 0\n"
    "defaults\n mode http\n timeout client 600s\n timeout server 600s\n"
    " timeout connect 5s\n timeout http-request 600s\n"
    "frontend in\n bind 127.0.0.1:%1$u backlog 4096 ssl crt %3$s"
    " ca-file %5$s verify required no-tls-tickets ssl-min-ver TLSv1.2\n"
    " http-request return status 200\n"
    "# %2$s %4$s\n";

static const char kamailio_conf[] =
    "#!KAMAILIO\ndebug=-1\nlog_stderror=no\nchildren=1\ntcp_children=1\n"
    "enable_tls=yes\ntcp_max_connections=16000\ntls_max_connections=16000\n"
    "tcp_connection_lifetime=600\n"
    "listen=tls:127.0.0.1:%1$u\n"
    "mpath=\"/usr/lib/x86_64-linux-gnu/kamailio/modules/\"\n"
    "loadmodule \"tls.so\"\nloadmodule \"sl.so\"\n"
    "modparam(\"tls\", \"tls_method\", \"TLSv1.2+\")\n"
    "modparam(\"tls\", \"certificate\", \"%3$s\")\n"
    "modparam(\"tls\", \"private_key\", \"%4$s\")\n"
    "modparam(\"tls\", \"ca_list\", \"%5$s\")\n"
    "modparam(\"tls\", \"verify_certificate\", 1)\n"
    "modparam(\"tls\", \"require_certificate\", 1)\n"
    "request_route { sl_send_reply(\"200\", \"OK\"); }\n"
    "# %2$s\n";

static const char node_script[] =
    "const tls = require('tls'), fs = require('fs');\n"
    "const names = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];\n"
    "function answer(head) {\n"
    "  const headers = {};\n"
    "  for (const line of head.split('\\r\\n').slice(1)) {\n"
    "    const colon = line.indexOf(':');\n"
    "    headers[line.slice(0, colon)] = line.slice(colon + 1).trim();\n"
    "  }\n"
    "  return 'SIP/2.0 200 OK\\r\\n' +\n"
    "    names.map(n => n + ': ' + headers[n] + '\\r\\n').join('') +\n"
    "    'Content-Length: 0\\r\\n\\r\\n';\n"
    "}\n"
    "tls.createServer({\n"
    "  cert: fs.readFileSync('%3$s'), key: fs.readFileSync('%4$s'),\n"
    "  ca: fs.readFileSync('%5$s'), requestCert: true,\n"
    "  rejectUnauthorized: true,\n"
    "  secureOptions: require('constants').SSL_OP_NO_TICKET,\n"
    "}, socket => {\n"
    "  if (socket.getPeerCertificate().subject.CN !== 'cas.contoso.com')\n"
    "    return socket.destroy();\n"
    "  let text = '';\n"
    "  socket.setNoDelay(true);\n"
    "  socket.on('error', () => {});\n"
    "  socket.on('data', bytes => {\n"
    "    text += bytes;\n"
    "    let out = '', end;\n"
    "    while ((end = text.indexOf('\\r\\n\\r\\n')) >= 0) {\n"
    "      out += answer(text.slice(0, end));\n"
    "      text = text.slice(end + 4);\n"
    "    }\n"
    "    if (out) socket.write(out);\n"
    "  });\n"
    "}).listen(%1$u, '127.0.0.1', 4096); /* %2$s */\n";

/* Fill in port, folder, certificate, key and authority; the path. */
static const char *configure(const struct bench_lab *lab,
                             const struct bench_files *files,
                             const char *format, const char *name,
                             unsigned port, char path[BENCH_PATH_MAX])
{
    const char *certificate =
        format == haproxy_conf ? files->both : files->server;
    char text[4096];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(text, sizeof text, format, port, lab->folder, certificate,
             files->server_key, files->authority);
#pragma GCC diagnostic pop
    bench_lab_write(lab, name, text, path);
    return path;
}

static const char *beside_us(const char *name, char path[BENCH_PATH_MAX * 4])
{
    ssize_t length = readlink("/proc/self/exe", path, BENCH_PATH_MAX * 3);

    if (length < 0)
        abort();
    while (path[length - 1] != '/')
        length--;
    snprintf(path + length, BENCH_PATH_MAX, "%s", name);
    return path;
}

const char *bench_peer_ours(void)
{
    const char *ours = getenv("LYNCSIM");

    return ours ? ours : LYNCSIM_BINARY;
}

bool bench_peer_start(enum bench_peer peer, const struct bench_lab *lab,
                      enum bench_key key, struct bench_server *server)
{
    const struct bench_files *files = &lab->files[key];
    unsigned port = peer < BENCH_NGINX ? 0 : bench_server_free_port();
    char *log = ls_strf("%s/%s.log", lab->folder, bench_peer_text(peer));
    char *trace = ls_strf("%s/trace", lab->folder);
    char conf[BENCH_PATH_MAX], floor[BENCH_PATH_MAX * 4];
    const char *commands[BENCH_PEER_COUNT][ARGUMENTS_MAX] = {
        [BENCH_FLOOR] = {beside_us("floor_server", floor), files->server,
                         files->server_key, files->authority},
        [BENCH_LYNCSIM] = {bench_peer_ours(), "serve", "--listen",
                           "127.0.0.1:0", "--certificate", files->server,
                           "--key", files->server_key, "--ca", files->authority,
                           "--topology", lab->topology, "--tls", "1.2-1.3",
                           "--trace", trace, "--quiet"},
        [BENCH_NGINX] = {"nginx", "-e", log, "-c", conf},
        [BENCH_HAPROXY] = {"haproxy", "-db", "-f", conf},
        [BENCH_KAMAILIO] = {"kamailio", "-DD", "-E", "-m", "512", "-f", conf},
        [BENCH_NODE] = {"node", conf},
    };
    bool is_up;

    if (peer == BENCH_NGINX)
        configure(lab, files, nginx_conf, "nginx.conf", port, conf);
    else if (peer == BENCH_HAPROXY)
        configure(lab, files, haproxy_conf, "haproxy.conf", port, conf);
    else if (peer == BENCH_KAMAILIO)
        configure(lab, files, kamailio_conf, "kamailio.conf", port, conf);
    else if (peer == BENCH_NODE)
        configure(lab, files, node_script, "server.js", port, conf);
    is_up = bench_server_start(server, (char *const *)commands[peer],
                               (uint16_t)port, log);
    free(log);
    free(trace);
    return is_up;
}
