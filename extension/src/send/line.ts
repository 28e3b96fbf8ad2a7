// How the pictures of one tab reach their server: over a connection to ours, or one request each to any other.
import type { Shot } from "../capture/picture";
import type { Demand } from "../messages";
import { type Described, Link, type LinkEvents } from "./link";
import { publish } from "./publish";
import type { Place } from "./server";

export interface Line {
  /** Undefined until the server has said it. */
  readonly demand: Demand | undefined;
  /** True when it went out, false when a newer one took its place. Throws Failure. */
  send(shot: Shot): Promise<boolean>;
  /** The page was looked at, and is what the server has. */
  live(): void;
  hidden(reason: string): void;
  describe(described: Described): void;
  /** With a reason it is for good. */
  close(reason?: string): void;
}

/** A server that takes whatever it is sent wants every picture that is due. */
const ALWAYS: Demand = { fps: 1000, quality: null, width: null, height: null, highlight: false };

class PublishLine implements Line {
  readonly demand = ALWAYS;

  constructor(
    private readonly place: Place,
    private readonly source: string,
    private described: Described,
    private readonly every: number,
  ) {}

  async send(shot: Shot): Promise<boolean> {
    await publish(this.place, shot, { source: this.source, title: this.described.title, url: this.described.url, every: this.every });
    return true;
  }

  live(): void {
    // A still page is not sent again, and this protocol has no other words.
  }

  hidden(): void {
    // As above.
  }

  describe(described: Described): void {
    this.described = described;
  }

  close(): void {
    // Nothing is open.
  }
}

/** To a server that takes single pictures (§3 of the wire). `every`: ms from one to the next. */
export function publishLine(place: Place, source: string, described: Described, every: number): Line {
  return new PublishLine(place, source, described, every);
}

/** To one of ours; returns when it has welcomed us. Throws Failure. */
export async function linkLine(place: Place, source: string, described: Described, events: LinkEvents): Promise<Line> {
  const link = new Link(place, source, described, events);
  await link.ready;
  return link;
}
