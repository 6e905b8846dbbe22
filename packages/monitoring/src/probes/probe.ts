import { randomUUID } from 'node:crypto';
import type { Cloud } from '@groundcrew/core';
import {
  aFunction,
  aPositiveDuration,
  type Duration,
  messageOf,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import type { Probe } from '../downtime/sample.ts';
import type { CloudProbe, ProbeRun } from './cloud-probe.ts';
import { candidates, tryRemove } from './leftovers.ts';
import { aMark, type ProbeLeftover, type MarkedKind, metadataOf, nameOf, type Owner } from './marked.ts';
import { removeProven } from './remove.ts';
import { failureOf, type ProbeReport, type ProbeStep, requestIdsOf } from './report.ts';
import { withinLimit } from './time-limit.ts';

export interface ProbeOptions {
  /**
   * The first part of the names of what the probe makes, and in its metadata: `sweepLeftovers` finds it by both. 3 to 40 of
   * a-z, 0-9 and -. @default 'groundcrew-probe'
   */
  readonly mark?: string | undefined;
  /** The longest time of the clean-up after a run that failed. @default '5m' */
  readonly cleanUpLimit?: Duration | undefined;
  /** While so many things of earlier runs could not be removed, nothing further is made. @default 3 */
  readonly maxLeftBehind?: number | undefined;
  /** Called when a run and its clean-up have ended, also where the meter has given it up before. */
  readonly onReport?: ((report: ProbeReport) => void) | undefined;
}

const probeOptions = optionsSchema<ProbeOptions>({
  mark: aMark.optional(),
  cleanUpLimit: aPositiveDuration.optional(),
  maxLeftBehind: z.int().min(1).optional(),
  onReport: aFunction.optional(),
});

/**
 * What a user does with the cloud, as an operation for `startMeter`. A step that fails or takes too long is a failing
 * sample that names the step; so is what the run made and could not remove again. Calls are not repeated: a client's
 * patience would hide what is measured. Use a project of its own, in which nobody else works, and an interval that is longer
 * than the meter's timeout: runs that overlap take each other's quota.
 *
 * @throws InputError
 * @example
 * const boot = probe(cloud, bootProbe({ image, flavor, network }), { mark: 'probe-eu1' });
 * await using meter = startMeter({ probe: boot, interval: '10m', timeout: '9m' });
 */
export function probe(cloud: Cloud, what: CloudProbe, options: ProbeOptions = {}): Probe {
  parseArguments('probe', probeOptions, options);
  const { mark = 'groundcrew-probe', maxLeftBehind = 3, onReport } = options;
  const cleanUpMs = milliseconds(options.cleanUpLimit ?? '5m');
  let left: readonly ProbeLeftover[] = [];
  return async (signal) => {
    const run = new Run({ cloud, mark, signal, cleanUpMs });
    if (left.length >= maxLeftBehind) left = await run.cleanUpOf(left);
    if (left.length >= maxLeftBehind) {
      const names = left.map(({ id, kind, name }) => `${kind} ${id ?? name}`);
      return { ok: false, error: `not begun: left behind by earlier runs: ${names.join(', ')}` };
    }
    const report = await run.of(what);
    left = [...left, ...report.leftBehind];
    onReport?.(report);
    const error = failureOf(report);
    return error === undefined ? { ok: true } : { ok: false, error };
  };
}

interface RunFacts {
  readonly cloud: Cloud;
  readonly mark: string;
  readonly signal: AbortSignal;
  readonly cleanUpMs: number;
}

class Run {
  readonly #facts: RunFacts;
  readonly #id = randomUUID();
  readonly #headers: Readonly<Record<string, string>>;
  readonly #steps: ProbeStep[] = [];
  readonly #pending = new Set<MarkedKind>();

  constructor(facts: RunFacts) {
    this.#facts = facts;
    this.#headers = { 'x-openstack-request-id': this.#requestId };
  }

  get #requestId(): string {
    return `req-${this.#id}`;
  }

  async of(what: CloudProbe): Promise<ProbeReport> {
    const { clock } = this.#facts.cloud;
    const startedAt = clock.now();
    try {
      await what.run(this.#seen());
    } catch (error) {
      // A probe of the user's own may fail outside of its steps.
      if (this.#steps.every(({ ok }) => ok)) this.#failed('run', startedAt, error);
    }
    const leftBehind = await this.#cleanUp();
    const facts = { probe: what.name, requestId: this.#requestId, startedAt, steps: this.#steps, leftBehind };
    return { ...facts, ok: failureOf(facts) === undefined };
  }

  #seen(): ProbeRun {
    const { cloud, mark, signal } = this.#facts;
    const { clock } = cloud;
    return {
      cloud,
      name: nameOf(mark, this.#id),
      metadata: metadataOf(mark, this.#id),
      making: (kind) => void this.#pending.add(kind),
      step: async (step, limit, work) => {
        const startedAt = clock.now();
        const timeout = milliseconds(limit);
        try {
          signal.throwIfAborted();
          const done = await withinLimit(timeout, signal, (within) =>
            work({ signal: within, timeout, deadline: timeout, retries: 0, headers: this.#headers }),
          );
          this.#steps.push({ step, durationMs: clock.now() - startedAt, ok: true, requestIds: [] });
          return done;
        } catch (error) {
          this.#failed(step, startedAt, error);
          throw error;
        }
      },
      remove: async (kind, id, patience, call) => {
        const why = await removeProven(cloud, { kind, id }, await this.#owner(call.signal), {
          ...call,
          patience,
        });
        if (why !== undefined) throw new Error(`${kind} ${id} was not deleted: ${why}`);
        this.#pending.delete(kind);
      },
    };
  }

  #failed(step: string, startedAt: number, error: unknown): void {
    const durationMs = this.#facts.cloud.clock.now() - startedAt;
    this.#steps.push({
      step,
      durationMs,
      ok: false,
      error: messageOf(error),
      requestIds: requestIdsOf(error),
    });
  }

  async #owner(signal: AbortSignal): Promise<Owner> {
    const { cloud, mark } = this.#facts;
    const { project } = (await cloud.token({ signal })) ?? {};
    if (project === undefined) throw new Error('the client has no token of a project');
    return { mark, project: project.id };
  }

  /**
   * What this run made and did not delete, by its name: whether it was made is not known if the answer was lost. It does not
   * heed the meter's signal, which has aborted when it is needed most.
   */
  async #cleanUp(): Promise<ProbeLeftover[]> {
    const left: ProbeLeftover[] = [];
    for (const kind of this.#pending) {
      const unknown = { kind, id: undefined, name: nameOf(this.#facts.mark, this.#id) };
      try {
        left.push(...(await this.#within((owner, call) => this.#removeAll(kind, owner, unknown.name, call))));
      } catch (error) {
        left.push({ ...unknown, because: messageOf(error) });
      }
    }
    return left;
  }

  async #removeAll(
    kind: MarkedKind,
    owner: Owner,
    name: string,
    call: CleanUpCall,
  ): Promise<ProbeLeftover[]> {
    const left: ProbeLeftover[] = [];
    const { cloud, cleanUpMs } = this.#facts;
    for (const thing of await candidates(cloud, kind, { owner, name, call })) {
      const still = await tryRemove(cloud, thing, owner, { ...call, patience: cleanUpMs });
      if (still !== undefined) left.push(still);
    }
    return left;
  }

  /** What of earlier runs is still there after another attempt. */
  async cleanUpOf(things: readonly ProbeLeftover[]): Promise<readonly ProbeLeftover[]> {
    const left: ProbeLeftover[] = [];
    for (const thing of things)
      left.push(
        ...(await this.#within((owner, call) => this.#removeAll(thing.kind, owner, thing.name, call)).catch(
          () => [thing],
        )),
      );
    return left;
  }

  #within<T>(work: (owner: Owner, call: CleanUpCall) => Promise<T>): Promise<T> {
    return withinLimit(this.#facts.cleanUpMs, undefined, async (signal) =>
      work(await this.#owner(signal), { signal, headers: this.#headers }),
    );
  }
}

interface CleanUpCall {
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}
