import { InputError } from '@groundcrew/ground';
import { accepted, type Answer, ok } from '../../answer.ts';
import { admin, type Call, type Handler, type Routes } from '../../call.ts';
import { badRequest, notFound } from '../../fault.ts';
import type { SimState } from '../../sim-state.ts';
import { record, text } from '../../wire.ts';
import type { Replication, Volume, VolumeService } from './state.ts';
import { isUp } from './views.ts';

/** The replica that leads back to the backend itself (`FAILBACK_SENTINEL`, cinder/volume/manager.py). */
const BACK = 'default';

/** Gives a backend replicas, as if its driver had them from the start. */
export function replicate(state: SimState, service: VolumeService, targets: readonly string[]): void {
  service.replication = { targets, status: 'enabled', active: null };
  for (const volume of volumesOf(state, service)) volume.replication_status = statusOfNew(state, volume);
}

/** @throws InputError on a name that no volume service has */
export function volumeServiceOf(state: SimState, backend: string): VolumeService {
  const service = serviceOf(state, backend);
  if (service !== undefined) return service;
  throw new InputError(`backends.replicate: backend: there is no volume service ${backend}`, {
    field: 'backend',
    operation: 'backends.replicate',
  });
}

/** What a driver with replication says of a volume that it makes, by the volume's type. */
export function statusOfNew(state: SimState, volume: Volume): string | null {
  const service = serviceOf(state, volume.host?.split('#')[0] ?? '');
  if (service?.replication === undefined) return null;
  const isWanted =
    state.blockStorage.types.get(volume.type)?.extra_specs['replication_enabled'] === '<is> True';
  return isWanted ? 'enabled' : 'disabled';
}

/** Changes a field of a service that has the expected value, as `API._replication_db_change` does (cinder/volume/api.py). */
const onService = (
  answer: Answer,
  change: (call: Call, service: VolumeService, backend: string | undefined) => void,
): Handler =>
  admin('volume_extension:services:update', (call) => {
    const given = record(call.body);
    const [host, cluster] = [text(given['host']), text(given['cluster'])];
    if ((host === undefined) === (cluster === undefined))
      throw badRequest(
        call.atLeast('3.26')
          ? 'Invalid input received: One and only one of cluster and host must be set.'
          : 'Invalid input received: Host field is missing.',
      );
    const service = host === undefined ? undefined : serviceOf(call.state, host);
    if (service === undefined)
      throw badRequest(`No service found with ${host === undefined ? `cluster=${cluster}` : `host=${host}`}`);
    change(call, service, text(given['backend_id']));
    return answer;
  });

function mustBe(isSo: boolean, { host }: VolumeService, field: string, expected: string): void {
  if (!isSo)
    throw badRequest(
      `Invalid input received: No service could be changed: ${field} in ['${host}'] must be ${expected} to failover.`,
    );
}

export const replicationRoutes: Routes = {
  'GET capabilities/{id}': admin('volume_extension:capabilities', (call) => {
    const host = call.param('id');
    const service = serviceOf(call.state, host);
    if (service === undefined) throw notFound(`Can't find service: ${host}`);
    const backend = host.split('@')[1] ?? host;
    const pool = [...call.state.blockStorage.pools.values()].find(({ name }) => name.split('#')[0] === host);
    return ok({
      namespace: `OS::Storage::Capabilities::${host}`,
      vendor_name: 'Open Source',
      volume_backend_name: backend,
      pool_name: null,
      driver_version: '1.3.0',
      storage_protocol: pool?.protocol ?? null,
      display_name: null,
      description: null,
      visibility: null,
      replication_targets: service.replication?.targets ?? [],
      properties: {},
    });
  }),
  'PUT os-services/freeze': onService(ok(undefined), (_call, service) => {
    mustBe(!service.frozen, service, 'frozen', 'False');
    Object.assign(service, { frozen: true, disabled: true, disabled_reason: 'frozen' });
  }),
  'PUT os-services/thaw': onService(ok(undefined), (_call, service) => {
    mustBe(service.frozen, service, 'frozen', 'True');
    Object.assign(service, { frozen: false, disabled: false, disabled_reason: '' });
  }),
  'PUT os-services/failover_host': onService(accepted(), (call, service, backend) => {
    const { replication } = service;
    const isReady = replication?.status === 'enabled' || replication?.status === 'failed-over';
    mustBe(
      isReady && isUp(call.now, service),
      service,
      'replication_status',
      "['enabled', 'failed-over'] and must be up",
    );
    if (replication === undefined) return;
    replication.status = 'failing-over';
    const { clock, settings } = call.state;
    clock.after(settings.timing.action, () => failOver(call.state, service, replication, backend));
  }),
};

/** As `VolumeManager.failover` does with a driver that succeeds (cinder/volume/manager.py). */
function failOver(
  state: SimState,
  service: VolumeService,
  replication: Replication,
  backend: string | undefined,
): void {
  const isBack = backend === BACK;
  const replicated: Volume[] = [];
  for (const volume of volumesOf(state, service)) {
    if (volume.replication_status !== 'disabled' && volume.replication_status !== 'not-capable')
      replicated.push(volume);
    else if (!isBack) {
      Object.assign(volume, {
        previous_status: volume.status,
        status: 'error',
        replication_status: 'not-capable',
      });
      for (const snapshot of state.blockStorage.snapshots.by('volume', volume.id)) snapshot.status = 'error';
    }
  }
  const wanted = backend ?? replication.targets.find((target) => target !== replication.active);
  if (!isBack && (wanted === undefined || !replication.targets.includes(wanted))) {
    // An invalid target leaves the backend that was in use, though what is not replicated is in error by now.
    replication.status = (replication.active ?? '') === '' ? 'enabled' : 'failed-over';
    return;
  }
  if (isBack) {
    Object.assign(replication, { status: 'enabled', active: '' });
    Object.assign(service, { disabled: service.frozen, disabled_reason: service.frozen ? 'frozen' : '' });
  } else {
    Object.assign(replication, { status: 'failed-over', active: wanted });
    Object.assign(service, { disabled: true, disabled_reason: 'failed-over' });
  }
  for (const volume of replicated) volume.replication_status = replication.status;
}

const serviceOf = (state: SimState, host: string): VolumeService | undefined =>
  state.blockStorage.services.find((service) => service.host === host && service.binary === 'cinder-volume');

const volumesOf = (state: SimState, { host }: VolumeService): Volume[] =>
  state.blockStorage.volumes.filter((volume) => volume.host?.split('#')[0] === host);
