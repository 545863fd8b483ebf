package babelmux.stsecho.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where a session's words go: its client, and a copy to every monitor. */
interface Outlet {
  void emit(String event, ObjectNode payload);

  void disconnect();
}
