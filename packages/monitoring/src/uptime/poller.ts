import { messageOf } from '@groundcrew/ground';
import { type Cloud, observeAllProjects, observeList, type Observed, visibilityOf } from '@groundcrew/core';
import type { Service } from '@groundcrew/core/compute';
import { readDarkHosts, withDarkCells } from '../dark-cells.ts';
import type { Probe } from '../downtime/sample.ts';
import type { InventoryServer } from '../inventory.ts';
import { ActionReader } from './action-reader.ts';
import type { UptimeEvidence } from './evidence.ts';
import { EvidenceKeeper } from './keeper.ts';
import type { UptimeLedger } from './ledger.ts';
import { PendingTasks } from './pending-tasks.ts';
import {
  type Asked,
  creationEvidence,
  missingEvidence,
  probeEvidence,
  type ReportingHosts,
  serverEvidence,
  serviceEvidence,
} from './poll-evidence.ts';

/** What a round of a watch saw and kept. */
export interface WatchedRound extends PolledRound {
  /** Notifications about servers that were heard, and kept, since the round before. */
  readonly notifications: number;
}

/** What was seen by asking. */
export interface PolledRound {
  /** When it began: ISO 8601, UTC. */
  readonly at: string;
  /** Servers that it saw. */
  readonly servers: number;
  /** Pieces of evidence that were kept. */
  readonly added: number;
  /** Pieces that no store can keep. */
  readonly refused: number;
  /** Servers whose actions are still to be read. */
  readonly actionsLeft: number;
  /** What it could not read, or keep, and why. What was not kept is given to the ledger again in the next round. */
  readonly gaps: readonly string[];
}

export interface PollerSettings {
  readonly cloud: Cloud;
  readonly ledger: UptimeLedger;
  readonly endpoints: Readonly<Record<string, Probe>>;
  readonly actionReads: number;
  /** Milliseconds, as all of these. */
  readonly lag: number;
  readonly keep: number;
  readonly longest: number;
  readonly probeTimeout: number;
}

/** `service_down_time` of Nova; milliseconds. */
const SERVICE_LAG = 60_000;
/** Pieces that wait for a ledger which cannot be written; older ones are dropped, and what they said is unknown. */
const QUEUE = 500_000;

/** The rounds of one watch, and what it remembers from one to the next. */
export class UptimePoller {
  readonly #settings: PollerSettings;
  readonly #keeper: EvidenceKeeper;
  readonly #actions: ActionReader;
  readonly #pending: PendingTasks;
  /** Servers that exist as far as is known, with what their last list said. `undefined`: the ledger knows of them. */
  #servers: Map<string, string | undefined> | undefined;
  #queue: UptimeEvidence[] = [];

  constructor(settings: PollerSettings) {
    this.#settings = settings;
    this.#keeper = new EvidenceKeeper(settings);
    this.#actions = new ActionReader(settings);
    this.#pending = new PendingTasks(settings);
  }

