#!/usr/bin/env python3
"""Adds the Debian packages and the Java runtime to a CycloneDX file of the Maven dependencies: SBOM RELEASE-FILE-OF-THE-JDK."""

import json
import pathlib
import sys
import urllib.parse

import base


def component(name, version, purl):
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main():
    file, release = map(pathlib.Path, sys.argv[1:])
    sbom = json.loads(file.read_text())
    java = dict(line.split("=", 1) for line in release.read_text().splitlines())["JAVA_RUNTIME_VERSION"].strip('"')
    sbom["components"].append(component("temurin", java, "pkg:generic/temurin@" + urllib.parse.quote(java)))
    for name, version, architecture, _ in base.locked():
        sbom["components"].append(component(name, version, f"pkg:deb/debian/{name}@{urllib.parse.quote(version)}?arch={architecture}"))
    file.write_text(json.dumps(sbom, indent=2) + "\n")


if __name__ == "__main__":
    main()
