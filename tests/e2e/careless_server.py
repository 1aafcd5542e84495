"""A server that never asks for a certificate: it answers the first request,
drops the connection after the handshake, answers as a web server does, or
speaks no TLS at all.

usage: careless_server.py answers|drops|web|plain CERTIFICATE KEY
Prints its address; each connection is served in turn."""
import socket
import ssl
import sys


def answer(stream):
    request = b""
    while b"\r\n\r\n" not in request:
        request += stream.recv(4096)
    copied = [line for line in request.split(b"\r\n")[1:]
              if line.split(b":")[0].lower() in
              (b"via", b"from", b"to", b"call-id", b"cseq")]
    stream.sendall(b"\r\n".join([b"SIP/2.0 200 OK"] + copied +
                                [b"Content-Length: 0", b"", b""]))
    stream.recv(4096)


def serve(connection, how, context):
    if how == "plain":
        connection.sendall(b"220 mail.contoso.com ESMTP\r\n")
        return
    with context.wrap_socket(connection, server_side=True) as stream:
        if how == "answers":
            answer(stream)
        elif how == "web":
            stream.recv(4096)
            stream.sendall(b"HTTP/1.1 400 Bad Request\r\n"
                           b"Content-Length: 0\r\n\r\n")
            stream.recv(4096)


_, way, certificate, key = sys.argv
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.maximum_version = ssl.TLSVersion.TLSv1_2
tls.load_cert_chain(certificate, key)
listener = socket.create_server(("127.0.0.1", 0))
print("127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    peer, _ = listener.accept()
    with peer:
        try:
            serve(peer, way, tls)
        except OSError:
            pass
