/*
 * The table of findings: enumerator, stable id, severity, the question, why
 * it matters, where that is from. Included by certificate_finding.c alone.
 */
/* clang-format off */
ROW(FINDING_BAD_NAME, "BAD-NAME", FINDING_ERROR, see_bad_name,
    "A name that cannot be decoded or hides a NUL speaks for nobody.",
    "RFC 5280 7")
ROW(FINDING_NO_NAME, "NO-NAME", FINDING_ERROR, see_no_name,
    "There is no name to look up in the trusted-server table.",
    "TechNet, 2011-12-22 (the article)")
ROW(FINDING_NO_CN, "NO-CN", FINDING_WARNING, see_no_cn,
    "Lync looks up the subject's common name; that an alternative name takes "
    "its place is assumed.",
    "Lync Server 2013 and UCMA documents, which contradict each other")
ROW(FINDING_SEVERAL_CNS, "SEVERAL-CNS", FINDING_WARNING, see_several_cns,
    "Only one of several common names is looked up: the first, by Windows' "
    "documented order; for Lync this is assumed.",
    "CertGetNameString")
ROW(FINDING_CN_NOT_IN_SAN, "CN-NOT-IN-SAN", FINDING_WARNING, see_cn_not_in_san,
    "Peers that check alternative names do not find the common name there; "
    "Lync's documents want the pool name in both.",
    "Lync Server 2013, integrating Outlook Web App 2013")
ROW(FINDING_WILDCARD_CN, "WILDCARD-CN", FINDING_ERROR, see_wildcard_cn,
    "A wildcard is looked up as it stands and matches no server.",
    "Lync Server 2013, wildcard certificate support")
ROW(FINDING_WILDCARD_SAN, "WILDCARD-SAN", FINDING_NOTE, see_wildcard_san,
    "Lync knows wildcards for simple URLs only, never between servers.",
    "Lync Server 2013, wildcard certificate support")
ROW(FINDING_SHORT_NAME_CN, "SHORT-NAME-CN", FINDING_ERROR, see_short_name_cn,
    "The table holds FQDNs; a host name without its domain is none.",
    "assumed; no case was found")
ROW(FINDING_ADDRESS_CN, "ADDRESS-CN", FINDING_WARNING, see_address_cn,
    "An address is a name only where the pool itself is named by it.",
    "Lync Server 2013, remote call control")
ROW(FINDING_CN_OVER_64, "CN-OVER-64", FINDING_WARNING, see_cn_over_64,
    "A common name has at most 64 characters; other software may refuse it.",
    "X.520 ub-common-name")
ROW(FINDING_NON_ASCII_CN, "NON-ASCII-CN", FINDING_WARNING, see_non_ascii_cn,
    "DNS and the table hold the xn-- form; what is not ASCII does not compare "
    "equal to it.",
    "RFC 5280 7.2")
ROW(FINDING_TRAILING_DOT, "TRAILING-DOT", FINDING_WARNING, see_trailing_dot,
    "Names are compared as they stand, a dot at the end included.",
    "assumed; no case was found")
ROW(FINDING_CAPITALS_IN_CN, "CAPITALS-IN-CN", FINDING_NOTE, see_capitals,
    "Letter case is taken not to matter, though one administrator says it "
    "does.",
    "comment 10 of the article")
ROW(FINDING_TOO_MANY_NAMES, "TOO-MANY-NAMES", FINDING_ERROR,
    see_too_many_names,
    "So large a certificate does not pass a handshake.",
    "OpenSSL's limit of 100 kB for a chain")
ROW(FINDING_NO_CLIENT_AUTH_EKU, "NO-CLIENT-AUTH-EKU", FINDING_WARNING,
    see_no_client_auth,
    "A server that connects to another is a TLS client there. Lync takes a "
    "certificate for server authentication alone; other products refuse it.",
    "Lync Server 2013, certificate infrastructure requirements; Pexip")