  async round(signal: AbortSignal): Promise<PolledRound> {
    const { cloud } = this.#settings;
    const at = new Date(cloud.clock.now()).toISOString();
    const gaps: string[] = [];
    let servers = 0;
    try {
      const [probed, listed] = await Promise.all([this.#probe(), this.#list(signal, gaps)]);
      servers = listed.servers;
      if (listed.isAnswered || probed.some(({ state }) => state === 'up')) this.#see(probed);
      this.#queue.push(...(await this.#actions.read(signal, gaps)));
    } catch (error) {
      // A ledger that cannot be read, or a token that is not given: there is a next round.
      gaps.push(messageOf(error));
    }
    const { added, refused } = await this.#write(gaps);
    return { at, servers, added, refused, actionsLeft: this.#actions.left, gaps };
  }

  /** Keeps what was seen last. */
  async end(): Promise<void> {
    this.#queue.push(...this.#keeper.rest());
    await this.#write([]);
  }

  async #list(signal: AbortSignal, gaps: string[]): Promise<{ servers: number; isAnswered: boolean }> {
    const { cloud, ledger } = this.#settings;
    const { compute } = cloud;
    const clock = { now: () => cloud.clock.now() };
    const reading = { signal };
    this.#servers ??= await knownServers(ledger, this.#actions);
    const asked = Math.floor(clock.now());
    const visibility = await visibilityOf(cloud, reading);
    const [plain, dark, services] = await Promise.all([
      observeAllProjects(
        cloud,
        'servers',
        visibility,
        compute.servers.list({ all_tenants: true }, reading),
        compute.servers.list({}, reading),
      ),
      visibility.all ? readDarkHosts(cloud, reading) : undefined,
      observeList('compute services', compute.at('2.11').services.list({}, reading), clock),
    ]);
    const times: Asked = { asked, answered: Math.ceil(clock.now()) };
    const listed = withDarkCells(plain, dark);
    for (const { what, why } of [...listed.gaps, ...services.gaps]) gaps.push(`${what}: ${why}`);
    const hosts = reportingHosts(services);
    const seen = new Set<string>();
    for (const server of listed.value) {
      seen.add(server.id);
      this.#seeServer(server, times, hosts);
    }
    if (listed.completeness === 'complete')
      for (const id of this.#servers.keys()) if (!seen.has(id)) this.#miss(id, times);
    for (const service of services.value) this.#see(serviceEvidence(service, times, SERVICE_LAG));
    const isAnswered =
      listed.value.length > 0 || [plain, services].some((each) => each.completeness === 'complete');
    return { servers: listed.value.length, isAnswered };
  }

  #seeServer(server: InventoryServer, asked: Asked, hosts: ReportingHosts | undefined): void {
    const task = server['OS-EXT-STS:task_state'] ?? null;
    const lookedSince = this.#pending.lookedSince(server.id, asked.asked, task);
    const evidence = serverEvidence(server, asked, { lookedSince, hosts });
    if (evidence === undefined) return;
    const servers = (this.#servers ??= new Map());
    if (!servers.has(server.id)) this.#queue.push(...creationEvidence(server));
    const print = `${server.updated} ${evidence.state}`;
    if (servers.get(server.id) !== print) {
      this.#actions.want(server.id);
      // What was seen last before the change is kept: an action may show that this is not the same time of being up.
      this.#queue.push(...this.#keeper.forget(server.id));
    }
    servers.set(server.id, print);
    this.#see([evidence]);
  }

  #miss(id: string, asked: Asked): void {
    this.#servers?.delete(id);
    this.#pending.forget(id);
    this.#actions.want(id);
    this.#queue.push(...this.#keeper.forget(id), missingEvidence(id, asked));
  }

  async #probe(): Promise<readonly UptimeEvidence[]> {
    const { endpoints, cloud, probeTimeout } = this.#settings;
    const found = await Promise.all(
      Object.entries(endpoints).map(async ([endpoint, probe]) => {
        const at = cloud.clock.now();
        const answer = await answerOf(probe, probeTimeout);
        return probeEvidence({ endpoint }, [{ at, duration: cloud.clock.now() - at, ...answer }]);
      }),
    );
    return found.flat();
  }

  #see(evidence: readonly UptimeEvidence[]): void {
    for (const each of evidence) this.#queue.push(...this.#keeper.take(each));
  }

  async #write(gaps: string[]): Promise<{ added: number; refused: number }> {
    try {
      const { added, refused } = await this.#settings.ledger.append(this.#queue);
      this.#queue = [];
      return { added, refused: refused.length };
    } catch (error) {
      gaps.push(`the ledger: ${messageOf(error)}`);
      this.#queue = this.#queue.slice(-QUEUE);
      return { added: 0, refused: 0 };
    }
  }
}

/** `undefined` unless all services were read. */
const reportingHosts = ({
  completeness,
  value,
}: Observed<readonly Pick<Service, 'binary' | 'state' | 'host' | 'forced_down'>[]>):
  | ReportingHosts
  | undefined =>
  completeness === 'complete'
    ? new Set(
        value.flatMap(({ binary, state, host, forced_down }) =>
          binary === 'nova-compute' && state === 'up' && forced_down !== true ? [host] : [],
        ),
      )
    : undefined;

/** Servers that the ledger takes to exist: one that was deleted while nobody looked is missing in the first list. */
async function knownServers(
  ledger: UptimeLedger,
  actions: ActionReader,
): Promise<Map<string, string | undefined>> {
  const known = await ledger.subjects('server');
  for (const { name, newestAction } of known) actions.readUntil(name, newestAction);
  return new Map(known.filter(({ isDeleted }) => !isDeleted).map(({ name }) => [name, undefined]));
}

async function answerOf(probe: Probe, timeout: number): Promise<{ ok: boolean; error?: string }> {
  const signal = AbortSignal.timeout(timeout);
  try {
    return await Promise.race([
      probe(signal),
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
    ]);
  } catch (error) {
    return { ok: false, error: signal.aborted ? `no answer within ${timeout} ms` : messageOf(error) };
  }
}
