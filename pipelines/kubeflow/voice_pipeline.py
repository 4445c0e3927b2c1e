"""An audio file on the data volume is transcribed, answered and spoken; the answer's audio goes to the volume."""

import pathlib

import yaml
from kfp import dsl, kubernetes

HERE = pathlib.Path(__file__).parent
STEPS = (HERE / "voice_steps.py").read_text()
SERVICES = yaml.safe_load((HERE / "../../config/ai-services-config.yaml").read_text())["services"]
PYTHON = "docker.io/library/python:3.13.5-slim-bookworm"
RUN = ["python3", "-c", STEPS]


# What is said goes from step to step as a file: KFP and Argo would evaluate tags in a parameter.
# Arguments are plain: what dsl.ConcatPlaceholder makes of them reaches a container as its text.
@dsl.container_component
def transcribe(audio: str, text: dsl.Output[dsl.Artifact]):
    return dsl.ContainerSpec(image=PYTHON, command=RUN, args=["transcribe", audio, text.path])


@dsl.container_component
def answer(question: dsl.Input[dsl.Artifact], text: dsl.Output[dsl.Artifact]):
    return dsl.ContainerSpec(image=PYTHON, command=RUN, args=["answer", question.path, text.path])


@dsl.container_component
def speak(text: dsl.Input[dsl.Artifact], output: str, voice: str):
    return dsl.ContainerSpec(image=PYTHON, command=RUN, args=["speak", text.path, output, "--voice", voice])


def prepare(task: dsl.PipelineTask, service: str, prefix: str, volume: bool):
    """Gives a task its service, as the product's configuration names it, and its limits."""
    settings = SERVICES[service]
    if settings["protocol"] != "openai":
        raise ValueError(f"{service}: the voice pipeline speaks the protocol openai, not {settings['protocol']}")
    task.set_env_variable(f"{prefix}_URL", settings["url"])
    task.set_env_variable(f"{prefix}_MODEL", settings["model"])
    key = f"{prefix}_API_KEY"
    kubernetes.use_secret_as_env(task, secret_name="llm-routes-api-keys", secret_key_to_env={key: key}, optional=True)
    task.set_cpu_request("100m").set_memory_request("64Mi").set_cpu_limit("1").set_memory_limit("256Mi")
    task.set_retry(3, backoff_duration="10s", backoff_factor=2)
    task.set_caching_options(False)
    if volume:
        kubernetes.mount_pvc(task, pvc_name="llm-routes-data", mount_path="/data")


@dsl.pipeline(name="voice-pipeline", description="Transcribe a question, answer it and speak the answer")
def voice(audio: str, output: str, voice: str = ""):
    heard = transcribe(audio=audio)
    prepare(heard, "whisper", "WHISPER", volume=True)
    said = answer(question=heard.outputs["text"])
    prepare(said, "llm", "VLLM", volume=False)
    spoken = speak(text=said.outputs["text"], output=output, voice=voice)
    prepare(spoken, "tts", "TTS", volume=True)
