"""Compiles the Kubeflow pipelines, each into a file of a folder."""

import argparse
import pathlib
import sys
from unittest import mock

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", type=pathlib.Path, help="made where it is missing")
folder = parser.parse_args().folder

# importing kfp imports clients of KFP and of Kubernetes, which compiling does not need
for client in ("kfp.client", "kubernetes"):
    sys.modules[client] = mock.MagicMock()

from kfp import compiler  # noqa: E402

from document_ingestion_pipeline import document_ingestion  # noqa: E402
from voice_pipeline import voice  # noqa: E402

folder.mkdir(parents=True, exist_ok=True)
for pipeline in (document_ingestion, voice):
    compiler.Compiler().compile(pipeline, str(folder / f"{pipeline.name}.yaml"))
