import type { ReplicatedVolume } from './read-replication.ts';

/**
 * What becomes of a volume when its backend fails over.
 *
 * - `fails-over`: it is replicated, and its replica is used from then on
 * - `error`: it is not replicated, and Cinder sets it to `error`, with its snapshots
 * - `driver-decides`: Cinder hands it to the driver as if it were replicated, and nothing that is seen tells what the driver does
 * - `stays`: on the way back Cinder leaves what is not replicated as it is
 */
export type VolumeFate = 'fails-over' | 'error' | 'driver-decides' | 'stays';

/** A volume of the backend, and what becomes of it. */
export interface VolumeImpact {
  readonly id: string;
  readonly name: string | null;
  readonly project: string | undefined;
  readonly fate: VolumeFate;
  /** The reason, in a sentence. */
  readonly because: string;
}

/** The replica that leads back to the backend itself (`FAILBACK_SENTINEL`, cinder/volume/manager.py). */
export const BACK = 'default';

/**
 * As `VolumeManager.failover` decides (cinder/volume/manager.py, the same from Zed to 2026.1): only `disabled` and `not-capable` are not
 * replicated. A volume without a status, which is what drivers without replication leave, counts as replicated.
 */
export function fateOf(
  { replication_status: status }: Pick<ReplicatedVolume, 'replication_status'>,
  to: string | undefined,
): Pick<VolumeImpact, 'fate' | 'because'> {
  switch (status) {
    case 'disabled':
    case 'not-capable':
      return to === BACK
        ? { fate: 'stays', because: `it is not replicated (${status}): on the way back it is left as it is` }
        : { fate: 'error', because: `it is not replicated (${status})` };
    case 'enabled':
    case 'failed-over':
      return { fate: 'fails-over', because: `it is replicated (${status})` };
    case null:
    case undefined:
      return {
        fate: 'driver-decides',
        because: 'it has no replication status, which Cinder takes for replicated',
      };
    default:
      return { fate: 'driver-decides', because: `its replication is in status ${status}` };
  }
}
