import { isNotFound } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import type { Cloud } from '@groundcrew/core';
import { actionEvidence, isHarmless } from './action-evidence.ts';
import type { UptimeEvidence } from './evidence.ts';

/** Servers whose actions are read at the same time. */
const AT_ONCE = 4;
/** How far behind what is known already actions are read again: they are kept once. Milliseconds. */
const OVERLAP = 3_600_000;

/** Reads the instance actions of servers that have changed, some in each round. */
export class ActionReader {
  readonly #cloud: Cloud;
  readonly #lag: number;
  readonly #reads: number;
  readonly #wanted = new Set<string>();
  /** The time up to which the actions of a server are known; milliseconds since 1970. */
  readonly #known = new Map<string, number>();

  constructor({
    cloud,
    lag,
    actionReads,
  }: {
    readonly cloud: Cloud;
    readonly lag: number;
    readonly actionReads: number;
  }) {
    this.#cloud = cloud;
    this.#lag = lag;
    this.#reads = actionReads;
  }

  /** How many servers wait for it. */
  get left(): number {
    return this.#wanted.size;
  }

  want(server: string): void {
    this.#wanted.add(server);
  }

  /** Actions that began before this are not read again. */
  readUntil(server: string, time: number | undefined): void {
    if (time !== undefined) this.#known.set(server, time);
  }

  /** Reads the actions of the next ones. What failed is read again in the next round. */
  async read(signal: AbortSignal, gaps: string[]): Promise<readonly UptimeEvidence[]> {
    const next = [...this.#wanted].slice(0, this.#reads);
    const evidence: UptimeEvidence[] = [];
    const worker = async (): Promise<void> => {
      for (let server = next.shift(); server !== undefined; server = next.shift()) {
        if (signal.aborted) return;
        try {
          const { found, isWhole } = await this.#actionsOf(server, signal);
          // The oldest first: of what is kept in part, nothing older is missing, and whoever goes on begins there.
          evidence.push(...found.toReversed());
          if (isWhole) this.#wanted.delete(server);
        } catch (error) {
          // A server whose actions are purged, or an old Nova that shows none of a deleted one.
          if (isNotFound(error)) this.#wanted.delete(server);
          else gaps.push(`actions of server ${server}: ${messageOf(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return evidence;
  }

  async #actionsOf(
    server: string,
    signal: AbortSignal,
  ): Promise<{ found: UptimeEvidence[]; isWhole: boolean }> {
    // From 2.51 on each user is shown the steps; from 2.21 on the actions of a deleted server are there, too.
    const { instanceActions } = this.#cloud.compute.at('2.51');
    const after = (this.#known.get(server) ?? -Infinity) - OVERLAP;
    const asked = this.#cloud.clock.now();
    const found: UptimeEvidence[] = [];
    let isWhole = true;
    for await (const { action: verb, request_id, start_time } of instanceActions.list({ server_id: server }, { signal })) {
      // The newest come first.
      if (Date.parse(start_time) < after) break;
      if (isHarmless(verb)) continue;
      const action = await instanceActions.get({ server_id: server, id: request_id }, { signal });
      const evidence = actionEvidence(action, { lag: this.#lag });
      if (evidence === undefined) isWhole = false;
      else found.push(...evidence);
    }
    if (isWhole) this.#known.set(server, asked);
    return { found, isWhole };
  }
}
