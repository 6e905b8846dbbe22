import { checkedOptions, type SimulateOptions } from './simulate-options.ts';
import type { Answer } from './answer.ts';
import { BackgroundWork } from './background-work.ts';
import { milliseconds, optionsSchema, parseArguments } from '@groundcrew/ground';
import { z } from 'zod';
import { VirtualClock } from './clock.ts';
import { ConnectionReset } from './connection-reset.ts';
import { dispatch, type Dispatched } from './request/dispatch.ts';
import { serviceOf } from './request/locate.ts';
import { respond } from './request/respond.ts';
import { listen, type Listening, type ListenOptions } from './transports/socket.ts';
import { ServiceFault, unauthenticated } from './fault.ts';
import { type ActiveFault, FaultPlan, type FaultScript, replacesAnswer, scriptedAnswer } from './faults.ts';
import { Ids } from './ids.ts';
import { type CloudLogs, cloudLogsOf } from './logs/cloud-logs.ts';
import { contextFormOf } from './logs/log-entry.ts';
import { ownRequestId } from './logs/requests/glance.ts';
import { requestLogging } from './logs/requests/tell-requests.ts';
import { CONTROLLER, ServiceLogs } from './logs/service-logs.ts';
import { distort } from './odd-answers.ts';
import { releaseOf } from './releases.ts';
import { type Replay, type Replayed, replayOf } from './replay/replay.ts';
import { RequestLog } from './requests.ts';
import { populate } from './scenarios/all.ts';
import { replicate, volumeServiceOf } from './services/block-storage/replication.ts';
import { VolumeState } from './services/block-storage/state.ts';
import { type VolumeContents, volumeContentsOf } from './services/block-storage/volume-contents.ts';
import { killHost, requireHosts, reviveHost } from './services/compute/hosts.ts';
import { type Guests, guestsOf } from './services/compute/guests.ts';
import { NotificationBus } from './services/compute/notifications/notification-bus.ts';
import type { NotificationFormat } from './services/compute/notifications/notification-format.ts';
import type { NotificationQueue } from './services/compute/notifications/notification-queue.ts';
import { powerSyncOf } from './services/compute/power-sync.ts';
import { type NovaManage, novaManageOf } from './services/compute/nova-manage.ts';
import { ComputeState } from './services/compute/state.ts';
import { registerServices } from './services/identity/catalog.ts';
import { IdentityState } from './services/identity/state.ts';
import { validToken } from './services/identity/valid-token.ts';
import { ImageState } from './services/image/state.ts';
import { InstanceHaState } from './services/instance-ha/state.ts';
import { LoadBalancerState } from './services/load-balancer/state.ts';
import { NetworkState } from './services/network/state.ts';
import { objectsOf, type SimulatedObjects } from './services/object-store/objects-handle.ts';
import { ObjectStoreState } from './services/object-store/state.ts';
import { PlacementState } from './services/placement/state.ts';
import type { SimState } from './sim-state.ts';

export interface QueueOptions {
  readonly format?: NotificationFormat | undefined;
}

const queueOptions = optionsSchema<QueueOptions>({ format: z.enum(['versioned', 'unversioned']).optional() });

/** An OpenStack cloud that is simulated in this process. */
export class SimulatedCloud {
  readonly state: SimState;
  readonly requests = new RequestLog();
  /** The guests of the servers, which may shut themselves down. */
  readonly guests: Guests;
  /** What an operator does with the command `nova-manage`. */
  readonly novaManage: NovaManage;
  /** What the services write into their logs, if the cloud was made with `logs: true`. */
  readonly logs: CloudLogs;
  /** What the volumes, snapshots and backups hold, and which tasks of Cinder fail. */
  readonly volumes: VolumeContents;
  /** What the disks of the object store hold. */
  readonly objects: SimulatedObjects;
  readonly #ownsBackupStore: boolean;
  readonly #faults: FaultPlan;
  readonly #replay: Replay | undefined;
  readonly #listening = new Set<Listening>();

