#!/usr/bin/env python3
"""Makes the base of the image from Debian packages: OUTPUT.tar, which Jib takes as tar://.

The packages are those of packages.lock, each with its version and SHA-256; apt fetches them. The same lock gives the same bytes.
`base.py --lock` writes the lock anew with what apt offers today.
"""

import argparse
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
LOCK = HERE / "packages.lock"
# What a Java runtime is linked with, and a static shell for the launcher and the steps of pipelines.
PACKAGES = ["base-files", "busybox-static", "gcc-12-base", "libc6", "libgcc-s1", "libstdc++6", "zlib1g"]
APPLETS = ["cat", "dirname", "env", "ls", "readlink", "rm", "sed", "sh", "test"]
USER = 65532
FILES = {
    "etc/passwd": f"root:x:0:0:root:/root:/sbin/nologin\nllm-routes:x:{USER}:{USER}:llm-routes:/tmp:/sbin/nologin\n",
    "etc/group": f"root:x:0:\nllm-routes:x:{USER}:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}
KEPT = (
    *("dev", "etc/debian_version", "etc/ld.so.conf.d/", "etc/os-release", "proc", "run", "sys"),
    *("usr/bin/", "usr/lib/", "usr/lib64/", "usr/share/common-licenses/", "usr/share/doc/"),
)
CONVERTERS = "/gconv/"  # of character sets; Java has its own


def apt(state, *arguments):
    """Runs apt-get with lists of its own, so that neither root nor a fresh `apt-get update` is needed."""
    state = state.resolve()
    for folder in ("lists/partial", "cache/archives/partial", "debs"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    options = [f"-oDir::State::lists={state}/lists", f"-oDir::Cache={state}/cache", "-oAPT::Sandbox::User=", "-oDebug::NoLocking=true", "-qq"]
    done = subprocess.run(["apt-get", *options, *arguments], cwd=state / "debs", stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def lock(state):
    apt(state, "update")
    for file in (state / "debs").iterdir():
        file.unlink()  # apt names no source of a file that is there
    lines = []
    for name in PACKAGES:
        # 'URI' FILE SIZE SHA256:HASH
        _, file, _, digest = apt(state, "download", "--print-uris", name).split()
        version = file.split("_")[1].replace("%3a", ":")
        lines.append(f"{name} {version} {file.rsplit('_', 1)[1].removesuffix('.deb')} {digest.removeprefix('SHA256:')}\n")
    LOCK.write_text("# Package, version, architecture and SHA-256; written by base.py --lock\n" + "".join(lines))


def locked():
    return [line.split() for line in LOCK.read_text().splitlines() if not line.startswith("#")]


def fetch(state, name, version, architecture, digest):
    """The package's path; its bytes are those of the lock."""
    path = state / "debs" / f"{name}_{version.replace(':', '%3a')}_{architecture}.deb"
    if not path.exists() and apt(state, "download", f"{name}={version}") is None:
        if apt(state, "update") is None or apt(state, "download", f"{name}={version}") is None:
            sys.exit(f"base.py: apt has no {name}={version}: build on Debian 12, write the lock anew (base.py --lock), or name a base (--base)")
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        sys.exit(f"base.py: {path.name} is not what packages.lock says")
    return path


def merged(name):
    """A path as it is where /bin, /sbin and /lib are links into /usr."""
    name = name.removeprefix("./").rstrip("/")
    top = name.split("/")[0]
    return "usr/" + name if top in ("bin", "sbin", "lib", "lib64") else name


def member(name, kind, mode, content=b"", target=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.mtime, entry.size, entry.linkname = kind, mode, 1, len(content), target
    return name, (entry, content)


def tree():
    """What no package brings, by path."""
    entries = dict(member(top, tarfile.SYMTYPE, 0o777, target="usr/" + top) for top in ("bin", "lib", "lib64", "sbin"))
    entries.update([member("tmp", tarfile.DIRTYPE, 0o1777), member("usr/sbin", tarfile.DIRTYPE, 0o755)])
    entries.update(member(name, tarfile.REGTYPE, 0o644, text.encode()) for name, text in FILES.items())
    return entries


def unpack(path, entries):
    """Adds what runs and the licences, nothing for people at a terminal."""
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as package:
        for entry in package:
            name = merged(entry.name)
            documentation = name.startswith("usr/share/doc/") and not entry.issym() and not name.endswith("/copyright")
            if entry.isdir() and name not in KEPT or not name.startswith(KEPT) or CONVERTERS in name or documentation:
                continue
            content = package.extractfile(entry).read() if entry.isfile() else b""
            target = merged(entry.linkname) if entry.islnk() else entry.linkname
            entries.update([member(name, entry.type, entry.mode & 0o755, content, target)])
    # where scanners look for the packages of an image without dpkg
    control = subprocess.run(["dpkg-deb", "--field", path], stdout=subprocess.PIPE, check=True).stdout
    entries.update([member("var/lib/dpkg/status.d/" + path.name.split("_")[0], tarfile.REGTYPE, 0o644, control)])


def write_tar(output, entries):
    """Folders come before what is in them."""
    folders = {str(parent) for name in entries for parent in pathlib.PurePosixPath(name).parents} - {"."}
    entries = dict(member(folder, tarfile.DIRTYPE, 0o755) for folder in folders) | entries
    with tarfile.open(fileobj=output, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for _, (entry, content) in sorted(entries.items()):
            archive.addfile(entry, io.BytesIO(content))


def make(state, output):
    entries = tree()
    packages = locked()
    for package in packages:
        unpack(fetch(state, *package), entries)
    for applet in APPLETS:
        entries.update([member("usr/bin/" + applet, tarfile.SYMTYPE, 0o777, target="busybox")])
    layer = io.BytesIO()
    write_tar(layer, entries)
    architecture = next(architecture for _, _, architecture, _ in packages if architecture != "all")
    config = {
        "architecture": architecture,
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": {"User": str(USER)},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer.getvalue()).hexdigest()]},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "deploy/image/base.py"}],
    }
    manifest = [{"Config": "config.json", "RepoTags": ["llm-routes-base"], "Layers": ["layer.tar"]}]
    files = {"layer.tar": layer.getvalue(), "config.json": json.dumps(config).encode(), "manifest.json": json.dumps(manifest).encode()}
    with output.open("wb") as file:
        write_tar(file, dict(member(name, tarfile.REGTYPE, 0o644, content) for name, content in files.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=pathlib.Path, required=True, help="folder that keeps what apt fetched")
    parser.add_argument("--lock", action="store_true")
    parser.add_argument("output", type=pathlib.Path, nargs="?")
    arguments = parser.parse_args()
    if arguments.lock:
        lock(arguments.state)
    if arguments.output:
        make(arguments.state, arguments.output)


if __name__ == "__main__":
    main()
