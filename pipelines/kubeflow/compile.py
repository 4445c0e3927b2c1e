"""Compiles the Kubeflow pipelines into a folder: compile.py FOLDER."""

import pathlib
import sys
from unittest import mock

# importing kfp imports clients of KFP and of Kubernetes, which compiling does not need
for client in ("kfp.client", "kubernetes"):
    sys.modules[client] = mock.MagicMock()

from kfp import compiler  # noqa: E402

from document_ingestion_pipeline import document_ingestion  # noqa: E402
from voice_pipeline import voice  # noqa: E402

if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for pipeline in (document_ingestion, voice):
        compiler.Compiler().compile(pipeline, str(folder / f"{pipeline.name}.yaml"))
