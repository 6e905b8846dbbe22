import type { VirtualClock } from './clock.ts';
import type { Ids } from './ids.ts';
import type { ServiceLogs } from './logs/service-logs.ts';
import type { BackgroundWork } from './background-work.ts';
import type { Release } from './releases.ts';
import type { VolumeState } from './services/block-storage/state.ts';
import type { NotificationBus } from './services/compute/notifications/notification-bus.ts';
import type { ComputeState } from './services/compute/state.ts';
import type { IdentityState } from './services/identity/state.ts';
import type { InstanceHaState } from './services/instance-ha/state.ts';
import type { ImageState } from './services/image/state.ts';
import type { LoadBalancerState } from './services/load-balancer/state.ts';
import type { NetworkState } from './services/network/state.ts';
import type { ObjectStoreState } from './services/object-store/state.ts';
import type { PlacementState } from './services/placement/state.ts';

/** The durations of builds, actions and the like, in milliseconds of the cloud's clock. */
export interface Timing {
  /** The time of a server from the request to `ACTIVE`. @default 8,000 */
  readonly build: number;
  /** The time of an action on a server: start, stop, rebuild, resize, a migration. @default 4,000 */
  readonly action: number;
  /** The time of the deletion of a server. @default 2,000 */
  readonly delete: number;
  /** The time that a volume, a snapshot or an attachment takes. @default 2,000 */
  readonly volume: number;
  /** The time of a backup or of a restore. @default 20,000 */
  readonly backup: number;
  /** The time of an image import or of a server's snapshot. @default 5,000 */
  readonly image: number;
  /** The time until a service of Cinder has set the log levels that the API accepted to set. @default 0 */
  readonly cast: number;
}

/** The fixed settings of a simulated cloud. */
export interface Settings {
  readonly region: string;
  /** Password of every user that the cloud begins with. */
  readonly password: string;
  /** Milliseconds until a token expires. */
  readonly tokenLife: number;
  /** Milliseconds between two looks of Nova at the power state of a guest, without their jitter. */
  readonly powerSync: number;
  /** Whether a host that has its power again starts the guests that ran before. */
  readonly resumeGuests: boolean;
  readonly timing: Timing;
  /** Whether the catalogue has Octavia. */
  readonly loadBalancer: boolean;
  /** Whether the catalogue has Swift. */
  readonly objectStore: boolean;
  /** Bytes of an image, an object or a stream kept in memory; larger ones go to a file. */
  readonly imageMemory: number;
}

/** The whole state of a simulated cloud. */
export interface SimState {
  readonly clock: VirtualClock;
  readonly ids: Ids;
  readonly release: Release;
  readonly settings: Settings;
  /** What the services write into their logs. */
  readonly logs: ServiceLogs;
  /** What is going on in real time. */
  readonly work: BackgroundWork;
  readonly identity: IdentityState;
  readonly compute: ComputeState;
  /** What Nova notifies. */
  readonly notifications: NotificationBus;
  readonly network: NetworkState;
  readonly blockStorage: VolumeState;
  readonly image: ImageState;
  readonly placement: PlacementState;
  readonly instanceHa: InstanceHaState;
  readonly loadBalancer: LoadBalancerState;
  readonly objectStore: ObjectStoreState;
}
