"""The port of an application that knows nothing of us: MTLS, and 200 to
every request.

usage: application_port.py CA CERTIFICATE KEY [HOW]
Prints "PORT: listening", the names of who connects and each request; HOW is
"garbage" for bytes that are no SIP, "close" for an end in the handshake."""

import socket
import ssl
import sys
import threading

from sip_stream import answer, read_message


def serve(peer, how):
    names = [part[0][1] for part in peer.getpeercert()["subject"]
             if part[0][0] == "commonName"]
    print("connected:", *names, flush=True)
    stream = peer.makefile("rb")
    while message := read_message(stream):
        print(message[0], flush=True)
        if how == "garbage":
            peer.sendall(b"\x00\xff what is this\r\n\r\n" * 3)
            peer.close()
            return
        if not message[0].startswith("SIP/2.0"):
            peer.sendall(answer(message, "port"))


def shake_hands(context, peer, how):
    try:
        serve(context.wrap_socket(peer, server_side=True), how)
    except OSError as error:
        print("failed:", error, flush=True)


def main():
    ca, certificate, key = sys.argv[1:4]
    how = sys.argv[4] if len(sys.argv) > 4 else ""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"{listener.getsockname()[1]}: listening", flush=True)
    while True:
        peer, _ = listener.accept()
        if how == "close":
            peer.close()
            continue
        threading.Thread(target=shake_hands, args=(context, peer, how),
                         daemon=True).start()


main()
