/** The levels that `set-log` takes (`LOG_LEVELS`, cinder/utils.py of 21.3.1). */
export const LOG_LEVELS: readonly string[] = ['INFO', 'WARNING', 'ERROR', 'DEBUG'];

/** Python's numbers of the levels. */
const SEVERITIES: Readonly<Record<string, number>> = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40 };

const severityOf = (level: string): number => SEVERITIES[level] ?? 0;

/** What a service was cast over the message bus, and has not done yet. */
interface Cast {
  /** When it does it. */
  readonly at: number;
  readonly prefix: string;
  readonly level: string;
}

/**
 * One process of Cinder with the effective levels of the loggers that it has. `set-log` acts on loggers that there are, by the
 * beginning of their names, and makes none (`set_log_levels`, cinder/utils.py).
 */
class LogProcess {
  readonly #levels: Map<string, string>;
  #casts: Cast[] = [];

  constructor(binary: string) {
    this.#levels = new Map(
      [...SHARED, ...(OWN[binary] ?? [])].map((name) => [name, QUIET.test(name) ? 'WARNING' : 'INFO']),
    );
  }

  set(prefix: string, level: string): void {
    for (const name of this.#levels.keys()) if (name.startsWith(prefix)) this.#levels.set(name, level);
  }

  cast(cast: Cast): void {
    this.#casts.push(cast);
  }

  levels(prefix: string, now: number): Record<string, string> {
    this.#settle(now);
    return Object.fromEntries([...this.#levels].filter(([name]) => name.startsWith(prefix)));
  }

  /** Whether a message of this level reaches the log. A logger that is not in the list has the level of the root. */
  writes(logger: string, level: string, now: number): boolean {
    this.#settle(now);
    return severityOf(level) >= severityOf(this.#levels.get(logger) ?? 'INFO');
  }

  /** Does what it was cast, once it is due. */
  #settle(now: number): void {
    if (this.#casts.length === 0) return;
    for (const { prefix, level } of this.#casts.filter(({ at }) => at <= now)) this.set(prefix, level);
    this.#casts = this.#casts.filter(({ at }) => at > now);
  }
}

/**
 * The processes of Cinder whose log levels can be told and set. A volume service, a scheduler and a backup service are one process
 * each. The API has several, of which one serves a request: it tells, and changes, its own levels only.
 */
export class LogProcesses {
  readonly #apiWorkers: number;
  readonly #services = new Map<string, LogProcess>();
  #api: LogProcess[] = [];
  #levelRequests = 0;
  #otherRequests = 0;
  readonly #serving = new WeakMap<Request, number>();

  constructor(apiWorkers: number) {
    this.#apiWorkers = apiWorkers;
    this.restart('cinder-api');
  }

  /**
   * The number of the worker that serves a request. They take turns, as uWSGI's do when requests come one after the other; requests about
   * levels do so among themselves, so that others between them change nothing.
   */
  workerOf(request: Request, isAboutLevels = true): number {
    const known = this.#serving.get(request);
    if (known !== undefined) return known;
    const turn = isAboutLevels ? this.#levelRequests++ : this.#otherRequests++;
    const worker = turn % this.#apiWorkers;
    this.#serving.set(request, worker);
    return worker;
  }

  apiWorker(worker: number): LogProcess {
    return this.#api[worker] ?? new LogProcess('cinder-api');
  }

  service(binary: string, host: string): LogProcess {
    const key = `${binary} ${host}`;
    const found = this.#services.get(key) ?? new LogProcess(binary);
    this.#services.set(key, found);
    return found;
  }

  /** New processes, with the levels of the configuration. */
  restart(binary: string): void {
    if (binary === 'cinder-api')
      this.#api = Array.from({ length: this.#apiWorkers }, () => new LogProcess(binary));
    for (const key of this.#services.keys()) if (key.startsWith(`${binary} `)) this.#services.delete(key);
  }

  /** One worker of the API dies, and uWSGI starts another in its place. */
  restartApiWorker(worker: number): void {
    if (worker < this.#api.length) this.#api[worker] = new LogProcess('cinder-api');
  }
}

/** Loggers that every process of Cinder has (oslo_log's `get_loggers()`, Cinder 21.3.1 of Debian 12); some of some sixty. */
const SHARED = [
  'castellan.key_manager',
  'cinder.api',
  'cinder.api.common',
  'cinder.api.openstack.wsgi',
  'cinder.backup.api',
  'cinder.context',
  'cinder.coordination',
  'cinder.policy',
  'cinder.quota',
  'cinder.rpc',
  'cinder.service',
  'cinder.utils',
  'cinder.volume.driver',
  'cinder.volume.volume_utils',
  'keystonemiddleware.auth_token',
  'keystonemiddleware.auth_token.__init__',
  'os_brick.initiator.connector',
  'os_brick.utils',
  'oslo.messaging._metrics.client',
  'oslo.service.loopingcall',
];

const OWN: Readonly<Record<string, readonly string[]>> = {
  'cinder-api': [
    'cinder.api.contrib',
    'cinder.api.contrib.backups',
    'cinder.api.contrib.services',
    'cinder.api.extensions',
    'cinder.api.middleware.fault',
    'cinder.api.v2.snapshots',
    'cinder.api.v3.snapshots',
    'cinder.api.v3.volumes',
    'cinder.volume.api',
  ],
  'cinder-volume': ['cinder.manager', 'cinder.volume.manager', 'cinder.volume.flows.manager.create_volume'],
  'cinder-scheduler': [
    'cinder.manager',
    'cinder.scheduler.filter_scheduler',
    'cinder.scheduler.host_manager',
    'cinder.scheduler.manager',
  ],
  'cinder-backup': ['cinder.manager', 'cinder.backup.driver', 'cinder.backup.manager'],
};

/** `default_log_levels` of oslo.log keeps it at WARN. */
const QUIET = /^keystonemiddleware/;
