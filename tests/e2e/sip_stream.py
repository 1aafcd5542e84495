"""What the strangers of these tests share: SIP messages read from a stream, and
a 200 to any request."""

import re


def read_message(stream):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return None
        head += line if head or line.strip() else b""
    length = re.search(rb"(?im)^content-length\s*:\s*(\d+)", head)
    stream.read(int(length.group(1)) if length else 0)
    return head.decode().split("\r\n")


def answer(message, tag, *more):
    lines = ["SIP/2.0 200 OK"]
    for line in message[1:]:
        name = line.split(":")[0].strip().lower()
        if name == "to" and "tag=" not in line:
            line += ";tag=" + tag
        if name in ("via", "from", "to", "call-id", "cseq", "record-route"):
            lines.append(line)
    lines += [*more, "Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode()
