import type { VirtualClock } from '../clock.ts';
import type { Ids } from '../ids.ts';
import type { ContextForm, LogContext, LogMessage } from './log-entry.ts';
import { KeptLog } from './process-log.ts';

/** The processes that write logs, by the names of their programs. */
export const LOGGING_SERVICES = [
  'cinder-api',
  'cinder-scheduler',
  'cinder-volume',
  'glance-api',
  'keystone',
  'neutron-api',
  'neutron-server',
  'nova-api',
  'nova-compute',
  'nova-conductor',
  'placement-api',
] as const;

type LoggingService = (typeof LOGGING_SERVICES)[number];

/** The host of the APIs, and of what has no service of its own in a list. */
export const CONTROLLER = 'controller-1';

/** One process that writes into the log of its service on its host. */
export interface LogProcessName {
  readonly service: LoggingService;
  readonly host: string;
  /** Of the processes that write into one log, counted from 0. @default 0 */
  readonly worker?: number | undefined;
}

/** Requests whose context is remembered, for what is done after their answer. */
const MOST_CONTEXTS = 10_000;
/** The first id of a process. */
const FIRST_PID = 2001;

/** The logs of all processes of a cloud, as the services write to them. It keeps nothing until it is started. */
export class ServiceLogs {
  /** Its own ids, so that whether logs are kept changes no other. */
  readonly ids: Ids;
  readonly #clock: VirtualClock;
  readonly #form: ContextForm;
  readonly #logs = new Map<string, KeptLog>();
  readonly #pids = new Map<string, number>();
  readonly #contexts = new Map<string, LogContext>();
  #isOn = false;
  #started = 0;

  constructor(ids: Ids, clock: VirtualClock, form: ContextForm) {
    this.ids = ids;
    this.#clock = clock;
    this.#form = form;
  }

  /** Whether anything is kept. Whoever has to prepare what it says asks first. */
  get isOn(): boolean {
    return this.#isOn;
  }

  start(): void {
    this.#isOn = true;
  }

  /** @param at - the time of the message, if it is not now: an earlier one of the same request */
  write(process: LogProcessName, message: LogMessage, at: number = this.#clock.now()): void {
    if (!this.#isOn) return;
    const { service, host } = process;
    const key = `${service} ${host}`;
    let log = this.#logs.get(key);
    if (log === undefined) this.#logs.set(key, (log = new KeptLog(service, host, this.#form)));
    log.add({ ...message, at, pid: this.#pidOf(process) });
  }

  /** The processes of a service start again: they have other ids. */
  restart(service: string, host?: string, worker?: number): void {
    const beginning = [service, host, worker].filter((part) => part !== undefined).join(' ');
    for (const key of this.#pids.keys())
      if (key === beginning || key.startsWith(`${beginning} `)) this.#pids.delete(key);
  }

  /** Remembers who sent a request, for what is done after its answer. */
  remember(context: LogContext): void {
    if (!this.#isOn) return;
    this.#contexts.set(context.requestId, context);
    if (this.#contexts.size <= MOST_CONTEXTS) return;
    for (const oldest of this.#contexts.keys()) {
      this.#contexts.delete(oldest);
      return;
    }
  }

  /** The context of a request, as far as it is known. */
  contextOf(by: {
    readonly request_id: string;
    readonly user_id: string | null;
    readonly project_id: string | null;
  }): LogContext {
    return (
      this.#contexts.get(by.request_id) ?? {
        requestId: by.request_id,
        user: by.user_id,
        project: by.project_id,
      }
    );
  }

  /** In the order in which they first said something. */
  get all(): readonly KeptLog[] {
    return [...this.#logs.values()];
  }

  #pidOf({ service, host, worker = 0 }: LogProcessName): number {
    const key = `${service} ${host} ${worker}`;
    let pid = this.#pids.get(key);
    if (pid === undefined) {
      pid = FIRST_PID + this.#started;
      this.#started += 1;
      this.#pids.set(key, pid);
    }
    return pid;
  }
}