  constructor(given: SimulateOptions = {}) {
    const options = checkedOptions(given);
    const ids = new Ids(options.seed ?? 1);
    const clock = options.clock ?? new VirtualClock();
    const release = releaseOf(options.release ?? 'zed');
    this.state = {
      clock,
      ids,
      release,
      settings: {
        region: options.region ?? 'RegionOne',
        password: options.password ?? 'secret-of-sim',
        loadBalancer: options.loadBalancer ?? false,
        objectStore: options.objectStore ?? false,
        tokenLife: options.tokenLife ?? milliseconds('4h'),
        powerSync: options.powerSync ?? milliseconds('10m'),
        resumeGuests: options.resumeGuests ?? false,
        imageMemory: options.imageMemory ?? 64 * 1024 * 1024,
        timing: {
          build: 8000,
          action: 4000,
          delete: 2000,
          volume: 2000,
          backup: 20_000,
          image: 5000,
          cast: 0,
          ...options.timing,
        },
      },
      // Its own ids, too.
      logs: new ServiceLogs(new Ids((options.seed ?? 1) + 3), clock, contextFormOf(release)),
      work: new BackgroundWork(),
      identity: new IdentityState(ids),
      compute: new ComputeState(ids, clock),
      // Its own ids: whether somebody listens changes no other.
      notifications: new NotificationBus(new Ids((options.seed ?? 1) + 2)),
      network: new NetworkState(ids, clock),
      blockStorage: new VolumeState(options.volumeApiWorkers ?? 2, options.backupStore),
      image: new ImageState(ids, clock),
      placement: new PlacementState(),
      instanceHa: new InstanceHaState(),
      loadBalancer: new LoadBalancerState(),
      objectStore: new ObjectStoreState(),
    };
    this.guests = guestsOf(this.state);
    this.novaManage = novaManageOf(this.state);
    this.logs = cloudLogsOf(this.state.logs);
    this.volumes = volumeContentsOf(this.state);
    this.objects = objectsOf(this.state);
    this.#ownsBackupStore = options.backupStore === undefined;
    const chance = new Ids((options.seed ?? 1) + 1);
    this.#faults = new FaultPlan(() => chance.random());
    this.#replay = replayOf(options);
    registerServices(this.state);
    populate(this.state, options.scenario ?? 'small');
    // What the scenario did to become what it is was said before.
    if (options.logs === true) this.state.logs.start();
  }

  /** The cloud's clock. A client that uses it too waits without real time. */
  get clock(): VirtualClock {
    return this.state.clock;
  }

  /** The hosts, which can lose power. A name that no host has is an `InputError`. */
  readonly hosts = {
    /** The host loses power. Nova's service is `down` after 60 seconds, Neutron's agents not `alive` after 75. */
    kill: (host: string): void => {
      requireHosts(this.state, 'hosts.kill', { host });
      killHost(this.state, host);
    },
    /** The host has power again. */
    revive: (host: string): void => {
      requireHosts(this.state, 'hosts.revive', { host });
      reviveHost(this.state, host);
      powerSyncOf(this.state).start(this.state, host);
    },
  };

  /** Cinder's processes, which forget the log levels that they were given when they start again. */
  readonly volumeProcesses = {
    /** All processes of it start again: `cinder-volume`, `cinder-api`, … */
    restart: (binary: string): void => {
      this.state.blockStorage.logProcesses.restart(binary);
      this.state.logs.restart(binary);
    },
    /** One worker of the API, counted from 0, starts again. */
    restartApiWorker: (worker: number): void => {
      this.state.blockStorage.logProcesses.restartApiWorker(worker);
      this.state.logs.restart('cinder-api', CONTROLLER, worker);
    },
  };

  /** The backends of Cinder. A name that no volume service has is an `InputError`. */
  readonly backends = {
    /**
     * Its driver has replicas from now on, as `replication_device` configures them: volumes of types with
     * `replication_enabled='<is> True'` are replicated, and others are not.
     *
     * @example
     * cloud.backends.replicate('controller-1@ceph', ['site-b']);
     */
    replicate: (backend: string, targets: readonly string[]): void =>
      replicate(this.state, volumeServiceOf(this.state, backend), targets),
  };

  /** What Nova notifies, each from the same event as the state that the API shows. */
  readonly notifications = {
    /**
     * Makes a queue that gets each notification about a server from now on, in the envelope of oslo.messaging. It can be given to
     * `watchUptime({ events })` and to the other readers of `@groundcrew/monitoring/events`; `take` lets a test lose, double, delay
     * and reorder what it has.
     *
     * @param options - `format`: Nova sends the one, the other, or both (`notification_format`). @default 'versioned'
     * @throws InputError on another format
     * @example
     * const queue = cloud.notifications.queue();
     * await watchUptime({ cloud, ledger, signal, events: queue });
     */
    queue: (options: QueueOptions = {}): NotificationQueue => {
      parseArguments('notifications.queue', queueOptions, options);
      return this.state.notifications.bind(options.format ?? 'versioned');
    },
  };

  /** Nova's cells, which can go down. A name that no host has is an `InputError`. */
  readonly cells = {
    /**
     * The database of the cell with these hosts no longer answers Nova's API. From microversion 2.69 on their servers are
     * `UNKNOWN` and have few keys; before, they are missing from lists. Requests about them fail with 500.
     */
    lose: (...hosts: readonly string[]): void => {
      requireHosts(this.state, 'cells.lose', { hosts });
      for (const host of hosts) this.state.compute.hostsInDownCells.add(host);
    },
    /** All cells answer again. */
    regain: (): void => this.state.compute.hostsInDownCells.clear(),
  };

