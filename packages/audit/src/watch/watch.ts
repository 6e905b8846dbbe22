import { z } from 'zod';
import {
  aDuration,
  anObjectWith,
  type Duration,
  Emitter,
  type Finding,
  milliseconds,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { type Cloud, unlessGone } from '@groundcrew/core';
import type { EventEmitter } from 'eventemitter3';
import { assessSecurityGroups, assessSecurityGroup } from '../security-groups/assess.ts';
import type { SecurityGroupPolicy } from '../security-groups/policy.ts';
import { withSecurityGroup } from '../security-groups/snapshot/with-group.ts';
import { observeSecurityGroups } from '../security-groups/observe/observe.ts';
import type { SecurityGroupSnapshot } from '../security-groups/snapshot/snapshot.ts';
import type { Attribution } from '../trail/attribute.ts';
import type { Appended, Trail } from '../trail/trail.ts';
import { affectedBy } from './affected.ts';
import { attributeFinding } from './attribute-finding.ts';

export interface WatchEvents {
  /** Something is wrong that was not, or in another way than before; and who caused it, as far as the trail knows. */
  found: [{ readonly finding: Finding; readonly attributions: readonly Attribution[] }];
  /** A finding is resolved. */
  resolved: [{ readonly finding: Finding }];
  /** A look failed; what it was to look at is looked at again with the next event. */
  trouble: [{ readonly error: unknown }];
}

export interface WatchOptions {
  readonly cloud: Cloud;
  readonly trail: Pick<Trail, 'who' | 'find'>;
  readonly policy?: SecurityGroupPolicy | undefined;
  /** The longest wait for the API's own event of a request, before the finding is told without it. @default '1.5s' */
  readonly patience?: Duration | undefined;
  /** The time between two looks at everything, when events call for one. @default '2s' */
  readonly pause?: Duration | undefined;
}

const watchOptions = optionsSchema<WatchOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'network'),
  trail: anObjectWith<Trail>('a Trail', 'who', 'find'),
  // `assessSecurityGroups` checks its fields.
  policy: z.unknown().optional(),
  patience: aDuration.optional(),
  pause: aDuration.optional(),
});

/** Judges security groups as they change: seconds from a rule to a finding. */
export interface Watch {
  readonly events: EventEmitter<WatchEvents>;
  /** The findings of now, as far as the cloud was looked at. */
  readonly findings: readonly Finding[];
  /** Give it to `ingest` as `heard`. */
  readonly heard: (appended: Appended) => void;
  /** Reads and judges everything: at the start, and from time to time, since events can be lost before they are queued. */
  refresh(): Promise<readonly Finding[]>;
  /** Resolves when nothing is left to look at. */
  idle(): Promise<void>;
  /** Ends what it is looking at. */
  close(): Promise<void>;
}

/**
 * A watch over security groups. It reads one group when one group changed, and everything when that is not enough.
 *
 * @example
 * const watch = watchSecurityGroups({ cloud, trail });
 * watch.events.on('found', ({ finding, attributions }) => …);
 * await watch.refresh();
 * await ingest({ from: rabbitSource({ url, queue: 'audit.info' }), into: trail, heard: watch.heard, signal });
 */
export const watchSecurityGroups = (options: WatchOptions): Watch => new SecurityGroupWatch(options);

