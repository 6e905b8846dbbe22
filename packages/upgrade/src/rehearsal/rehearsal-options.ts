import { aClock, aFunction, anObjectWith, aSignal, type Clock, optionsSchema } from '@groundcrew/ground';
import type { Host, Revealable } from '@groundcrew/runbook';
import { z } from 'zod';
import type { UpgradeCommand } from '../run/recipe.ts';
import { type RehearsedService, SERVICE_DATABASES } from './rehearsed-services.ts';

export interface RehearsalOptions {
  /** The machine with the new release's tools, and with clients of the database server. */
  readonly host: Pick<Host, 'run' | 'name' | 'upload'>;
  readonly services: readonly RehearsedService[];
  /** Names of databases by service and role: `{ nova: { main: 'nova_cell1', api: 'nova_api', cell0: 'nova_cell0' } }`. @default upstream's */
  readonly databases?:
    | { readonly [service in RehearsedService]?: { readonly [role: string]: string } }
    | undefined;
  /** The client, with what it needs to reach the server that has the originals. @default ['mariadb'] */
  readonly client?: UpgradeCommand | undefined;
  /** @default ['mariadb-dump'] */
  readonly dump?: UpgradeCommand | undefined;
  /** The client of the server that gets the copies: one beside the cloud, if there is one. @default that of the originals */
  readonly into?: UpgradeCommand | undefined;
  /** How the services' tools reach a copy: `(database) => `mysql+pymysql://rehearsal:…@db/${database}``. Its account should have rights on copies only. */
  readonly url: (database: string) => string | Revealable;
  /** What the names of copies begin with. @default 'rehearsal_' */
  readonly prefix?: string | undefined;
  /** Files of a service's configuration. @default `/etc/SERVICE/SERVICE.conf`, and of Glance `glance-api.conf` */
  readonly config?: { readonly [service in RehearsedService]?: readonly string[] } | undefined;
  /** Puts a tool's command where the new release's code is: into a container, a chroot. @default as it is */
  readonly rewrite?: ((command: UpgradeCommand, service: RehearsedService) => UpgradeCommand) | undefined;
  /** The user of a service's tools. @default who one is */
  readonly users?: { readonly [service in RehearsedService]?: string } | undefined;
  /** Rows of online migrations at a time. @default 1000 */
  readonly batch?: number | undefined;
  /** Whether the copies stay, to be looked at. @default false */
  readonly keep?: boolean | undefined;
  /** @default the machine's */
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
}

const services = Object.keys(SERVICE_DATABASES) as [RehearsedService, ...RehearsedService[]];
const aService = z.enum(services);
const aDatabase = z.string().regex(/^\w{1,48}$/, 'must be the name of a database');
const command = z.tuple([z.string().min(1)], z.string());
const byService = <T extends z.ZodType>(value: T) => z.partialRecord(aService, value);

export const rehearsalOptions = optionsSchema<RehearsalOptions>({
  host: anObjectWith<RehearsalOptions['host']>('a Host', 'run', 'name', 'upload'),
  services: z.array(aService).min(1),
  databases: byService(z.partialRecord(z.enum(['main', 'api', 'cell0']), aDatabase)).optional(),
  client: command.optional(),
  dump: command.optional(),
  into: command.optional(),
  url: aFunction,
  prefix: z
    .string()
    .regex(/^[A-Za-z]\w{2,15}$/, 'must be a short name of letters, digits and `_`')
    .optional(),
  config: byService(z.array(z.string().startsWith('/', 'must be an absolute path')).min(1)).optional(),
  rewrite: aFunction.optional(),
  users: byService(z.string().min(1)).optional(),
  batch: z.int().min(1).optional(),
  keep: z.boolean().optional(),
  clock: aClock.optional(),
  signal: aSignal.optional(),
});
