"""Two users of one application: signs both in over one MTLS connection and
lets the first write to the second.

usage: asking_user.py HOST:PORT CA CERTIFICATE KEY FROM TO [REQUEST-URI]
Prints the answer to the MESSAGE."""

import socket
import ssl
import sys


def read_message(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            sys.exit("the connection was closed")
        head += line if head or line.strip() else b""
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return head + stream.read(length)


def request(method, uri, sender, receiver, number, more=""):
    return (f"{method} {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK{number}\r\n"
            f"Max-Forwards: 70\r\nFrom: <{sender}>;tag={number};epid={number}"
            f"\r\nTo: <{receiver}>\r\nCall-ID: asking{number}\r\n"
            f"CSeq: 1 {method}\r\n{more}Content-Length: 5\r\n\r\nhello"
            ).encode()


def main():
    address, ca, certificate, key, sender, receiver = sys.argv[1:7]
    uri = sys.argv[7] if len(sys.argv) > 7 else receiver
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(ca)
    context.load_cert_chain(certificate, key)
    host, port = address.rsplit(":", 1)
    server = context.wrap_socket(socket.create_connection((host, int(port))))
    server.settimeout(30)
    stream = server.makefile("rb")
    for number, user in enumerate((sender, receiver)):
        contact = f"Contact: <sip:LAB-EX2010.lab.deitterick.com:5075>\r\n"
        server.sendall(request("REGISTER", user, user, user, number, contact))
        if not read_message(stream).startswith(b"SIP/2.0 200"):
            sys.exit(f"{user} was not signed in")
    server.sendall(request("MESSAGE", uri, sender, receiver, 9))
    while True:
        message = read_message(stream)
        if message.startswith(b"SIP/2.0") and b"CSeq: 1 MESSAGE" in message:
            break
        if message.startswith(b"MESSAGE"):
            print("it came back over this connection", flush=True)
            print(message.decode())
            return
    print(message.decode())


main()