  /**
   * Lets some requests fail from now on.
   *
   * @throws InputError on a script that is misspelt: it would match no request, and the test that needs it could not fail
   */
  fault(script: FaultScript): ActiveFault {
    return this.#faults.add(script);
  }

  /** Ends all fault scripts. */
  heal(): void {
    this.#faults.clear();
  }

  /**
   * Answers a request. Both transports call this method.
   *
   * @throws ConnectionReset if a fault script breaks the connection
   */
  async handle(request: Request): Promise<Response> {
    const { clock, ids } = this.state;
    clock.settle();
    if (this.state.work.isRunning) await this.state.work.settled();
    const at = clock.now();
    const url = new URL(request.url);
    const made = ids.requestId();
    const requestId = serviceOf(url)?.spec.name === 'image' ? ownRequestId(request, made) : made;
    const token = this.state.identity.tokens.get(request.headers.get('X-Auth-Token') ?? '');
    const found = await dispatch(this.state, request, url, requestId);
    const entry = {
      at,
      service: found.service?.spec.name ?? 'none',
      operation: found.operation,
      method: request.method,
      path: url.pathname + url.search,
      microversion: found.microversion,
      requestId,
      user: token?.user.id,
    };
    const scripted = this.#faults.strike(entry);
    // What a script keeps from the service is not answered by the conversation, which goes on with the next request.
    const replayed = scripted.some(replacesAnswer) ? undefined : this.#recorded(request, url, found);
    const struck = [...scripted, ...(replayed?.effects ?? [])];
    const isKnown = replayed === undefined ? found.known : !(replayed.answer instanceof ServiceFault);
    // What a conversation answers, no service here has seen.
    const logging =
      this.state.logs.isOn && replayed === undefined
        ? requestLogging(this.state, request, url, requestId, found)
        : undefined;
    for (const reply of struck) {
      if (reply.kind === 'revoke-token' && token !== undefined) token.revoked = true;
      if (reply.kind === 'latency') await clock.sleep(reply.waitMs, request.signal);
      if (reply.kind === 'hang') {
        logging?.begin();
        this.requests.add({ ...entry, status: 0 }, isKnown);
        await abortOf(request.signal);
      }
      if (reply.kind === 'reset' && reply.when === 'before') {
        this.requests.add({ ...entry, status: 0 }, isKnown);
        throw new ConnectionReset();
      }
    }
    // A proxy's page: the service has not seen the request.
    const told = struck.some((reply) => reply.kind === 'html') ? undefined : logging;
    told?.begin();
    let answer: Answer;
    if (struck.some((reply) => reply.kind === 'revoke-token')) {
      answer = found.refuse(unauthenticated());
    } else answer = scriptedAnswer(struck, found.refuse) ?? (await answerOf(found, replayed));
    told?.end(answer);
    for (const reply of struck) if (reply.kind === 'odd') answer = distort(answer, reply.odd, request.url);
    const lost = struck.some((reply) => reply.kind === 'reset');
    this.requests.add({ ...entry, status: lost ? 0 : answer.status }, isKnown);
    if (lost) throw new ConnectionReset();
    return respond(answer, request, clock, struck);
  }

  /** How the recorded conversation answers the request, if it does. */
  #recorded(request: Request, url: URL, { service }: Dispatched): Replayed | undefined {
    if (service === undefined) return undefined;
    const token = validToken(this.state, request.headers.get('X-Auth-Token'));
    return this.#replay?.take({ request, url, service, token });
  }

  /** Serves the cloud on a socket, for clients in any language. From then on its clock follows the machine's. */
  async listen(options: ListenOptions = {}): Promise<Listening> {
    const listening = await listen(this, options);
    this.#listening.add(listening);
    return listening;
  }

  /** Closes every socket, and removes what images, objects and volumes left on the disk. */
  async close(): Promise<void> {
    await Promise.all([...this.#listening].map((listening) => listening.close()));
    await this.state.work.settled();
    for (const image of this.state.image.images.values()) image.data?.dispose();
    this.state.objectStore.dispose();
    this.state.blockStorage.contents.dispose();
    if (this.#ownsBackupStore) this.state.blockStorage.backupStore.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Makes a simulated cloud.
 *
 * @example
 * const cloud = simulateCloud({ seed: 7, release: '2025.1' });
 * const { authUrl, env } = await cloud.listen();
 */
export const simulateCloud = (options?: SimulateOptions): SimulatedCloud => new SimulatedCloud(options);

/** The answer of the conversation, or the service's own. */
async function answerOf(found: Dispatched, replayed: Replayed | undefined): Promise<Answer> {
  if (replayed === undefined) return found.run();
  return replayed.answer instanceof ServiceFault ? found.refuse(replayed.answer) : replayed.answer;
}

/** Rejects when the client aborts the request, and not before. */
const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
