"""A user who says yes: signs in over a TCP port and answers every request
with 200 and a To tag.

usage: answering_peer.py PORT SIP-URI
Prints "signed in", then each method it answered; ends with its input."""

import socket
import sys
import threading

from sip_stream import answer, read_message


def main():
    user = sys.argv[2]
    server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    stream = server.makefile("rb")
    server.sendall((
        f"REGISTER {user} SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1\r\n"
        f"From: <{user}>;tag=1\r\nTo: <{user}>\r\nCall-ID: yes\r\n"
        "CSeq: 1 REGISTER\r\nContact: <sip:yes@127.0.0.1>\r\n"
        "Content-Length: 0\r\n\r\n").encode())
    threading.Thread(target=lambda: (sys.stdin.read(),
                                     server.shutdown(socket.SHUT_RDWR)),
                     daemon=True).start()
    while message := read_message(stream):
        if message[0] == "SIP/2.0 200 OK":
            print("signed in", flush=True)
        elif not message[0].startswith("SIP/2.0"):
            method = message[0].split(" ")[0]
            print(method, flush=True)
            if method not in ("ACK", "BENOTIFY"):
                server.sendall(answer(
                    message, "yes", "Contact: <sip:yes@127.0.0.1>"))


main()
