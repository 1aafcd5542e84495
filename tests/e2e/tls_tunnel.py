"""A door for clients that speak no TLS: whatever comes to a TCP port of
127.0.0.1 goes on over TLS with a client certificate, one connection each.

usage: tls_tunnel.py HOST:PORT ROOT CERTIFICATE KEY
Prints "PORT: listening" and ends with its standard input."""

import socket
import ssl
import sys
import threading


def carry(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(client, address, context):
    try:
        with client, socket.create_connection(address) as plain, \
                context.wrap_socket(plain) as server:
            back = threading.Thread(target=carry, args=(server, client),
                                    daemon=True)
            back.start()
            carry(client, server)
            back.join(5)
    except OSError as error:
        print(error, file=sys.stderr)


def main():
    host, port = sys.argv[1].rsplit(":", 1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(sys.argv[2])
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"{listener.getsockname()[1]}: listening", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), listener.close()),
                     daemon=True).start()
    threads = []
    try:
        while True:
            client, _ = listener.accept()
            threads.append(threading.Thread(
                target=serve, args=(client, (host, int(port)), context),
                daemon=True))
            threads[-1].start()
    except OSError:
        pass


main()
