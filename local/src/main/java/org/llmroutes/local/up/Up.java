package org.llmroutes.local.up;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.llmroutes.local.Project;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the stack in the background, shows how it comes up, and returns when it is ready. */
@Command(
    name = "./dev up",
    description = {
      "Start NATS, Milvus Lite, Valkey, the local AI services and the routes on this machine, ingest the documentation in docs/, and wait"
          + " until all of it is ready.",
      "",
      "A service that the environment names is used from there and not started: NATS_URL, MILVUS_HOST, VALKEY_URL, VLLM_URL,"
          + " EMBEDDINGS_URL, RERANKER_URL, WHISPER_URL, TTS_URL. Data stays in .dev/data."
    },
    mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {
  static final String NO_VOICE = "--no-voice";
  static final String SECURE = "--secure";
  static final String OBSERVE = "--observe";

  @Option(
      names = NO_VOICE,
      description = "Neither install nor start the speech services, Whisper and espeak-ng (640 MB)")
  private boolean noVoice;

  @Option(
      names = SECURE,
      description =
          "Ask everybody who they are: a guarded NATS, a gateway with API keys and logins, and an issuer to log in with, for"
              + " this machine alone")
  private boolean secure;

  @Option(
      names = OBSERVE,
      description =
          "Also start Prometheus, where this machine has it: it scrapes the routes and evaluates their alerts")
  private boolean observe;

  private final UpState state = new UpState();

  public static void main(String[] args) {
    System.exit(new CommandLine(new Up()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (!state.running().isEmpty()) {
      List<String> ended = state.ended();
      if (ended.isEmpty() && state.isReady()) {
        return upAlready();
      } else if (ended.isEmpty()) {
        System.err.println("up: another ./dev up is starting it; ./dev down stops that");
        return 1;
      }
      System.out.println("Ended since: " + String.join(", ", ended) + "; starting all of it again");
      // what asked everybody who they are is not opened by the way
      secure |= state.isSecure();
      Down.stopAll(state);
    }
    state.clear();
    long begun = System.nanoTime();
    System.out.println("Starting");
    Files.createFile(state.progress());
    Process stack = start();
    Thread stopping = new Thread(() -> stop(stack));
    Runtime.getRuntime().addShutdownHook(stopping);
    boolean ready = follow(stack);
    Runtime.getRuntime().removeShutdownHook(stopping);
    if (!ready) {
      System.err.println(state.tail(state.log(), 15));
      System.err.println(state.tail(state.routesLog(), 15));
      System.err.println("up: the stack did not start; whole logs are in .dev/up");
      return 1;
    }
    System.out.printf("Ready after %.1f s. Try:%n", (System.nanoTime() - begun) / 1e9);
    System.out.println(
        """
          ./dev chat "Which NATS subject carries streamed tokens?"
          ./dev chat                    a conversation""");
    if (!noVoice) {
      System.out.println("./dev voice QUESTION.wav      spoken to and answered by voice");
    }
    System.out.println(
        """
          ./dev ingest FOLDER           your own Markdown, HTML, PDF and text files
          ./dev run --watch --help      edit routes live
          ./dev down                    stop all of it""");
    if (secure) {
      System.out.println(
          """
          Everybody has to say who they are:
            ./dev login                   as one of the test users ada (groups staff, hr), bob (staff) and guest
            ./dev keys add --user ada     an API key; LLM_ROUTES_KEY=KEY ./dev chat --user ada "Hello"
          The issuer asks for no password, so this is for one machine and nothing else.""");
    }
    return 0;
  }

  private int upAlready() {
    if (secure && !state.isSecure()) {
      System.err.println("up: it is up without " + SECURE + "; ./dev down stops it");
      return 1;
    }
    System.out.println("Up already; ./dev down stops it.");
    return 0;
  }

  /** A process that outlives the terminal. */
  private Process start() throws IOException {
    Path built = Project.root().resolve("local/target");
    List<String> command =
        new ArrayList<>(
            List.of(
                "nohup",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dlogback.configurationFile=logback-local.xml",
                "-Dproject.root=" + Project.root(),
                "-cp",
                built.resolve("classes") + ":" + built.resolve("lib") + "/*",
                Stack.class.getName()));
    if (Runtime.version().feature() >= 24) {
      // as the launcher does
      command.addAll(
          2,
          List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"));
    }
    if (noVoice) {
      command.add(NO_VOICE);
    }
    if (secure) {
      command.add(SECURE);
    }
    if (observe) {
      command.add(OBSERVE);
    }
    return new ProcessBuilder(command)
        .directory(Project.root().toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(state.log().toFile()))
        .start();
  }

  private boolean follow(Process stack) throws IOException, InterruptedException {
    try (BufferedReader progress = Files.newBufferedReader(state.progress())) {
      while (true) {
        boolean over = state.isReady() || stack.waitFor(50, TimeUnit.MILLISECONDS);
        for (String line = progress.readLine(); line != null; line = progress.readLine()) {
          System.out.println(line);
        }
        if (over) {
          return stack.isAlive();
        }
      }
    }
  }

  private static void stop(Process stack) {
    if (stack.isAlive()) {
      stack.destroy();
      stack.onExit().join();
    }
  }
}
