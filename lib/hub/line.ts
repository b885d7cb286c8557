/**
 * One line from a client, on its way through the hub.
 * @packageDocumentation
 */
import type { Arrival } from "./connection.js";
import { commandOf, restOf } from "./protocol.js";

/** One line from a client. */
export class Line {
  /** The whole line. */
  readonly text: string;
  /** The word after the `$`, undefined for chat. */
  readonly command: string | undefined;
  /** The whole line as it came: its characters are bytes. */
  readonly wire: string;
  /** What came with it. */
  readonly arrival: Arrival;

  constructor(text: string, wire: string, arrival: Arrival) {
    this.text = text;
    this.command = commandOf(text);
    this.wire = wire;
    this.arrival = arrival;
  }

  /** What follows the command and its blank; of chat all. */
  get rest(): string {
    return restOf(this.text, this.command);
  }
}
