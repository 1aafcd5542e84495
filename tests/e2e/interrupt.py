"""Interrupts a run as a person and a pipeline do, and looks at what is left."""
import atexit
import json
import os
import pty
import signal
import subprocess
import sys
import tempfile

lyncsim, source = sys.argv[1:]
story = source + "/scenarios/owa-subject-name.yaml"
others = source + "/scenarios/cases"
faults = 0
# Whoever runs this may ignore it, as shells do in the background; so would what
# is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)


def start(*arguments, **options):
    """Nothing is left running, whatever happens here."""
    child = subprocess.Popen([lyncsim, "run", *arguments], **options)
    atexit.register(child.kill)
    return child


def expect(name, is_so, what):
    global faults
    if not is_so:
        faults += 1
        print("FAILED:", name + ":", what, file=sys.stderr)


def interrupt(name, number, *arguments):
    """The run has begun for sure when its first line is there."""
    work = tempfile.mkdtemp()
    child = start(*arguments, "--junit", work + "/junit.xml", "--html",
                  work + "/html", story, others, stdout=subprocess.PIPE,
                  stderr=subprocess.PIPE, cwd=work)
    child.stdout.readline()
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    code = child.returncode
    junit = open(work + "/junit.xml").read()
    expect(name, code == 3, f"exit code {code}, 3 was wanted")
    expect(name, b"interrupted: " in err, err)
    expect(name, b" not played\n" in out, out)
    expect(name, "<skipped>The run was interrupted.</skipped>" in junit, junit)
    expect(name, junit.endswith("</testsuites>\n"), "JUnit is cut off")
    expect(name, open(work + "/html").read().endswith("</html>\n"),
           "HTML is cut off")
    left = sorted(os.listdir(work))
    expect(name, left == ["html", "junit.xml"], left)


interrupt("SIGINT", signal.SIGINT, "--repeat", "20")
interrupt("SIGTERM", signal.SIGTERM, "--repeat", "20")
interrupt("SIGINT, in parallel", signal.SIGINT, "-j", "4", "--repeat", "40")


def status(path, key):
    with open(path + "/status") as lines:
        for line in lines:
            if line.startswith(key + ":"):
                return line.split()[1]
    return ""


def has_noted(child, number):
    """The signal has been taken, and whoever took it waits again."""
    process = f"/proc/{child.pid}"
    pending = int(status(process, "ShdPnd") or "0", 16)
    return not pending >> (number - 1) & 1 and all(
        status(f"{process}/task/{task}", "State") == "S"
        for task in os.listdir(process + "/task"))


def interrupt_first(name, number):
    """It waits for a reader of its second report when it is interrupted, so
    its first is there and no scenario has begun."""
    work = tempfile.mkdtemp()
    os.mkfifo(work + "/tap")
    child = subprocess.Popen(
        [lyncsim, "run", "--junit", work + "/junit.xml", "--tap",
         work + "/tap", "--html", work + "/html", story, others],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=work)
    while not os.path.exists(work + "/junit.xml") and child.poll() is None:
        pass
    child.send_signal(number)
    while child.poll() is None and not has_noted(child, number):
        pass
    tap = ""
    if child.poll() is None:
        with open(work + "/tap") as pipe:
            tap = pipe.read()
    out, err = child.communicate(timeout=60)
    junit = open(work + "/junit.xml").read()
    expect(name, child.returncode == 3, child.returncode)
    expect(name, b"interrupted: " in err, err)
    expect(name, b"0 scenarios: 0 passed, 0 failed" in out, out)
    expect(name, "<skipped>The run was interrupted.</skipped>" in junit, junit)
    expect(name, "<testcase" in junit and "<failure" not in junit, junit)
    expect(name, junit.endswith("</testsuites>\n"), "JUnit is cut off")
    expect(name, "# SKIP The run was interrupted." in tap, tap)
    expect(name, open(work + "/html").read().endswith("</html>\n"),
           "HTML is cut off")


interrupt_first("SIGINT before all", signal.SIGINT)
interrupt_first("SIGTERM before all", signal.SIGTERM)

# JSON is one whole object, however early it was. It tells nothing before its
# end, but has begun once it opens its other report, which waits for a reader.
report = tempfile.mkdtemp() + "/tap"
os.mkfifo(report)
with tempfile.TemporaryFile() as told:
    child = start("--json", "--repeat", "100000", "--tap", report, story,
                  others, stdout=told, stderr=subprocess.DEVNULL)
    with open(report) as pipe:
        child.send_signal(signal.SIGINT)
        pipe.read()
    child.wait(timeout=60)
    told.seek(0)
    out = told.read()
expect("JSON", child.returncode == 3, child.returncode)
expect("JSON", len(json.loads(out)["skipped"]) > 0, out)

# Who is in a hurry presses twice, who used nohup not at all.
child = start("--repeat", "1000000", story, stdout=subprocess.DEVNULL,
              stderr=subprocess.DEVNULL)
codes = []
for _ in range(600):
    child.send_signal(signal.SIGINT)
    try:
        codes.append(child.wait(timeout=0.1))
        break
    except subprocess.TimeoutExpired:
        pass
expect("twice", codes and codes[0] in (-signal.SIGINT, 3), codes)
child = start(
    "--repeat", "5", others, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
child.stdout.readline()
child.send_signal(signal.SIGINT)
child.communicate(timeout=60)
expect("ignored", child.returncode == 0, child.returncode)


def at_a_terminal(*arguments):
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execv(lyncsim, [lyncsim, "run", *arguments])
    text = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    os.waitpid(child, 0)
    return text.decode()


try:
    told = at_a_terminal("--color=never", others)
    quiet = at_a_terminal("-q", others)
    single = at_a_terminal(story)
except OSError:
    print("no terminals on this machine: progress is left out")
else:
    expect("progress", "0 of " in told and " played; " in told, told)
    expect("progress", "\r\x1b[Kpassed  " in told, told)
    expect("progress", told.endswith(", 0 failed\r\n"), told)
    expect("progress, quietly", quiet.endswith("\r\x1b[K"), quiet)
    expect("no progress of one", " played; " not in single, single)

sys.exit(faults > 0)
