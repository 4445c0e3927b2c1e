package org.llmroutes.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llmroutes.speech.AudioFormat;
import org.llmroutes.speech.AudioStore;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One spoken turn over NATS. */
@Command(
    description = "Ask a spoken question and hear the answer while it is written",
    mixinStandardHelpOptions = true,
    footer = "Ctrl-C cancels the turn in work.")
final class VoiceCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bytes of a message that the other fields of a request may take. */
  private static final int ROOM = 4096;

  @ArgGroup(multiplicity = "1")
  private Question question;

  /** Where the question comes from. */
  private static final class Question {
    @Parameters(
        arity = "0..1",
        paramLabel = "FILE",
        description = "The question: WAV, MP3, M4A, OGG, WebM, FLAC or AAC")
    private Path file;

    @Option(names = "--record", description = "Speak it into the microphone")
    private boolean record;
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the answer's audio there")
  private Path output;

  @Option(names = "--no-play", description = "Do not play the answer")
  private boolean noPlay;

  @Mixin private TurnOptions turn;

  @Option(
      names = "--language",
      description = "What is spoken, for instance en (default: found out)")
  private String language;

  @Option(names = "--voice", description = "A voice that the TTS service knows")
  private String voice;

  @Option(
      names = "--format",
      description = "Audio format of the answer: wav, mp3 or opus (default: ${DEFAULT-VALUE})")
  private String format = "wav";

  @Option(names = "--text-only", description = "Answer in text alone")
  private boolean textOnly;

  @Option(names = "--interrupt", description = "Cancel the running turn of the session first")
  private boolean interrupt;

  @Option(names = "--json", description = "Print the response as JSON, audio as Base64")
  private boolean json;

  @Option(names = "--stats", description = "Print what each step took, on a time line")
  private boolean stats;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    turn.require(
        List.of("wav", "mp3", "opus").contains(format), "--format must be one of wav, mp3, opus");
    turn.require(
        question.record || !question.file.toString().isBlank(), "The name of the FILE is empty");
    turn.requirePatience();
    byte[] audio = question.record ? Microphone.record() : read(question.file);
    try (Caller caller = turn.connect();
        TurnClient client = TurnClient.ofVoice(caller);
        Speaker speaker = new Speaker()) {
      Map<String, Object> request = request(caller, audio);
      TokenPrinter printer = new TokenPrinter(json ? null : out);
      Map<String, Object> response =
          turn.ask(caller, client, request, chunk -> show(chunk, caller, printer, speaker));
      print(response, caller, printer);
      if (!speaker.finish() && output == null) {
        System.err.println("There is no sound device here; -o FILE keeps the answer's audio");
      }
      return TurnOptions.exitCode(response);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailure("There is no file " + file, e);
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Map<String, Object> request(Caller caller, byte[] audio) {
    Map<String, Object> request = turn.request();
    if (!caller.isOutside()) {
      String name = caller.user() + "/" + request.get("request_id");
      new AudioStore(caller.connection()).place(audio, name, request);
    } else if (audio.length < caller.connection().getMaxPayload() - ROOM) {
      request.put("audio", audio);
    } else {
      throw new CommandFailure(
          "The question is too large for a message of a user (%,d bytes); as MP3 or Ogg it is a tenth of a WAV"
              .formatted(audio.length),
          null);
    }
    if (!question.record && AudioFormat.named(extension(question.file)).isPresent()) {
      request.put("format", extension(question.file));
    }
    request.put("response_format", format);
    request.put("text_only", textOnly);
    request.put("interrupt", interrupt);
    putWhereGiven(request, "language", language);
    putWhereGiven(request, "voice", voice);
    return request;
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static void putWhereGiven(Map<String, Object> request, String field, String value) {
    if (value != null) {
      request.put(field, value);
    }
  }

  private void show(
      Map<String, Object> chunk, Caller caller, TokenPrinter printer, Speaker speaker) {
    if ("transcription".equals(chunk.get("type")) && !json) {
      out.println("\"" + chunk.get("content") + "\"");
      out.println();
    } else if ("audio".equals(chunk.get("type")) && !noPlay && "wav".equals(chunk.get("format"))) {
      audio(chunk, caller).ifPresent(speaker::play);
    }
    printer.accept(chunk);
  }

  private void print(Map<String, Object> response, Caller caller, TokenPrinter printer)
      throws IOException {
    if (json) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(response));
    } else {
      printer.finish((String) response.get("response"));
      ResponsePrinter.print(response, out);
    }
    Optional<byte[]> audio = audio(response, caller);
    if (output != null && audio.isPresent()) {
      Files.write(output, audio.get());
      System.err.println("The answer's audio is in " + output);
    }
    if (stats) {
      @SuppressWarnings("unchecked") // as the schema says
      Map<String, Number> timings = (Map<String, Number>) response.get("timings_ms");
      Timeline.of(timings).forEach(out::println);
    }
  }

  /** The audio of a chunk or a response; empty where it has none, or none for this user. */
  private static Optional<byte[]> audio(Map<String, Object> message, Caller caller) {
    if (!(message.get("audio_ref") instanceof String ref)) {
      return Optional.ofNullable((byte[]) message.get("audio"));
    }
    if (caller.isOutside()) {
      System.err.println("The answer's audio is too large for a message; the HTTP API has it");
      return Optional.empty();
    }
    byte[] stored =
        new AudioStore(caller.connection())
            .get(ref, Integer.MAX_VALUE)
            .orElseThrow(
                () -> new CommandFailure("The audio " + ref + " is not there any more", null));
    return Optional.of(stored);
  }
}
