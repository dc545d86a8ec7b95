package org.aeiou.daemon.contract;

import java.util.List;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.aeiou.daemon.testing.Programs;

/** What the parts of the contract stand on. */
interface Mounted {
  ContractMounts mounts();

  Programs programs();

  default ScriptedFileSystem files() {
    return mounts().files();
  }

  default String path(String path) {
    return mounts().path(path);
  }

  /** Runs a script of Python that must succeed; returns what it printed. */
  default String python(String script, String... arguments) throws Exception {
    return programs().python(script, arguments).await().good();
  }

  /** Reads each path from start to end, and says for each {@code ok} or the name of the error. */
  default List<String> readErrors(String... paths) throws Exception {
    return python(READ_EACH, paths).lines().toList();
  }

  // Not with open(): its read() takes EAGAIN for the end of what is there now.
  String READ_EACH =
      """
      import errno, os, sys
      for path in sys.argv[1:]:
          try:
              file = os.open(path, os.O_RDONLY)
              while os.read(file, 65536):
                  pass
              print('ok')
          except OSError as error:
              print(errno.errorcode[error.errno])
      """;
}
