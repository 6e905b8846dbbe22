import {
  aDuration,
  aPositiveDuration,
  anObjectWith,
  aPositiveNumber,
  type Duration,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import type { Conversation } from '@groundcrew/core/conversation';
import { z } from 'zod';
import { VirtualClock } from './clock.ts';
import type { Unrecorded } from './replay/replay.ts';
import type { ScenarioName } from './scenarios/all.ts';
import { SimulatedBackupStore } from './services/block-storage/backup-store.ts';
import type { Timing } from './sim-state.ts';

export interface SimulateOptions {
  /** The same seed makes the same ids, addresses and choices. @default 1 */
  readonly seed?: number | undefined;
  /** The release, by name or number: `zed`, `2025.1`. @default 'zed' */
  readonly release?: string | undefined;
  /** @default a new clock that begins at 2026-01-01T00:00:00Z and jumps to the end of each sleep */
  readonly clock?: VirtualClock | undefined;
  /** The scenario that fills the cloud at the beginning. @default 'small' */
  readonly scenario?: ScenarioName | undefined;
  /** @default 'RegionOne' */
  readonly region?: string | undefined;
  /**
   * Whether it has Octavia, with load balancers of the scenario's first projects: two in order, one degraded, one in error.
   * @default false
   */
  readonly loadBalancer?: boolean | undefined;
  /** Whether it has Swift, with an account for each project and nothing in it. @default false */
  readonly objectStore?: boolean | undefined;
  /** Password of the users that the cloud begins with. @default 'secret-of-sim' */
  readonly password?: string | undefined;
  /** The time until a token expires. @default '4h' */
  readonly tokenLife?: Duration | undefined;
  /**
   * How often Nova looks whether the guests run (`sync_power_state_interval`); oslo.service adds up to 5 percent to each
   * interval. One that has shut itself down stays `ACTIVE` until then. @default '10m'
   */
  readonly powerSync?: Duration | undefined;
  /**
   * Whether a host that has its power again starts the guests that ran before (`resume_guests_state_on_host_boot`). Without it
   * Nova finds them off, and stops their servers. @default false
   */
  readonly resumeGuests?: boolean | undefined;
  /**
   * The processes of Cinder's API (`osapi_volume_workers`), which take requests in turn; each has log levels of its own.
   * @default 2
   */
  readonly volumeApiWorkers?: number | undefined;
  /**
   * Whether its services write logs, which `cloud.logs` has: 20,000 messages of each process at most. @default false
   */
  readonly logs?: boolean | undefined;
  /** The durations of builds, actions and the like. */
  readonly timing?: Partial<Durations> | undefined;
  /**
   * A conversation that was recorded (`readConversation` of `@groundcrew/core/conversation`): a request of the same method, path,
   * query and microversion is answered as it was then, failures included; what was asked several times in that order, and from then
   * on with the last answer. Tokens and the catalogue are this cloud's own. @default none
   */
  readonly conversation?: Conversation | undefined;
  /**
   * What a request gets that the conversation has no answer to: `refuse` answers 501 and counts it among `requests.unknown`;
   * `simulate` leaves it to the simulated services, which know nothing of the recorded cloud. @default 'refuse'
   */
  readonly unrecorded?: Unrecorded | undefined;
  /**
   * Where Cinder keeps the bytes of backups: that of another cloud (`cloud.volumes.backupStore`), which then stays when this one is
   * closed. @default its own
   */
  readonly backupStore?: SimulatedBackupStore | undefined;
  /** Bytes of an image, an object or a stream that are kept in memory; what is larger goes to a temporary file. @default 64 MiB */
  readonly imageMemory?: number | undefined;
}

/** The fields of {@link Timing}, each as a duration. */
type Durations = Readonly<Record<keyof Timing, Duration>>;

const timing = optionsSchema<Durations>({
  build: aDuration.optional(),
  action: aDuration.optional(),
  delete: aDuration.optional(),
  volume: aDuration.optional(),
  backup: aDuration.optional(),
  image: aDuration.optional(),
  cast: aDuration.optional(),
});

const simulateOptions = optionsSchema<SimulateOptions>({
  seed: z.number().optional(),
  release: z.string().min(1).optional(),
  clock: z.instanceof(VirtualClock).optional(),
  scenario: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
  loadBalancer: z.boolean().optional(),
  objectStore: z.boolean().optional(),
  password: z.string().min(1).optional(),
  tokenLife: aDuration.optional(),
  powerSync: aPositiveDuration.optional(),
  resumeGuests: z.boolean().optional(),
  volumeApiWorkers: z.int().min(1).max(256).optional(),
  logs: z.boolean().optional(),
  timing: timing.optional(),
  conversation: anObjectWith<Conversation>('a conversation, as readConversation reads it', 'exchanges')
    .refine(({ exchanges }) => Array.isArray(exchanges), 'has no list of exchanges')
    .optional(),
  unrecorded: z.enum(['refuse', 'simulate']).optional(),
  backupStore: z.instanceof(SimulatedBackupStore).optional(),
  imageMemory: aPositiveNumber.optional(),
});

/**
 * Checks the options: a misspelt `release` would simulate another cloud than the one that a test is about. The result
 * has every duration in milliseconds.
 *
 * @throws InputError
 */
export const checkedOptions = (options: SimulateOptions): CheckedOptions =>
  parseArguments('simulateCloud', simulateOptions, options) as CheckedOptions;

/** Options with every duration in milliseconds. */
export interface CheckedOptions extends SimulateOptions {
  readonly tokenLife?: number | undefined;
  readonly powerSync?: number | undefined;
  readonly timing?: Partial<Timing> | undefined;
}
