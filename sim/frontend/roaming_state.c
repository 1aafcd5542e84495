#include "roaming_state.h"

#include "lyncsim/alloc.h"
#include "lyncsim/presence.h"

#include "xml_scan.h"

#define NAMESPACE "http://schemas.microsoft.com/2006/09/sip/"

/* Names and namespaces are the public ones of these packages ([MS-PRES],
 * [MS-SIPREGE]); what is not published by users is the least that is
 * complete. */
static void open_categories(struct ls_buf *out, const char *user)
{
    ls_buf_add_text(out,
                    "<categories xmlns=\"" NAMESPACE "categories\" uri=\"");
    xml_scan_add_text(out, ls_str_from(user));
    ls_buf_add_text(out, "\">");
}

static void add_self(struct ls_buf *out, struct front_end *front_end,
                     const char *user)
{
    ls_buf_add_text(out, "<roamingData xmlns=\"" NAMESPACE "roaming-self\">");
    open_categories(out, user);
    presence_add_own(out, front_end_presence(front_end), ls_str_from(user));
    ls_buf_add_text(out,
                    "</categories>"
                    "<containers xmlns=\"" NAMESPACE "container-management\"/>"
                    "<subscribers xmlns=\"" NAMESPACE "presence-subscribers\"/>"
                    "</roamingData>");
}

static void add_presence(struct ls_buf *out, struct front_end *front_end,
                         const char *user)
{
    open_categories(out, user);
    presence_add_seen(out, front_end_presence(front_end), ls_str_from(user));
    ls_buf_add_text(out, "</categories>");
}

static void add_contacts(struct ls_buf *out, struct front_end *front_end,
                         const char *user)
{
    (void)front_end;
    (void)user;
    ls_buf_add_text(out, "<contactList deltaNum=\"1\">"
                         "<group id=\"1\" name=\"~\" externalURI=\"\"/>"
                         "</contactList>");
}

static void add_acl(struct ls_buf *out, struct front_end *front_end,
                    const char *user)
{
    (void)front_end;
    (void)user;
    ls_buf_add_text(out, "<ACLlist deltaNum=\"1\">"
                         "<ACE type=\"ALL\" mask=\"\" rights=\"AA\"/>"
                         "</ACLlist>");
}

static void add_provisioning(struct ls_buf *out, struct front_end *front_end,
                             const char *user)
{
    (void)front_end;
    (void)user;
    ls_buf_add_text(out, "<provisionGroupList xmlns=\"" NAMESPACE
                         "provisiongrouplist-notification\">"
                         "<provisionGroup name=\"ServerConfiguration\"/>"
                         "</provisionGroupList>");
}

static void add_old_provisioning(struct ls_buf *out,
                                 struct front_end *front_end, const char *user)
{
    (void)front_end;
    (void)user;
    ls_buf_add_text(out, "<provisionList xmlns=\"http://schemas.microsoft.com/"
                         "2005/09/sip/provisioning\"/>");
}

static void add_watchers(struct ls_buf *out, struct front_end *front_end,
                         const char *user)
{
    (void)front_end;
    (void)user;
    ls_buf_add_text(out, "<watchers/>");
}

static const struct roaming_package packages[] = {
    {"vnd-microsoft-roaming-self", "application/vnd-microsoft-roaming-self+xml",
     true, add_self},
    {"vnd-microsoft-roaming-contacts",
     "application/vnd-microsoft-roaming-contacts+xml", false, add_contacts},
    {"vnd-microsoft-roaming-ACL", "application/vnd-microsoft-roaming-acls+xml",
     false, add_acl},
    {"vnd-microsoft-provisioning-v2",
     "application/vnd-microsoft-roaming-provisioning-v2+xml", false,
     add_provisioning},
    {"vnd-microsoft-provisioning",
     "application/vnd-microsoft-roaming-provisioning+xml", false,
     add_old_provisioning},
    {"presence", "application/msrtc-event-categories+xml", true, add_presence},
    {"presence.wpending", "text/xml+msrtc.wpending", false, add_watchers},
};

const struct roaming_package *roaming_package_find(struct ls_str event)
{
    for (size_t i = 0; i < LS_COUNT(packages); i++)
        if (ls_str_equal_nocase(event, ls_str_from(packages[i].event)))
            return &packages[i];
    return NULL;
}

const struct roaming_package *roaming_package_at(size_t index)
{
    return index < LS_COUNT(packages) ? &packages[index] : NULL;
}

/* RFC 4662: the list, and a part for each user. */
static void add_list(struct ls_buf *body, const struct roaming_users *users)
{
    ls_buf_add_text(body, "Content-Transfer-Encoding: binary\r\n"
                          "Content-ID: resourceList\r\n"
                          "Content-Type: application/rlmi+xml\r\n\r\n"
                          "<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" "
                          "version=\"0\" fullState=\"true\">");
    for (size_t i = 0; i < users->count; i++) {
        ls_buf_add_text(body, "<resource uri=\"");
        xml_scan_add_text(body, ls_str_from(users->aors[i]));
        ls_buf_add_text(body, "\"/>");
    }
    ls_buf_add_text(body, "</list>");
}

/* As many as there is room for; how many those are. */
static size_t add_parts(struct ls_buf *parts,
                        const struct roaming_package *package,
                        struct front_end *front_end,
                        const struct roaming_users *users, const char *boundary)
{
    for (size_t i = 0; i < users->count; i++) {
        size_t before = parts->length;

        ls_buf_printf(parts,
                      "\r\n--%s\r\nContent-Transfer-Encoding: binary\r\n"
                      "Content-Type: %s\r\n\r\n",
                      boundary, package->content_type);
        package->add(parts, front_end, users->aors[i]);
        if (parts->length > ROAMING_STATE_MAX_BYTES) {
            parts->length = before;
            return i;
        }
    }
    return users->count;
}

bool roaming_state_add(const struct roaming_package *package,
                       struct front_end *front_end,
                       const struct roaming_users *users,
                       struct ls_buf *content_type, struct ls_buf *body)
{
    struct roaming_users told = *users;
    struct ls_buf boundary = {0};
    struct ls_buf parts = {0};

    if (users->count == 1) {
        ls_buf_add_text(content_type, package->content_type);
        package->add(body, front_end, users->aors[0]);
        return true;
    }
    id_source_add_hex(front_end_ids(front_end), &boundary, 32);
    ls_buf_printf(content_type,
                  "multipart/related;type=\"application/rlmi+xml\";"
                  "start=resourceList;boundary=%s",
                  boundary.at);
    ls_buf_printf(body, "--%s\r\n", boundary.at);
    told.count = add_parts(&parts, package, front_end, users, boundary.at);
    add_list(body, &told);
    ls_buf_add(body, ls_buf_str(&parts));
    ls_buf_printf(body, "\r\n--%s--\r\n", boundary.at);
    ls_buf_clear(&boundary);
    ls_buf_clear(&parts);
    return told.count == users->count;
}