ROW(FINDING_NO_SERVER_AUTH_EKU, "NO-SERVER-AUTH-EKU", FINDING_WARNING,
    see_no_server_auth,
    "All server certificates must support server authentication.",
    "Lync Server 2013, certificate infrastructure requirements")
ROW(FINDING_NO_USABLE_EKU, "NO-USABLE-EKU", FINDING_ERROR, see_no_usable,
    "It allows neither server nor client authentication.",
    "Lync Server 2013, certificate infrastructure requirements")
ROW(FINDING_EXPIRED, "EXPIRED", FINDING_ERROR, see_expired,
    "Connections between servers fail, and services do not start.",
    "Lync Server support, certificate expiration")
ROW(FINDING_EXPIRES_SOON, "EXPIRES-SOON", FINDING_WARNING, see_expires_soon,
    "A renewal takes a request, an approval and a restart.",
    "Lync Server support, certificate expiration")
ROW(FINDING_NOT_YET_VALID, "NOT-YET-VALID", FINDING_ERROR, see_not_yet_valid,
    "It is refused until its first day, or until the clocks agree.",
    "RFC 5280 4.1.2.5")
ROW(FINDING_ENDS_BEFORE_IT_BEGINS, "ENDS-BEFORE-IT-BEGINS", FINDING_ERROR,
    see_backward_dates, "There is no time at which it is valid.",
    "RFC 5280 4.1.2.5")
ROW(FINDING_WEAK_KEY, "WEAK-KEY", FINDING_WARNING, see_weak_key,
    "Lync of the period took RSA 1024; systems of today refuse it.",
    "Lync Server 2013, certificate infrastructure requirements")
ROW(FINDING_WEAK_SIGNATURE, "WEAK-SIGNATURE", FINDING_WARNING,
    see_weak_signature,
    "Lync of the period took SHA-1; systems of today refuse it.",
    "Lync Server 2013, certificate infrastructure requirements")
ROW(FINDING_PSS_SIGNATURE, "PSS-SIGNATURE", FINDING_WARNING, see_pss,
    "RSASSA-PSS is unsupported and may lead to errors on login and call "
    "forwarding.",
    "Lync Server 2013, certificate infrastructure requirements")
ROW(FINDING_SELF_SIGNED, "SELF-SIGNED", FINDING_ERROR, see_self_signed,
    "The certificate Exchange UM made for itself cannot be used with Lync: "
    "nobody trusts its issuer.",
    "Exchange 2013, deploying UM and Lync")
ROW(FINDING_IS_AUTHORITY, "IS-AUTHORITY", FINDING_WARNING, see_authority,
    "This is the certificate of an authority, not of a server.",
    "RFC 5280 4.2.1.9")
ROW(FINDING_CHAIN_NEEDS_INTERMEDIATE, "CHAIN-NEEDS-INTERMEDIATE",
    FINDING_WARNING, see_missing_issuer,
    "Unless it is a trusted root itself, the issuer's certificate must be "
    "sent along or be installed on every peer.",
    "KB 2901554, event 32042")
ROW(FINDING_CHAIN_OUT_OF_ORDER, "CHAIN-OUT-OF-ORDER", FINDING_NOTE,
    see_disorder,
    "Before TLS 1.3 each certificate sent must certify the one before it; "
    "most peers put up with less.",
    "RFC 5246 7.4.2")
ROW(FINDING_NO_CRL_URL, "NO-CRL-URL", FINDING_NOTE, see_no_crl_url,
    "Lync's documents want a CRL distribution point in every server "
    "certificate.",
    "Lync Server 2013, certificate infrastructure requirements")
ROW(FINDING_MALFORMED, "MALFORMED", FINDING_ERROR, see_malformed,
    "A part of it does not decode or contradicts itself.", "RFC 5280 4.2")
ROW(FINDING_SERIAL_REVERSED_IN_EVENTS, "SERIAL-REVERSED-IN-EVENTS",
    FINDING_NOTE, see_serial,
    "Windows events print the serial number backwards: look for that form, "
    "too.",
    "skypepro.co.uk, events 14397 and 14694")
