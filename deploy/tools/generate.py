"""Writes what deploy/ takes from routes/, kamelets/, config/ and its own observability/: generate.py PROJECT. Files that are as they should be are not touched.

kustomize has no globs, and NACK has names of its own for what config/nats says.
"""

import pathlib
import re
import sys

import yaml

KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
NOTE = "# Written by ./dev manifests."
# Where NACK's name is not the field's in camel case.
NAMES = {"allow_rollup_hdrs": "allowRollup"}
DURATIONS = {"max_age", "duplicate_window", "ack_wait"}
REPLICAS = 3
# Flux would delete those of before an edit while pods that mount them still serve, and could not be replaced any more.
KEPT = "generatorOptions:\n  annotations: {kustomize.toolkit.fluxcd.io/prune: disabled} # pods of before an edit mount the former ones\n"


def names(folder, pattern):
    return sorted(file.name for file in folder.glob(pattern))


def entries(values, indent):
    return "".join(f"{' ' * indent}- {value}\n" for value in values)


def generator(name, files):
    return f"  - name: {name}\n    files:\n" + entries(files, 6)


def kustomizations(project):
    routes = names(project / "routes", "*.camel.yaml")
    kamelets = names(project / "kamelets", "*.kamelet.yaml")
    prompts = [f"prompts/{name}" for name in names(project / "config/prompts", "*.mustache")]
    streams = [f"nats/{name}" for name in names(project / "config/nats", "*.yaml")]
    edited = ["ai-services-config.yaml", "application.properties", "pipelines.yaml"]
    yield "routes/kustomization.yaml", (
        f"{NOTE} The routes for the cluster, as a ConfigMap.\n{KUSTOMIZATION}configMapGenerator:\n" + generator("llm-routes-routes", routes) + KEPT
    )
    yield "kamelets/kustomization.yaml", (
        f"{NOTE} The Kamelets for the cluster: resources for Camel K, and a ConfigMap for pods to mount.\n{KUSTOMIZATION}"
        + f"resources:\n{entries(kamelets, 2)}configMapGenerator:\n"
        + generator("llm-routes-kamelets", kamelets)
        + KEPT
    )
    yield "config/kustomization.yaml", (
        f"{NOTE} What of config/ is edited, for the cluster, as ConfigMaps; schemas and API descriptions are those of the image.\n"
        + f"{KUSTOMIZATION}configMapGenerator:\n"
        + generator("llm-routes-config", edited)
        + generator("llm-routes-prompts", prompts)
        + generator("llm-routes-streams", streams)
        + KEPT
    )
    yield "config/nats-server/kustomization.yaml", (
        f"{NOTE} Accounts of NATS for the cluster; of one name always, since the chart names it, and the server reads it again by itself.\n"
        + f"{KUSTOMIZATION}configMapGenerator:\n"
        + generator("nats-accounts", names(project / "config/nats-server", "*.conf"))
        + "    options: {disableNameSuffixHash: true}\n"
    )


def camel_case(name):
    first, *others = name.split("_")
    return NAMES.get(name, first + "".join(word.capitalize() for word in others))


def go_duration(text):
    """Go has no days."""
    days = re.fullmatch(r"(\d+)d", text)
    return f"{int(days[1]) * 24}h" if days else text


def spec(definition):
    return {camel_case(name): go_duration(value) if name in DURATIONS else value for name, value in definition.items()}


def resource(kind, name, content):
    return {"apiVersion": "jetstream.nats.io/v1beta2", "kind": kind, "metadata": {"name": name}, "spec": content}


def streams(project):
    """NACK's defaults are not the server's: acknowledgement and delivery are said, and nothing is deleted with its resource."""
    resources = []
    for file in names(project / "config/nats", "*.yaml"):
        definition = yaml.safe_load((project / "config/nats" / file).read_text())
        stream = {**spec(definition["stream"]), "replicas": REPLICAS, "preventDelete": True}
        written = [(file, resource("Stream", file.removesuffix(".yaml"), stream))]
        for consumer in definition.get("consumers", []):
            name = consumer["durable_name"]
            content = {"streamName": stream["name"], **spec(consumer), "deliverPolicy": "all", "replayPolicy": "instant", "preventDelete": True}
            written.append((f"{name}-consumer.yaml", resource("Consumer", name, content)))
        for target, content in written:
            resources.append(target)
            text = yaml.safe_dump(content, sort_keys=False, default_flow_style=False, width=200)
            yield f"deploy/platform/nats/streams/{target}", f"{NOTE} What config/nats/{file} says, as NACK wants it.\n{text}"
    yield "deploy/platform/nats/streams/kustomization.yaml", (
        f"{NOTE} Streams and consumers of config/nats for NACK, once it and NATS run: kubectl apply -k deploy/platform/nats/streams\n"
        + f"{KUSTOMIZATION}namespace: ai-ml\nresources:\n"
        + entries(sorted(resources), 2)
    )


def observability(project):
    """Grafana's sidecar takes dashboards by the label, Prometheus' operator takes rules as a resource."""
    folder = "deploy/observability"
    dashboards = [f"dashboards/{name}" for name in names(project / folder / "dashboards", "*.json")]
    yield f"{folder}/kustomization.yaml", (
        f"{NOTE} The dashboards, as a ConfigMap that Grafana's sidecar picks up.\n{KUSTOMIZATION}configMapGenerator:\n"
        + generator("llm-routes-dashboards", dashboards)
        + 'generatorOptions:\n  disableNameSuffixHash: true\n  labels: {grafana_dashboard: "1"}\n  annotations: {grafana_folder: llm-routes}\n'
    )
    rules = (project / folder / "alerts.yaml").read_text().split("\n", 1)[1]
    yield "deploy/components/observability/prometheus-rule.yaml", (
        f"{NOTE} The alerts of {folder}/alerts.yaml, as Prometheus' operator wants them.\n"
        + "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: llm-routes\nspec:\n"
        + "".join(f"  {line}\n" if line else "\n" for line in rules.splitlines())
    )


def main():
    project = pathlib.Path(sys.argv[1])
    files = dict([*kustomizations(project), *streams(project), *observability(project)])
    for gone in set((project / "deploy/platform/nats/streams").glob("*.yaml")) - {project / name for name in files}:
        gone.unlink()
        print("removed", gone.relative_to(project))
    for name, text in files.items():
        path = project / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            print("wrote", name)


if __name__ == "__main__":
    main()
