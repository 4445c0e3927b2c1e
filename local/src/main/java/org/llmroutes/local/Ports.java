package org.llmroutes.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** TCP ports of 127.0.0.1. */
public final class Ports {
  private Ports() {}

  /** The wished port where it is free, else any free one; 0 wishes for none in particular. */
  public static int free(int wished) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wished));
      return socket.getLocalPort();
    } catch (IOException e) {
      if (wished == 0) {
        throw new UncheckedIOException(e);
      }
      return free(0);
    }
  }

  static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
