import { counted, durationWords } from '@groundcrew/ground';
import { action, type Action } from '@groundcrew/runbook';
import { z } from 'zod';
import { UpgradeStepReport } from './step-report.ts';

/** What actions are given. */
export type ComponentsInput = Readonly<z.output<typeof Components>>;
export type MigrationInput = Readonly<z.output<typeof Migrated>>;
export type TrafficInput = Readonly<z.output<typeof Traffic>>;

const command = z.tuple([z.string().min(1)], z.string());
const On = z.strictObject({ host: z.string().min(1), service: z.string().min(1) });
const Components = On.extend({ components: z.array(z.string().min(1)).min(1) });
const Migrated = On.extend({
  phase: z.string().min(1),
  command,
  /** How its tool tells whether it is still to be done. */
  state: z
    .strictObject({
      command,
      done: z.array(z.int()),
      left: z.array(z.int()),
      unclear: z.array(z.int()),
    })
    .nullable(),
  /** Whether something to do is a reason to refuse, as an API serves. */
  refuseIfLeft: z.boolean(),
});

/** The way back must be known to work on the day, not only when it was planned. */
export const confirmRestore = action({
  name: 'upgrade.confirm-restore',
  title: ({ at, limitMs }) =>
    `Confirm that the backup that was proven at ${at} is not older than ${durationWords(limitMs)}`,
  input: z.strictObject({ at: z.iso.datetime(), point: z.string().nullable(), limitMs: z.int().positive() }),
  output: UpgradeStepReport,
  rollback: 'free',
});

export const setOption = action({
  name: 'upgrade.set-option',
  title: ({ host, file, section, option, value }) =>
    value === null
      ? `Take [${section}] ${option} out of ${file} on ${host}`
      : `Set [${section}] ${option} = ${value} in ${file} on ${host}`,
  input: On.extend({
    file: z.string().startsWith('/'),
    section: z.string().min(1),
    option: z.string().min(1),
    /** null takes it out. */
    value: z.string().nullable(),
  }),
  output: UpgradeStepReport,
  rollback: 'free',
});

const Traffic = On.extend({ kind: z.enum(['api', 'compute']) });

export const takeOut = action({
  name: 'upgrade.take-out',
  title: ({ host, service, kind }) =>
    kind === 'api'
      ? `Take ${service} on ${host} out of the load balancer`
      : `Drain ${host}: its servers move`,
  input: Traffic,
  output: UpgradeStepReport,
  rollback: 'free',
});

export const putBack = action({
  name: 'upgrade.put-back',
  title: ({ host, service, kind }) =>
    kind === 'api'
      ? `Put ${service} on ${host} back into the load balancer`
      : `Let servers come to ${host} again`,
  input: Traffic,
  output: UpgradeStepReport,
  rollback: 'free',
});

export const stopComponents = action({
  name: 'upgrade.stop-components',
  title: ({ host, components }) => `Stop ${components.join(', ')} on ${host}`,
  input: Components,
  output: UpgradeStepReport,
  rollback: 'free',
});

export const installPackages = action({
  name: 'upgrade.install-packages',
  title: ({ host, service, major }) =>
    `Install ${service}${major === null ? '' : ` ${major}`} on ${host}, and restart nothing yet`,
  input: Components.extend({
    /** The major version that the release has; null where it tells nothing. */
    major: z.int().positive().nullable(),
  }),
  output: UpgradeStepReport,
  rollback: 'restore',
});

/** With what it leaves the old code can go on. */
export const expandSchema = action({
  name: 'upgrade.expand-schema',
  title: ({ host, service, phase }) => `Migrate ${service}'s database on ${host}: ${phase}`,
  input: Migrated,
  output: UpgradeStepReport,
  rollback: 'restore',
});

/** With what it leaves the old code cannot go on. */
export const contractSchema = action({
  name: 'upgrade.contract-schema',
  title: ({ host, service, phase }) => `Migrate ${service}'s database on ${host} for good: ${phase}`,
  input: Migrated,
  output: UpgradeStepReport,
  rollback: 'none',
});

export const checkService = action({
  name: 'upgrade.check-service',
  title: ({ host, service }) => `Run ${service}'s own upgrade check on ${host}`,
  input: On.extend({
    /** Whether a check that could not be run lets the plan go on. */
    acceptUnknown: z.boolean(),
  }),
  output: UpgradeStepReport,
  rollback: 'free',
});

export const restartComponents = action({
  name: 'upgrade.restart-components',
  title: ({ host, components, major }) =>
    `Restart ${components.join(', ')} on ${host}${major === null ? '' : `, as ${major}`}`,
  input: Components.extend({ major: z.int().positive().nullable() }),
  output: UpgradeStepReport,
  // The new code has written by then.
  rollback: 'restore',
});

export const signalComponents = action({
  name: 'upgrade.signal-components',
  title: ({ host, components }) => `Tell ${components.join(', ')} on ${host} that all are new (SIGHUP)`,
  input: Components,
  output: UpgradeStepReport,
  rollback: 'free',
});

const Rows = On.extend({
  command,
  /** The option with which it stops after so many rows. */
  limit: z.string().min(1),
  batch: z.int().positive(),
  pauseMs: z.int().min(0),
});
export type RowsInput = Readonly<z.output<typeof Rows>>;

const atATime = ({ batch, pauseMs }: RowsInput): string =>
  `${counted(batch, 'row')} at a time, ${durationWords(pauseMs)} between`;

/** By the old release's tools: what the hop before left. The old code goes on with it. */
export const finishData = action({
  name: 'upgrade.finish-data',
  title: (rows) => `Finish ${rows.service}'s old migrations of data from ${rows.host}: ${atATime(rows)}`,
  input: Rows,
  output: UpgradeStepReport,
  rollback: 'free',
});

export const migrateData = action({
  name: 'upgrade.migrate-data',
  title: (rows) => `Migrate ${rows.service}'s data from ${rows.host}: ${atATime(rows)}`,
  input: Rows,
  output: UpgradeStepReport,
  rollback: 'none',
});

/** Every action of a plan to upgrade. */
export const upgradeActions = {
  confirmRestore,
  setOption,
  takeOut,
  putBack,
  stopComponents,
  installPackages,
  expandSchema,
  contractSchema,
  checkService,
  restartComponents,
  signalComponents,
  finishData,
  migrateData,
} as const satisfies Readonly<Record<string, Action>>;