class SecurityGroupWatch implements Watch {
  readonly events: EventEmitter<WatchEvents> = new Emitter<WatchEvents>();
  readonly #options: WatchOptions;
  readonly #stop = new AbortController();
  readonly #known = new Map<string, Finding>();
  readonly #groups = new Set<string>();
  readonly #requests = new Set<string>();
  readonly #telling = new Set<Promise<void>>();
  #everything = false;
  /** Nothing was heard that calls for this look: nothing more of it is to come. */
  #isCalm = false;
  #lastLook = Number.NEGATIVE_INFINITY;
  #snapshot: SecurityGroupSnapshot | undefined;
  #work: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    parseArguments('watchSecurityGroups', watchOptions, options);
    this.#options = options;
  }

  get findings(): readonly Finding[] {
    return [...this.#known.values()];
  }

  readonly heard = ({ added }: Appended): void => {
    for (const { event } of added) {
      const affected = affectedBy(event);
      if (affected === undefined) continue;
      if (affected.look === 'group') this.#groups.add(affected.id);
      else if (affected.look === 'request') this.#requests.add(affected.id);
      else this.#everything = true;
    }
    this.#begin();
  };

  async refresh(): Promise<readonly Finding[]> {
    this.#everything = true;
    this.#isCalm = true;
    this.#lastLook = Number.NEGATIVE_INFINITY;
    this.#begin();
    await this.idle();
    return this.findings;
  }

  async idle(): Promise<void> {
    while (this.#work !== undefined || this.#telling.size > 0)
      await Promise.all([this.#work, ...this.#telling]);
  }

  async close(): Promise<void> {
    this.#stop.abort(new Error('the watch was closed'));
    await this.idle();
    this.events.removeAllListeners();
  }

  #begin(): void {
    if (this.#stop.signal.aborted || !this.#hasWork()) return;
    this.#work ??= this.#run().finally(() => {
      this.#work = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#hasWork() && !this.#stop.signal.aborted) {
      const groups = [...this.#groups];
      this.#groups.clear();
      try {
        for (const id of groups) await this.#lookAt(id);
        await this.#resolveRequests();
        if (this.#everything) await this.#lookAtAll();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        for (const id of groups) this.#groups.add(id);
        this.events.emit('trouble', { error });
        return;
      }
    }
  }

  #hasWork(): boolean {
    return this.#groups.size > 0 || this.#requests.size > 0 || this.#everything;
  }

  /** Requests of which only the API told: somebody else would have told what they changed. */
  async #resolveRequests(): Promise<void> {
    for (const request_id of this.#requests) {
      this.#requests.delete(request_id);
      let isTold = false;
      for await (const { event } of this.#options.trail.find({ request_id }))
        isTold ||= affectedBy(event)?.look === 'group';
      if (!isTold) this.#everything = true;
    }
  }

  async #lookAt(id: string): Promise<void> {
    const { cloud, policy } = this.#options;
    if (this.#snapshot === undefined) {
      this.#everything = true;
      return;
    }
    const signal = this.#stop.signal;
    const group = await unlessGone(() => cloud.network.securityGroups.get({ id }, { signal }));
    this.#snapshot = withSecurityGroup(this.#snapshot, group ?? { gone: id });
    this.#tell(assessSecurityGroup(this.#snapshot, id, policy), (finding) =>
      finding.subject.id.split('+').includes(id),
    );
  }

  async #lookAtAll(): Promise<void> {
    const { cloud, policy, pause = '2s' } = this.#options;
    const signal = this.#stop.signal;
    const wait = this.#lastLook + milliseconds(pause) - cloud.clock.now();
    if (wait > 0) await cloud.clock.sleep(wait, signal);
    this.#everything = false;
    this.#lastLook = cloud.clock.now();
    try {
      this.#snapshot = await observeSecurityGroups(cloud, { signal });
    } catch (error) {
      this.#everything = true;
      throw error;
    }
    const isCalm = this.#isCalm;
    this.#isCalm = false;
    this.#tell(assessSecurityGroups(this.#snapshot, policy), () => true, isCalm ? 0 : this.#options.patience);
  }

  /** @param covered whether a finding that is not among them any more would be, if it were still so */
  #tell(
    now: readonly Finding[],
    covered: (finding: Finding) => boolean,
    patience = this.#options.patience,
  ): void {
    const failed = new Map(
      now.filter(({ verdict }) => verdict === 'fail').map((finding) => [keyOf(finding), finding]),
    );
    for (const [key, finding] of this.#known) {
      if (failed.has(key) || !covered(finding)) continue;
      this.#known.delete(key);
      this.events.emit('resolved', { finding });
    }
    for (const [key, finding] of failed) {
      const isNew = !this.#known.has(key);
      this.#known.set(key, finding);
      if (!isNew) continue;
      const telling = this.#attributed(finding, patience).finally(() => this.#telling.delete(telling));
      this.#telling.add(telling);
    }
  }

  async #attributed(finding: Finding, patience: Duration = '1.5s'): Promise<void> {
    const { cloud, trail } = this.#options;
    const signal = this.#stop.signal;
    let attributions: readonly Attribution[] = [];
    try {
      attributions = await attributeFinding(finding, { trail, patience, clock: cloud.clock, signal });
    } catch (error) {
      if (!signal.aborted) this.events.emit('trouble', { error });
    }
    this.events.emit('found', { finding, attributions });
  }
}

/** The key of a finding: made of its rule, its subject and its cause. */
function keyOf(finding: Finding): string {
  const { id, subject } = finding;
  const cause = 'cause' in finding ? JSON.stringify(finding.cause) : '';
  const family = 'coverage' in finding ? JSON.stringify(finding.coverage) : '';
  return `${id} ${subject.kind} ${subject.id} ${family} ${cause}`;
}
