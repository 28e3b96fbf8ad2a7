// The line of every shared tab, opened when it is needed, and what kind of server is at its end.
import type { Demand, Found } from "../messages";
import { Failure } from "../send/failure";
import { type Line, linkLine, publishLine } from "../send/line";
import type { Described } from "../send/link";
import { find, type Place } from "../send/server";

export interface Ends {
  readonly source: string;
  readonly described: Described;
  /** ms */
  readonly every: number;
}

export interface LineEvents {
  demand(tab: number, demand: Demand): void;
  ended(tab: number, failure: Failure): void;
  /** What was found out about the server; null: it has to be found out anew. */
  found(found: Found | null): void;
}

export class Lines {
  private readonly open = new Map<number, Line>();
  private readonly opening = new Map<number, { readonly line: Promise<Line>; readonly attempt: AbortController }>();
  private finding: Promise<Found> | null = null;

  constructor(private readonly events: LineEvents) {}

  get(tab: number): Line | null {
    return this.open.get(tab) ?? null;
  }

  /** The line of a tab, opened if need be. `known`: what the server is, if that was found out. Throws Failure. */
  of(tab: number, place: Place, ends: Ends, known: Found | null): Promise<Line> {
    const there = this.open.get(tab);
    if (there !== undefined) return Promise.resolve(there);
    const before = this.opening.get(tab);
    if (before !== undefined) return before.line;
    const attempt = new AbortController();
    const line = this.make(tab, place, ends, known, attempt.signal).finally(() => {
      if (this.opening.get(tab)?.line === line) this.opening.delete(tab);
    });
    this.opening.set(tab, { line, attempt });
    return line;
  }

  close(tab: number, reason?: string): void {
    this.open.get(tab)?.close(reason);
    this.open.delete(tab);
    this.opening.get(tab)?.attempt.abort();
    this.opening.delete(tab);
  }

  closeAll(reason?: string): void {
    for (const tab of [...this.open.keys(), ...this.opening.keys()]) this.close(tab, reason);
    this.finding = null;
  }

  private async make(tab: number, place: Place, ends: Ends, known: Found | null, given: AbortSignal): Promise<Line> {
    const found = usable(known ?? (await this.find(place)));
    // What was closed meanwhile must not come alive: somebody has changed the settings, or left the site.
    const check = (): void => {
      if (given.aborted) throw new Failure("away", "it was closed before it was open");
    };
    check();
    let line: Line;
    if (found.kind === "plain") line = publishLine(place, ends.source, ends.described, ends.every);
    else {
      let ours: Line | null = null;
      line = await linkLine(place, ends.source, ends.described, {
        demand: (demand) => ours !== null && this.events.demand(tab, demand),
        ended: (failure) => {
          if (ours === null || this.open.get(tab) !== ours) return;
          this.open.delete(tab);
          this.events.found(null); // what comes back may be another server
          this.events.ended(tab, failure);
        },
      }).catch((error: unknown) => {
        this.events.found(null);
        throw error;
      });
      ours = line;
    }
    if (given.aborted) line.close();
    check();
    this.open.set(tab, line);
    return line;
  }

  /** One question for all tabs that ask at the same time. */
  private find(place: Place): Promise<Found> {
    this.finding ??= find(place).then((found) => {
      this.finding = null;
      if (found.kind === "livepane" || found.kind === "plain") this.events.found(found);
      return found;
    });
    return this.finding;
  }
}

/** A server that pictures can be sent to. Throws Failure for any other. */
export function usable(found: Found): Extract<Found, { kind: "livepane" | "plain" }> {
  switch (found.kind) {
    case "livepane":
      if (!found.mayPublish) throw new Failure("refused", "This token may not share tabs. Pair this browser again: the dashboard shows a code.");
      return found;
    case "plain":
      return found;
    case "away":
      throw new Failure("away", found.reason);
    case "refused":
    case "other":
      throw new Failure("refused", found.reason);
  }
}
