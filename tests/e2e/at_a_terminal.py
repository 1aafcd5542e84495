"""Runs a command at a terminal of its own and presses Enter where it asks for
it; what it writes comes out, with <Enter> where the key was pressed."""
import os
import pty
import sys

prompt = b"[Enter] goes on. "
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
text = b""
while True:
    try:
        piece = os.read(terminal, 65536)
    except OSError:  # the other end is closed
        piece = b""
    if not piece:
        break
    text += piece
    if text.endswith(prompt):
        text += b"<Enter>"
        os.write(terminal, b"\n")
sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
