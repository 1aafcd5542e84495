"""A headless Chromium, spoken to over a pipe: no port, no other package."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find():
    for name in ("chromium", "chromium-headless-shell", "google-chrome"):
        if shutil.which(name):
            return shutil.which(name)
    return None


class Browser:
    def __init__(self, program):
        self.profile = tempfile.mkdtemp()
        there, self.out = os.pipe()
        self.back, here = os.pipe()
        self.text = b""
        self.count = 0
        self.events = []
        self.session = None

        def place():
            # The numbers are Chromium's; what is there may be in the way.
            os.dup2(there, 100)
            os.dup2(here, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)

        self.child = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--hide-scrollbars", "--disable-background-networking",
             "--disable-dev-shm-usage", "--no-first-run",
             "--user-data-dir=" + self.profile, "--remote-debugging-pipe",
             "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=place, close_fds=False)
        os.close(there)
        os.close(here)
        target = self.ask("Target.createTarget", url="about:blank")
        self.session = self.ask("Target.attachToTarget", flatten=True,
                                targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.ask(domain + ".enable")

    def read(self, deadline):
        while b"\0" not in self.text:
            if not select.select([self.back], [], [],
                                 max(0, deadline - time.time()))[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.back, 1 << 20)
            if not piece:
                raise EOFError("the browser has gone")
            self.text += piece
        message, self.text = self.text.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        deadline = time.time() + 60
        while True:
            answer = self.read(deadline)
            if answer.get("id") != self.count:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(method + ": " + str(answer["error"]))
            else:
                return answer["result"]

    def open(self, file):
        self.events = []
        self.ask("Page.navigate", url="file://" + file)
        # An event is still to come as long as it is not.
        while self.value("document.readyState") != "complete":
            self.events.append(self.read(time.time() + 60))

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression,
                          returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def look(self, scheme="light", media="", width=1000, height=800):
        self.ask("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, file, width, height=2600):
        data = self.ask("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width,
                              "height": height, "scale": 1})
        with open(file, "wb") as stream:
            stream.write(base64.b64decode(data["data"]))

    def paper(self):
        return base64.b64decode(self.ask("Page.printToPDF")["data"])

    def named(self):
        """What a screen reader is told: (role, name, level or None)."""
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        told = []
        for node in nodes:
            if node.get("ignored"):
                continue
            level = [p["value"]["value"] for p in node.get("properties", [])
                     if p["name"] == "level"]
            told.append((node["role"]["value"],
                         node.get("name", {}).get("value", ""),
                         level[0] if level else None))
        return told

    def close(self):
        self.child.terminate()
        self.child.wait(timeout=20)
        os.close(self.out)
        os.close(self.back)
        shutil.rmtree(self.profile, ignore_errors=True)
