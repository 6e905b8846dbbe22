import type { LogLevel, LogMessage } from '../../logs/log-entry.ts';
import { CONTROLLER } from '../../logs/service-logs.ts';
import type { SimState } from '../../sim-state.ts';
import type { VolumeService } from './state.ts';

/** A request to Cinder's API, as far as its log needs it. */
interface ApiRequest {
  readonly state: SimState;
  readonly request: Request;
  readonly operation: string;
}

/** Requests whose worker is chosen by their handler. */
const ABOUT_LEVELS = new Set(['services.getLog', 'services.setLog']);

const workerOf = ({ state, request, operation }: ApiRequest): number =>
  state.blockStorage.logProcesses.workerOf(request, ABOUT_LEVELS.has(operation));

/** Whether the worker that serves a request writes messages of this level: what `set-log` has changed decides. */
export const volumeApiWrites = (from: ApiRequest, logger: string, level: LogLevel): boolean =>
  from.state.blockStorage.logProcesses
    .apiWorker(workerOf(from))
    .writes(logger, level, from.state.clock.now());

/** Writes into the log of Cinder's API, if the level of the worker that serves the request lets it. */
export function tellVolumeApi(from: ApiRequest, message: LogMessage): void {
  if (!volumeApiWrites(from, message.logger, message.level)) return;
  from.state.logs.write({ service: 'cinder-api', host: CONTROLLER, worker: workerOf(from) }, message);
}

/** Whose request a message belongs to. */
interface Requester {
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string;
}

/** What a volume service says of a volume, without its request. */
type VolumeMessage = Pick<LogMessage, 'logger' | 'message'>;

const MANAGER = 'cinder.volume.manager';

/** What the volume service says while it makes a volume. */
export const createdVolume = ({
  id,
  size,
}: {
  readonly id: string;
  readonly size: number;
}): VolumeMessage[] => {
  const logger = 'cinder.volume.flows.manager.create_volume';
  const specification = `{'status': 'creating', 'volume_name': 'volume-${id}', 'volume_size': ${size}}`;
  return [
    { logger, message: `Volume ${id}: being created as raw with specification: ${specification}` },
    { logger, message: `Volume volume-${id} (${id}): created successfully` },
    { logger: MANAGER, message: 'Created volume successfully.' },
  ];
};

export const deletedVolume: readonly VolumeMessage[] = [
  { logger: MANAGER, message: 'Deleted volume successfully.' },
];
/** Upstream's sentence has no full stop. */
export const createdSnapshot: readonly VolumeMessage[] = [
  { logger: MANAGER, message: 'Create snapshot completed successfully' },
];
export const deletedSnapshot: readonly VolumeMessage[] = [
  { logger: MANAGER, message: 'Delete snapshot completed successfully.' },
];

/**
 * Writes into the log of the service of a volume's backend. Cinder's messages over the bus do not carry the domains of user and project.
 *
 * @param pool - the volume's pool, `controller-1@ceph#ceph`
 */
export function tellVolume(
  state: SimState,
  pool: string | null,
  by: Requester,
  messages: readonly VolumeMessage[],
): void {
  if (!state.logs.isOn || pool === null) return;
  const backend = pool.split('#')[0] ?? pool;
  const process = state.blockStorage.logProcesses.service('cinder-volume', backend);
  const known = state.logs.contextOf({
    request_id: by.requestId,
    user_id: by.userId,
    project_id: by.projectId,
  });
  const { requestId, globalRequestId, user, project } = known;
  const context = { requestId, globalRequestId, user, project };
  for (const message of messages)
    if (process.writes(message.logger, 'INFO', state.clock.now()))
      state.logs.write(processOf(backend), { level: 'INFO', context, ...message });
}

const processOf = (backend: string) =>
  ({ service: 'cinder-volume', host: backend.split('@')[0] ?? backend }) as const;

/** Before a volume is placed, the scheduler says which services it leaves out because they no longer report. */
export function tellDownServices(state: SimState, by: Requester): void {
  if (!state.logs.isOn) return;
  const now = state.clock.now();
  const scheduler = state.blockStorage.services.find(({ binary }) => binary === 'cinder-scheduler');
  const host = scheduler?.host ?? CONTROLLER;
  const logger = 'cinder.scheduler.host_manager';
  if (!state.blockStorage.logProcesses.service('cinder-scheduler', host).writes(logger, 'WARNING', now))
    return;
  const { requestId, userId: user, projectId: project } = by;
  for (const service of state.blockStorage.services.values())
    if (service.binary === 'cinder-volume' && isSilent(service, now))
      state.logs.write(
        { service: 'cinder-scheduler', host },
        {
          level: 'WARNING',
          logger,
          context: { requestId, user, project },
          message: `volume service is down. (host: ${service.host})`,
        },
      );
}

/** `service_down_time` */
const SERVICE_DOWN = 60_000;

const isSilent = ({ deadSince }: VolumeService, now: number): boolean =>
  deadSince !== undefined && now - deadSince >= SERVICE_DOWN;

/** `publish_service_capabilities` runs once a minute. */
const CAPABILITIES = 60_000;

/** Processes that are asked once a minute whether they tell what they do at DEBUG. */
const telling = new WeakSet<object>();

/**
 * At DEBUG a volume service says each minute that it tells the schedulers what it can do. This is called when its level was set. No timer
 * is left once its level hides the message.
 */
export function tellCapabilities(state: SimState, { binary, host }: VolumeService): void {
  if (!state.logs.isOn || binary !== 'cinder-volume') return;
  const process = state.blockStorage.logProcesses.service(binary, host);
  if (telling.has(process)) return;
  telling.add(process);
  const tell = (): void => {
    const isCurrent = state.blockStorage.logProcesses.service(binary, host) === process;
    if (!isCurrent || !process.writes('cinder.manager', 'DEBUG', state.clock.now())) {
      telling.delete(process);
      return;
    }
    state.logs.write(processOf(host), {
      level: 'DEBUG',
      logger: 'cinder.manager',
      context: { requestId: state.logs.ids.requestId() },
      message:
        'Notifying Schedulers of capabilities ... _publish_service_capabilities /usr/lib/python3/dist-packages/cinder/manager.py:202',
    });
    state.clock.after(CAPABILITIES, tell);
  };
  state.clock.after(CAPABILITIES, tell);
}
