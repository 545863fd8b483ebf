package babelmux.worker.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A YAML file of settings as dotted keys and texts. The file is read as a stream of tokens: values
 * keep the letters that they were written with, and anchors cannot blow up.
 */
final class ConfigFile {

  private static final long MAX_BYTES = 1 << 20;

  private ConfigFile() {}

  /**
   * Reads a file; keys without a value are left out.
   *
   * @throws ConfigException if it cannot be read, is no YAML mapping, or names a key twice
   */
  static Map<String, Given> read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw refused(file + ": expected at most " + MAX_BYTES + " bytes");
      }
      return parse(file.getFileName() + "", Files.readString(file));
    } catch (IOException e) {
      throw refused(file + ": cannot be read as UTF-8 text: " + e.getClass().getSimpleName());
    }
  }

  static Map<String, Given> parse(String name, String yaml) {
    try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
      Map<String, Given> values = new LinkedHashMap<>();
      JsonToken first = parser.nextToken();
      if (first == null || first == JsonToken.VALUE_NULL) {
        return values;
      }
      if (first != JsonToken.START_OBJECT) {
        throw refused(name + " line 1: expected keys and values");
      }
      readMapping(name, parser, "", values, new ArrayList<>());
      if (parser.nextToken() != null) {
        throw refused(name + ": expected one document, found a second one");
      }
      return values;
    } catch (JsonProcessingException e) {
      throw refused(name + lineOf(e) + ": not YAML: " + problemOf(e));
    } catch (IOException e) {
      throw new AssertionError("a string cannot fail to be read", e);
    }
  }

  private static void readMapping(
      String name, YAMLParser parser, String prefix, Map<String, Given> values, List<String> seen)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      String where = name + " line " + parser.currentTokenLocation().getLineNr();
      if (seen.contains(key)) {
        throw refused(where + ": " + key + " stands here for the second time");
      }
      seen.add(key);
      JsonToken value = parser.nextToken();
      if (parser.isCurrentAlias()) {
        throw refused(where + ": " + key + ": expected a value, found an alias");
      }
      if (value == JsonToken.START_OBJECT) {
        readMapping(name, parser, key + ".", values, seen);
      } else if (value == JsonToken.START_ARRAY) {
        throw refused(where + ": " + key + ": expected one value, found a list");
      } else if (value != JsonToken.VALUE_NULL) {
        values.put(key, new Given(parser.getText(), Layer.FILE, where));
      }
    }
  }

  private static String lineOf(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
  }

  /**
   * The parser's own message quotes the file, which may hold a secret: only its first part is used.
   */
  private static String problemOf(JsonProcessingException e) {
    return e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null
        ? marked.getProblem()
        : "cannot be parsed";
  }

  private static ConfigException refused(String problem) {
    return new ConfigException(List.of(problem));
  }
}
