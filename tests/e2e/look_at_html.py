"""Looks at the HTML report as a browser, a screen reader and a printer do.

usage: look_at_html.py [--pictures FOLDER] LESSON RUN HOSTILE MANY
       look_at_html.py --text FILE..."""
import re
import sys
from html.parser import HTMLParser

import browser

faults = 0


def expect(name, is_so, what=""):
    global faults
    if not is_so:
        faults += 1
        print("FAILED:", name + (": " + str(what) if what != "" else ""),
              file=sys.stderr)


class Page(HTMLParser):
    """What can be seen in the text alone, on any machine."""
    VOID = {"meta", "br", "hr"}

    def __init__(self, file):
        super().__init__()
        self.name, self.open, self.ids, self.refs = file, [], [], []
        self.levels, self.tables = [], []
        self.feed(open(file, encoding="utf-8").read())
        expect(file, not self.open, "left open: " + str(self.open))
        expect(file, len(self.ids) == len(set(self.ids)), "an id is twice")
        for ref in self.refs:
            expect(file, ref in self.ids, "nothing has the id " + ref)
        expect(file, self.levels[0] == 1 and self.levels.count(1) == 1,
               "one h1, and first")
        for before, after in zip(self.levels, self.levels[1:]):
            expect(file, after <= before + 1, f"h{after} below h{before}")
        for table in self.tables:
            expect(file, table["caption"] and table["header"] or
                   not table["cells"] > 1, "a table without head or caption")

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        expect(self.name, tag not in {"script", "img", "link", "iframe", "b",
                                      "i", "object", "embed", "form"}, tag)
        for key, value in attributes:
            expect(self.name, not key.startswith("on"), key)
            expect(self.name, key not in ("src", "style", "action"), key)
            expect(self.name, key != "href" or value.startswith("#"), value)
        if "id" in values:
            self.ids.append(values["id"])
        self.refs += values.get("aria-labelledby", "").split()
        self.refs += [values["href"][1:]] if "href" in values else []
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "table":
            self.tables.append({"caption": 0, "header": 0, "cells": 0})
        if tag == "caption":
            self.tables[-1]["caption"] = 1
        if tag == "th":
            self.tables[-1]["header"] += 1
            expect(self.name, values.get("scope") in ("row", "col"), "scope")
        if tag == "td":
            self.tables[-1]["cells"] += 1
        if tag not in self.VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        expect(self.name, self.open and self.open[-1] == tag,
               f"</{tag}> closes {self.open[-3:]}")
        if self.open:
            self.open.pop()


# Of every text the colour against what is behind it, as WCAG 2 reckons.
CONTRAST = """(() => {
  const lum = c => c.map(v => v / 255).map(v => v <= .03928 ? v / 12.92 :
    ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) =>
    s + v * [.2126, .7152, .0722][i], 0);
  const rgb = s => s.match(/[\\d.]+/g).map(Number);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c.slice(0, 3); }
    return null; };
  let worst = [99, ''];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) ||
        ['title', 'desc'].includes(e.tagName)) continue;
    const style = getComputedStyle(e), ground = behind(e);
    const ink = rgb(e.closest('svg') ? style.fill : style.color).slice(0, 3);
    const [a, b] = [lum(ink), lum(ground)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + ' ' + e.className +
      ' ' + e.textContent.slice(0, 40)];
  }
  return worst; })()"""

GROUND = """getComputedStyle(document.body).backgroundColor"""


def look_at(shown, file, pictures):
    shown.look()
    shown.open(file)
    asked = [e["params"]["request"]["url"] for e in shown.events
             if e.get("method") == "Network.requestWillBeSent"]
    expect(file, all(url.startswith("file://") for url in asked) and
           len(asked) == 1, asked)
    noise = [e for e in shown.events if e.get("method") in
             ("Log.entryAdded", "Runtime.exceptionThrown",
              "Runtime.consoleAPICalled")]
    expect(file, not noise, noise)
    shown.value("document.querySelectorAll('details').forEach("
                "d => d.open = true)")
    for scheme, ground in (("light", "rgb(255, 255, 255)"),
                           ("dark", "rgb(21, 24, 27)")):
        shown.look(scheme)
        expect(f"{file}, {scheme}", shown.value(GROUND) == ground,
               shown.value(GROUND))
        worst = shown.value(CONTRAST)
        expect(f"{file}, {scheme}: contrast", worst[0] >= 4.5, worst)
        if pictures:
            shown.picture(f"{pictures}/{file.split('/')[-1]}-{scheme}.png",
                          1000)
    for width in (320, 1000):
        shown.look(width=width)
        wide = shown.value("document.documentElement.scrollWidth")
        expect(f"{file}, {width} wide", wide <= width, wide)
        expect(f"{file}, {width} wide: moved by keys",
               shown.value(STUCK) == 0)
    if pictures:
        shown.look(width=360)
        shown.picture(f"{pictures}/{file.split('/')[-1]}-small.png", 360)
    told = shown.named()
    for role, name, _ in told:
        expect(file, role not in ("image", "img", "heading", "link", "table",
                                  "navigation") or name.strip(),
               f"a {role} without a name")
    return told


def hear(name, told, role, text):
    expect(name, any(r in role and text in n for r, n, _ in told),
           f"no {role[0]} says {text}")


# Boxes that are wider than what is in the page, and that no key moves.
STUCK = """[...document.querySelectorAll('body *')].filter(e =>
  e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0 &&
  ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).length"""


def look(pictures, lesson, run, hostile, many):
    program = browser.find()
    if program is None:
        print("no Chromium on this machine: only the text was looked at")
        return
    try:
        shown = browser.Browser(program)
    except (EOFError, OSError, TimeoutError) as why:
        print("Chromium does not start here: only the text was looked at:", why)
        return
    told = look_at(shown, lesson, pictures)
    hear("the lesson", told, ["image", "img"], "the peer sends TLS: hello")
    hear("the lesson", told, ["heading"], "Lesson 1: which name")
    hear("the lesson", told, ["table"], "The peer's certificate")
    hear("the lesson", told, ["rowheader"], "subject CN")
    # Printed, the answers stand there; on the screen they wait.
    shown.look()
    shown.open(lesson)
    visible = ("[...document.querySelectorAll('.reveal')]"
               ".filter(e => e.checkVisibility()).length")
    expect("answers on the screen", shown.value(visible) == 0)
    shown.value("document.querySelector('.answer>summary').click()")
    expect("an answer that was opened", shown.value(visible) == 1)
    shown.open(lesson)
    pages = len(re.findall(rb"/Type ?/Page\b", shown.paper()))
    expect("the lesson on paper", pages >= 3, f"{pages} pages")
    shown.look(media="print")
    expect("answers on paper", shown.value(visible) == shown.value(
        "document.querySelectorAll('.reveal').length"))
    told = look_at(shown, run, pictures)
    hear("the run", told, ["navigation"], "Scenarios")
    hear("the run", told, ["navigation"], "What went wrong")
    hear("the run", told, ["heading"], "of 3 scenarios passed")
    look_at(shown, hostile, pictures)
    expect("hostile names", shown.value("window.acted") is None, "they act")
    told = look_at(shown, many, pictures)
    hear("many names", told, ["table"], "At a glance")
    shown.close()


arguments = sys.argv[1:]
folder = None
only_text = arguments[0] == "--text"
if only_text:
    arguments = arguments[1:]
if arguments[0] == "--pictures":
    folder = arguments[1]
    arguments = arguments[2:]
for each in arguments:
    Page(each)
if not only_text:
    look(folder, *arguments)
sys.exit(faults > 0)
