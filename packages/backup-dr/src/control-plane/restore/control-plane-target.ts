import { optionsSchema } from '@groundcrew/ground';
import { z } from 'zod';

/** The command and its arguments; no shell takes part. */
export type HostCommand = readonly [string, ...string[]];

/** Where a component runs, and how it is stopped and started there. */
export interface ComponentPlace {
  /** As in `hosts` of the implementations. */
  readonly host: string;
  /** `['systemctl', 'stop', 'nova-api']`. It must succeed also where it does not run. */
  readonly stop: HostCommand;
  /** For a cluster of Galera whose every node was lost: `['galera_new_cluster']` on the one that gets the copy. */
  readonly start: HostCommand;
  /** It ends with 0 once the component serves; asked until it does. @default it serves when `start` has ended */
  readonly ready?: HostCommand | undefined;
}

export interface DatabasePlace {
  readonly host: string;
  /** The name of the server in `order` and `components`. */
  readonly component: string;
  /** No mount point itself: it is moved aside as a whole. @default '/var/lib/mysql' */
  readonly datadir?: string | undefined;
  /** @default '/run/mysqld/mysqld.sock' */
  readonly socket?: string | undefined;
  /** `mysql:mysql`. @default the owner of the folder that is there */
  readonly owner?: string | undefined;
}

export interface DefinitionsPlace {
  readonly host: string;
  /** The name of the broker in `order` and `components`. */
  readonly component: string;
  /** @default ['rabbitmqctl'] */
  readonly command?: HostCommand | undefined;
}

export interface OvsdbPlace {
  readonly host: string;
  /** The name of the server in `order` and `components`; northd is another one, and starts later. */
  readonly component: string;
  /** @default 'unix:/run/ovn/ovnnb_db.sock' */
  readonly server?: string | undefined;
  /** @default ['ovsdb-client'] */
  readonly command?: HostCommand | undefined;
  /** The folder where what was there is kept. @default '/var/lib/ovn' */
  readonly aside?: string | undefined;
}

export interface OvnSyncPlace {
  readonly host: string;
  /** `['neutron-ovn-db-sync-util', '--config-file', …]`; the mode is added. */
  readonly command: HostCommand;
}

/** Where a control plane is restored to. Parts go by the names that they have in the point. */
export interface ControlPlaneTarget {
  /** Layers of components, those that need nothing first: `startOrder(catalogue, names)` of `@groundcrew/ha/stack`. */
  readonly order: readonly (readonly string[])[];
  readonly components: { readonly [component: string]: readonly ComponentPlace[] };
  readonly databases?: { readonly [part: string]: DatabasePlace } | undefined;
  /** @default each part goes to the host that it was read from */
  readonly files?: { readonly [part: string]: { readonly host: string } } | undefined;
  readonly definitions?: { readonly [part: string]: DefinitionsPlace } | undefined;
  readonly ovsdb?: { readonly [part: string]: OvsdbPlace } | undefined;
  /** @default no step compares OVN with Neutron */
  readonly ovn?: OvnSyncPlace | undefined;
  /** Names of the parts that come back. @default all */
  readonly only?: readonly string[] | undefined;
  /** `partial`: a point with gaps; `unproven`: a copy of databases that was not started when it was made. @default neither */
  readonly accept?: readonly ('partial' | 'unproven')[] | undefined;
}

const name = z.string().regex(/^[^\s\p{C}]{1,80}$/u, 'must be a name without blanks');
const command = z.tuple([z.string().min(1)], z.string());
export const absolutePath = z
  .string()
  .regex(/^\/[^/]/, 'must be an absolute path')
  .refine((path) => !path.includes('\0') && !path.split('/').includes('..'), 'must be a path without `..`');

/** Strict as the arguments of all planners are. */
export const controlPlaneTarget = optionsSchema<ControlPlaneTarget>({
  order: z.array(z.array(name)).min(1),
  components: z.record(
    name,
    z.array(z.strictObject({ host: name, stop: command, start: command, ready: command.optional() })).min(1),
  ),
  databases: z
    .record(
      z.string(),
      z.strictObject({
        host: name,
        component: name,
        datadir: absolutePath.optional(),
        socket: absolutePath.optional(),
        owner: z
          .string()
          .regex(/^[\w.-]+(?::[\w.-]+)?$/, 'must be `user` or `user:group`')
          .optional(),
      }),
    )
    .optional(),
  files: z.record(z.string(), z.strictObject({ host: name })).optional(),
  definitions: z
    .record(z.string(), z.strictObject({ host: name, component: name, command: command.optional() }))
    .optional(),
  ovsdb: z
    .record(
      z.string(),
      z.strictObject({
        host: name,
        component: name,
        server: z
          .string()
          .regex(/^(?:unix|tcp|ssl):\S+$/, 'must be unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT')
          .optional(),
        command: command.optional(),
        aside: absolutePath.optional(),
      }),
    )
    .optional(),
  ovn: z.strictObject({ host: name, command }).optional(),
  only: z.array(z.string()).min(1).optional(),
  accept: z.array(z.enum(['partial', 'unproven'])).optional(),
});
