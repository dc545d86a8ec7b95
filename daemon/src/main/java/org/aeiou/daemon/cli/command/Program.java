package org.aeiou.daemon.cli.command;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Map;
import org.aeiou.daemon.backend.BackendFactory;
import picocli.CommandLine.Model.CommandSpec;

/** The program that a command belongs to. */
public interface Program {

  /** The back ends that it knows, by the name of their section of the configuration. */
  Map<String, BackendFactory> backends();

  /** What it measures durations by. */
  Ticker ticker();

  /** What time of day it is. */
  InstantSource clock();

  public static Program of(CommandSpec command) {
    return (Program) command.root().userObject();
  }
}
