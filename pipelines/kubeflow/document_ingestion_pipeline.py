"""Documents on the data volume into a collection, by the product's own command line, split into shards."""

from kfp import dsl, kubernetes

IMAGE = "registry.local/llm-routes:0.2.0"
PYTHON = "docker.io/library/python:3.13.5-slim-bookworm"
# Of the ConfigMap and the Secret that the roles have; what is not there is as config/ has it.
ADDRESSES = ["EMBEDDINGS_URL", "EMBEDDINGS_PROTOCOL", "EMBEDDINGS_MODEL", "MILVUS_HOST", "MILVUS_PORT", "MILVUS_DATABASE"]
KEYS = ["EMBEDDINGS_API_KEY", "MILVUS_TOKEN"]

LIST_SHARDS = """
import json, pathlib, sys
count, file = int(float(sys.argv[1])), pathlib.Path(sys.argv[2])
file.parent.mkdir(parents=True, exist_ok=True)
file.write_text(json.dumps([f"{i}/{count}" for i in range(1, count + 1)]))
"""

# Document names are relative to the volume, as they are on Argo. 3 is done, but for what the log names.
INGEST = """
cd /data && /opt/llm-routes/bin/llm-routes "$@" || { code=$?; [ $code -eq 3 ] || exit $code; }
"""


@dsl.container_component
def list_shards(count: int, shards: dsl.OutputPath(list)):
    return dsl.ContainerSpec(image=PYTHON, command=["python3", "-c", LIST_SHARDS], args=[count, shards])


@dsl.container_component
def ingest(source: str, collection: str, readers: str, shard: str):
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["sh", "-c", INGEST, "llm-routes"],
        args=["ingest", "--collection", collection, "--readers", readers, "--shard", shard, "--", source],
    )


@dsl.pipeline(name="document-ingestion", description="Parse, chunk, embed and upsert documents into a collection")
def document_ingestion(source: str, collection: str = "documents", readers: str = "stated", shards: int = 1):
    numbers = list_shards(count=shards).set_cpu_limit("500m").set_memory_limit("128Mi")
    numbers.set_retry(3, backoff_duration="10s", backoff_factor=2)
    with dsl.ParallelFor(numbers.outputs["shards"], parallelism=4) as shard:
        step = ingest(source=source, collection=collection, readers=readers, shard=shard)
        step.set_cpu_request("500m").set_memory_request("512Mi").set_cpu_limit("2").set_memory_limit("1Gi")
        step.set_retry(3, backoff_duration="30s", backoff_factor=2)
        step.set_caching_options(False)
        kubernetes.use_config_map_as_env(step, config_map_name="llm-routes-env", config_map_key_to_env={key: key for key in ADDRESSES}, optional=True)
        kubernetes.use_secret_as_env(step, secret_name="llm-routes-api-keys", secret_key_to_env={key: key for key in KEYS}, optional=True)
        kubernetes.mount_pvc(step, pvc_name="llm-routes-data", mount_path="/data")
