import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aeiou.daemon.cli.Main;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Prints what the command line is, as JSON: every command with its options, parameters and texts, as picocli knows
 * them of the annotations of the classes. Manual pages and completion are made of it.
 *
 * <p>java -cp 'daemon/target/app/*' mount-scripts/packaging/manual/Model.java
 */
final class Model {
  private final JsonGenerator json;

  private Model(JsonGenerator json) {
    this.json = json;
  }

  public static void main(String[] arguments) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      // The classes, not objects of them: nothing of the program runs.
      new Model(json).write(CommandSpec.forAnnotatedObject(Main.class));
    }
    System.out.println(text);
  }

  private void write(CommandSpec command) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", command.name());
    json.writeBooleanField("hidden", command.usageMessage().hidden());
    write("aliases", List.of(command.aliases()));
    write("description", lines(command.usageMessage().description()));
    write("footer", lines(command.usageMessage().footer()));
    json.writeObjectFieldStart("exit_codes");
    for (Map.Entry<String, String> code : command.usageMessage().exitCodeList().entrySet()) {
      json.writeStringField(code.getKey(), code.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("options");
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        json.writeStartObject();
        write("names", List.of(option.names()));
        write(option);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("parameters");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      if (!parameter.hidden()) {
        json.writeStartObject();
        write(parameter);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("commands");
    for (Map.Entry<String, CommandLine> sub : command.subcommands().entrySet()) {
      CommandSpec spec = sub.getValue().getCommandSpec();
      // An alias is a second entry. What mount(8) calls is hidden, and has a page all the same.
      boolean isProgram = spec.name().startsWith("mount.");
      if ((!spec.usageMessage().hidden() || isProgram) && sub.getKey().equals(spec.name())) {
        write(spec);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(ArgSpec argument) throws IOException {
    json.writeStringField("label", argument.paramLabel());
    json.writeBooleanField("required", argument.required());
    json.writeBooleanField("takes_value", argument.arity().max() > 0);
    json.writeBooleanField("several", argument.isMultiValue());
    json.writeBooleanField("optional_value", argument.arity().max() > 0 && argument.arity().min() == 0);
    if (!argument.splitRegex().isEmpty()) {
      json.writeStringField("split", argument.splitRegex());
    }
    List<String> candidates = candidates(argument);
    write("candidates", candidates);
    write(
        "description",
        lines(argument.description()).stream()
            .map(line -> line.replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates)))
            .map(line -> line.replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue())))
            .toList());
  }

  /** What it may be, where that is a few words. */
  private static List<String> candidates(ArgSpec argument) {
    List<String> candidates = new ArrayList<>();
    if (argument.completionCandidates() != null) {
      argument.completionCandidates().forEach(candidates::add);
    }
    Class<?> type = argument.isMultiValue() ? argument.auxiliaryTypes()[0] : argument.type();
    if (candidates.isEmpty() && type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        candidates.add(constant.toString());
      }
    }
    // Values of the program's own enumerations are written in small letters.
    return candidates.stream().map(candidate -> candidate.toLowerCase(Locale.ROOT)).toList();
  }

  /** Texts as picocli prints them: as formats, or as they are if they are none ("1% of them"). */
  private static List<String> lines(String... texts) {
    List<String> lines = new ArrayList<>();
    for (String text : texts) {
      lines.addAll(List.of(formatted(text).split("\n", -1)));
    }
    return lines;
  }

  private static String formatted(String text) {
    try {
      return String.format(text);
    } catch (IllegalFormatException e) {
      return text;
    }
  }

  private void write(String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
