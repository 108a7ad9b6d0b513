#!/usr/bin/env python3
"""Schemas, examples and the bridge's own messages fit each other.
Usage: check-messages.py SOURCE-ROOT TEST-PROGRAM... (each run with --write DIR). Speaks TAP."""
import json, os, pathlib, subprocess, sys, tempfile

import jsonschema

root, programs = pathlib.Path(sys.argv[1]), sys.argv[2:]
results = []


def check(ok, name, why=""):
    results.append(ok)
    print(f"{'ok' if ok else 'not ok'} {len(results)} {name}")
    if why and not ok:
        print("# " + str(why).replace("\n", "\n# "))


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def refused(validator, message):
    return next((e.message for e in validator.iter_errors(message)), None)


validators = {}


def kind_of(path):
    """By the longest type that its name begins with: some have a hyphen of their own."""
    return max((k for k in validators if path.stem == k or path.stem.startswith(k + "-")), key=len, default=path.stem)


for path in sorted((root / "docs/schema").glob("*.json")):
    schema = load(path)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[path.stem] = jsonschema.Draft202012Validator(schema)
        check(schema["properties"]["type"]["const"] == path.stem, f"schema {path.stem}", "type is not the file's name")
    except jsonschema.SchemaError as error:
        check(False, f"schema {path.stem}", error.message)

seen = set()
for path in sorted((root / "tests/messages").glob("*.json")):
    kind = kind_of(path)
    seen.add(kind)
    why = refused(validators[kind], load(path))
    check(why is None, f"example {path.name}", why)
check(seen == set(validators), "an example of every type", set(validators) ^ seen)

invalid = sorted((root / "tests/messages/invalid").glob("*.json"))
for path in invalid:
    check(refused(validators[kind_of(path)], load(path)) is not None, f"invalid {path.name}", "the schema takes it")
check({kind_of(p) for p in invalid} == set(validators), "an invalid example of every type")

with tempfile.TemporaryDirectory() as folder:
    for program in programs:
        subprocess.run([program, "--write", folder], check=True, timeout=60)
    built = sorted(pathlib.Path(folder).glob("*.json"))
    kinds = set()
    for path in built:
        kind = kind_of(path)
        kinds.add(kind)
        why = refused(validators[kind], load(path))
        check(why is None, f"built {path.stem}", why)
    said = {kind for kind in validators if validators[kind].schema["description"].startswith("bridge")}
    check(kinds == said, "every message of the bridge was built", kinds ^ said)

# The table of docs/protocol.md and the schemas name the same types.
text = (root / "docs/protocol.md").read_text(encoding="utf-8")
for kind in validators:
    check(f"`{kind}`" in text, f"docs/protocol.md names {kind}")
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
