import { render } from "preact";
import { App } from "./app";
import "./ui/style.css";
import "./ui/markdown.css";
import "./chat/chat.css";
import "./chat/sources.css";
import "./voice/voice.css";
import "./pipelines/pipelines.css";

render(<App />, document.getElementById("app")!);
