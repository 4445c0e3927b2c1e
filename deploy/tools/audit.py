"""Asks a database of known vulnerabilities about every pinned package: audit.py FILE…

FILE is a CycloneDX file (*.cdx.json), a requirements file of pip or a lockfile of npm. The database is OSV, or another one with its API that OSV_URL names.
Exit code 1: there are some; 2: the database cannot be asked.
"""

import json
import os
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

OSV = os.environ.get("OSV_URL", "https://api.osv.dev").rstrip("/")
BATCH = 1000  # what OSV takes of one request
TIMEOUT_SECONDS = 60
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)")


def purl(kind, name, version):
    return f"pkg:{kind}/{urllib.parse.quote(name, safe='/')}@{urllib.parse.quote(version)}"


def packages(file):
    """Package URLs without qualifiers, which OSV does not take."""
    if file.name.endswith(".cdx.json"):
        for component in json.loads(file.read_text()).get("components", []):
            if component.get("purl", "").startswith("pkg:maven/"):
                yield component["purl"].split("?")[0]
    elif file.name == "package-lock.json":
        for path, package in json.loads(file.read_text())["packages"].items():
            if path and "version" in package:
                yield purl("npm", path.split("node_modules/")[-1], package["version"])
    else:
        for line in file.read_text().splitlines():
            match = PINNED.match(line)
            if match:
                yield purl("pypi", match[1].lower(), match[2])


def ask(purls):
    body = json.dumps({"queries": [{"package": {"purl": purl}} for purl in purls]}).encode()
    request = urllib.request.Request(OSV + "/v1/querybatch", data=body, headers={"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
        return json.load(response)["results"]


def main():
    found = sorted({purl for file in sys.argv[1:] for purl in packages(pathlib.Path(file))})
    vulnerable = 0
    try:
        for start in range(0, len(found), BATCH):
            batch = found[start : start + BATCH]
            for package, result in zip(batch, ask(batch), strict=True):
                known = [vulnerability["id"] for vulnerability in result.get("vulns", [])]
                if known:
                    vulnerable += 1
                    print(package, *known)
    except (urllib.error.URLError, TimeoutError) as e:
        print(f"audit: {OSV} cannot be asked: {e}", file=sys.stderr)
        sys.exit(2)
    print(f"{vulnerable} of {len(found)} packages have known vulnerabilities")
    sys.exit(1 if vulnerable else 0)


if __name__ == "__main__":
    main()
