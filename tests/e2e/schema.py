# Does scenarios/scenario.schema.json agree with the files it describes? Every
# file of the library is valid by it, read as text and with YAML's own types;
# files with a slip are not.
import glob
import json
import sys

import jsonschema
import yaml

root = sys.argv[1]
with open(root + "/scenarios/scenario.schema.json", encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)


class Typed(yaml.SafeLoader):
    pass


# The core schema of YAML 1.2, which editors use, has no dates.
Typed.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if not tag.endswith((":timestamp", ":value", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

files = glob.glob(root + "/scenarios/**/*.yaml", recursive=True)
assert len(files) > 3
faults = 0
for path in sorted(files):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for loader in (yaml.BaseLoader, Typed):
        for error in validator.iter_errors(yaml.load(text, loader)):
            print(f"{path}: {list(error.absolute_path)}: {error.message[:200]}")
            faults += 1

slips = [
    "titel: x\nsteps: [{say: x}]",
    "title: x",
    "steps: [{say: x}]\ncases: [{connect: {certificate: none}}]",
    "steps: [{}]",
    "steps: [{say: x, advance: 1 day}]",
    "steps: [{connect: {certifcate: none}}]",
    "steps: [{connect: {}}]",
    "steps: [{sign-in: {certificate: none}}]",
    "steps: [{connect: {certificate: none}, expect: {verdit: refused}}]",
    "steps: [{connect: {certificate: none}, expect: {verdict: refuse}}]",
    "steps: [{connect: {certificate: none}, expect: {checks.fail: expired}}]",
    "steps: [{connect: {certificate: none}, expect: {owa: {contain: x}}}]",
    "steps: [{connect: {certificate: none, wire: {cut-at: 1}}}]",
    "steps: [{topology: [ad-pool: {fqdn: a.b}]}]",
    "front-end: {rule: lync-2012}\nsteps: [{say: x}]",
    "front-end: {refuse: {how: allert}}\nsteps: [{say: x}]",
    "authorities: {lab: {}}\nsteps: [{say: x}]",
    "certificates: {a: {subject: CN=a, key: p265}}\nsteps: [{say: x}]",
    "topology: {pools: [{fqnd: a.b}]}\nsteps: [{say: x}]",
]
for text in slips:
    if validator.is_valid(yaml.load(text, yaml.BaseLoader)):
        print(f"valid, and should not be: {text!r}")
        faults += 1
print(f"{len(files)} files, {len(slips)} slips, {faults} faults")
sys.exit(faults != 0)
