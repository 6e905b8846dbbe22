import { action } from '@groundcrew/runbook';
import { z } from 'zod';
import { absolutePath } from './control-plane-target.ts';

const text = z.string().min(1);
const command = z.tuple([text], z.string());

const Component = z.strictObject({
  component: text,
  host: text,
  stop: command,
  start: command,
  ready: command.nullable(),
});
export type ComponentInput = Readonly<z.output<typeof Component>>;

/** A stream of a point, and the host to which it goes. */
const Stored = z.strictObject({ point: text, part: text, stream: text, host: text });
export type StoredInput = Readonly<z.output<typeof Stored>>;

/** Stops a component: what writes while its databases are exchanged is lost, or ruins them. */
export const stopComponent = action({
  name: 'backup-dr.stop-component',
  title: ({ component, host }) => `Stop ${component} on ${host}`,
  input: Component,
  output: z.object({}),
  rollback: 'free',
});

/** Starts a component, and waits until it serves. */
export const startComponent = action({
  name: 'backup-dr.start-component',
  title: ({ component, host }) => `Start ${component} on ${host}`,
  input: Component,
  output: z.object({}),
  rollback: 'free',
});

/** Puts a copy of all databases in the place of what is there, which is moved aside. */
export const restoreDatabase = action({
  name: 'backup-dr.restore-database',
  title: ({ part, host, datadir }) =>
    `Put the databases of ${part} into ${datadir} of ${host}; what is there is moved aside`,
  input: Stored.extend({ datadir: absolutePath, socket: absolutePath, owner: z.string().nullable() }),
  output: z.object({
    /** What was there before; null: nothing was. */
    aside: z.string().nullable(),
  }),
  rollback: 'free',
});

/** Compares the tables of a server that runs with those of the copy. */
export const checkDatabase = action({
  name: 'backup-dr.check-database',
  title: ({ part, host, checksums }) =>
    `Compare ${Object.keys(checksums).length} tables of ${part} on ${host} with the copy`,
  input: z.strictObject({
    part: text,
    host: text,
    socket: absolutePath,
    /** `CHECKSUM TABLE`, by `database.table`. */
    checksums: z.record(z.string(), z.string()),
  }),
  output: z.object({ tables: z.int() }),
  rollback: 'free',
});

/** Puts folders and files in the place of what is there, which is moved aside. */
export const restoreFiles = action({
  name: 'backup-dr.restore-files',
  title: ({ paths, host }) => `Put ${paths.join(', ')} of ${host} back; what is there is moved aside`,
  input: Stored.extend({ paths: z.array(absolutePath).min(1) }),
  output: z.object({ aside: z.array(z.string()) }),
  rollback: 'free',
});

/** Tells a broker its virtual hosts, users, permissions and policies. What it has beyond them stays. */
export const importDefinitions = action({
  name: 'backup-dr.import-definitions',
  title: ({ part, host }) => `Import the definitions of ${part} on ${host}`,
  input: Stored.extend({ command }),
  output: z.object({}),
  rollback: 'none',
});

/** Puts a snapshot into an OVSDB server that runs; what was there is kept in a file. */
export const restoreOvsdb = action({
  name: 'backup-dr.restore-ovsdb',
  title: ({ database, host, aside }) =>
    `Put the snapshot into ${database} on ${host}; what is there goes into a file of ${aside}`,
  input: Stored.extend({
    database: text,
    server: text,
    command,
    /** The folder of that file. */
    aside: absolutePath,
    /** By table; null: they were not counted. */
    rows: z.record(z.string(), z.int()).nullable(),
  }),
  output: z.object({ aside: z.string() }),
  rollback: 'free',
});

/** Compares OVN with Neutron, or makes it the same. */
export const syncOvn = action({
  name: 'backup-dr.sync-ovn',
  title: ({ host, mode }) =>
    mode === 'log'
      ? `Compare OVN with Neutron on ${host}, and change nothing`
      : `Make OVN what Neutron says, on ${host}`,
  input: z.strictObject({ host: text, command, mode: z.enum(['log', 'repair']) }),
  output: z.object({
    /** Lines of its log at WARNING: the differences, and what else it warned of. */
    warnings: z.int(),
    /** The last ones. */
    last: z.array(z.string()),
  }),
  rollback: 'none',
});
