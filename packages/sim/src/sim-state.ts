import type { VirtualClock } from './clock.ts';
import type { Ids } from './ids.ts';
import type { Release } from './releases.ts';
import type { VolumeState } from './services/block-storage/state.ts';
import type { ComputeState } from './services/compute/state.ts';
import type { IdentityState } from './services/identity/state.ts';
import type { InstanceHaState } from './services/instance-ha/state.ts';
import type { ImageState } from './services/image/state.ts';
import type { NetworkState } from './services/network/state.ts';
import type { PlacementState } from './services/placement/state.ts';

/** How long things take, in milliseconds of the cloud's clock. */
export interface Timing {
  /** A server from accepted to `ACTIVE`. @default 8,000 */
  readonly build: number;
  /** A server's action: start, stop, rebuild, resize, a migration. @default 4,000 */
  readonly action: number;
  /** A server from the request to gone. @default 2,000 */
  readonly delete: number;
  /** A volume, a snapshot, an attachment. @default 2,000 */
  readonly volume: number;
  /** A backup or its restore. @default 20,000 */
  readonly backup: number;
  /** An image import or a server's snapshot. @default 5,000 */
  readonly image: number;
}

export interface Settings {
  readonly region: string;
  /** Password of every user that the cloud begins with. */
  readonly password: string;
  /** Milliseconds until a token expires. */
  readonly tokenLife: number;
  readonly timing: Timing;
  /** Bytes of an image kept in memory; larger ones go to a file. */
  readonly imageMemory: number;
}

/** The whole state of a simulated cloud. */
export interface SimState {
  readonly clock: VirtualClock;
  readonly ids: Ids;
  readonly release: Release;
  readonly settings: Settings;
  readonly identity: IdentityState;
  readonly compute: ComputeState;
  readonly network: NetworkState;
  readonly blockStorage: VolumeState;
  readonly image: ImageState;
  readonly placement: PlacementState;
  readonly instanceHa: InstanceHaState;
}
