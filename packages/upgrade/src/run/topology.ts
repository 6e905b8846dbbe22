import { optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';

/** A host, and what of OpenStack runs on it. */
export interface TopologyHost {
  /** As `upgradeImplementations` is given it: `ctl-1`. */
  readonly name: string;
  /** Components by the names of their programs: `nova-api`, `neutron-l3-agent`, `keystone`, `placement-api`. */
  readonly runs: readonly string[];
  /**
   * Of those of Nova, which are given native threads by `OS_NOVA_DISABLE_EVENTLET_PATCHING`, whatever their release does by itself:
   * `observeThreads` reads it. They are restarted where others are sent SIGHUP.
   *
   * @default not known: what its release does by itself, with a warning where the variable may say otherwise
   */
  readonly threads?: readonly string[] | undefined;
}

/** What there is to be upgraded: data of the caller, from an inventory. */
export interface UpgradeTopology {
  /** In the order in which they are upgraded. */
  readonly hosts: readonly TopologyHost[];
  /** Nova's cells beside cell0. @default 1 */
  readonly cells?: number | undefined;
}

const aName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/, 'must be a plain name: ctl-1');

const aHost = z
  .strictObject({
    name: aName,
    runs: z.array(aName).min(1),
    threads: z.array(aName).optional(),
  })
  .refine(
    ({ runs, threads = [] }) => threads.every((name) => runs.includes(name)),
    'threads names a component that does not run there',
  );

export const topologySchema = optionsSchema<UpgradeTopology>({
  hosts: z
    .array(aHost)
    .min(1)
    .refine(
      (hosts) => new Set(hosts.map(({ name }) => name)).size === hosts.length,
      'two hosts have the same name',
    ),
  cells: z.int().min(1).optional(),
});

/** The hosts that run one of some components, in their order. */
export const hostsRunning = (
  { hosts }: UpgradeTopology,
  components: readonly string[],
): readonly TopologyHost[] => hosts.filter(({ runs }) => runs.some((name) => components.includes(name)));
