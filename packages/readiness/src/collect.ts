import { z } from 'zod';
import {
  aFunction,
  aSignal,
  type Finding,
  InputError,
  optionsSchema,
  parseArguments,
  unseen,
} from '@groundcrew/ground';
import * as audit from '@groundcrew/audit/security-groups';
import * as backupDr from '@groundcrew/backup-dr';
import { type Cloud, type Gap, isGroundcrewError } from '@groundcrew/core';
import * as ha from '@groundcrew/ha';
import { Templates } from '@groundcrew/logging-levels/templates';
import * as monitoring from '@groundcrew/monitoring';
import {
  aCoverageQuestion,
  assessCoverage,
  type CoverageQuestion,
  observeCoverage,
} from '@groundcrew/monitoring/coverage';
import * as upgrade from '@groundcrew/upgrade';
import { askLogs, type LogQuestion } from './ask-logs.ts';
import { type CollectProgress, CollectSteps } from './progress.ts';
import type { QuestionId } from './questions.ts';
import { compose, type FindingsByQuestion, type Report } from './report.ts';

export interface CollectOptions extends LogQuestion {
  /** The name of the cloud in the report. @default its name in `clouds.yaml` */
  readonly name?: string | undefined;
  /** The ledger that knows how long servers were up, and what was promised. @default how long they were up is unknown */
  readonly uptime?: monitoring.UptimeTargetOptions | undefined;
  /**
   * Asks what of the cloud is measured, figure by figure: `{}` asks Gnocchi and Nova's own log, `{ prometheus }` that as well.
   * @default it is not asked
   */
  readonly coverage?: CoverageQuestion | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when reading begins, and whenever a part of it has ended: enough for a progress bar. */
  readonly onProgress?: ((progress: CollectProgress) => void) | undefined;
  /** Called when a question has its answer. */
  readonly onAnswer?: ((id: QuestionId) => void) | undefined;
}

const collectOptions = optionsSchema<CollectOptions>({
  name: z.string().min(1).optional(),
  logs: z.string().min(1).optional(),
  templates: z.instanceof(Templates).optional(),
  templatesBefore: z.instanceof(Templates).optional(),
  levels: z.string().min(1).optional(),
  uptime: monitoring.anUptimeTarget.optional(),
  coverage: aCoverageQuestion.optional(),
  signal: aSignal.optional(),
  onProgress: aFunction.optional(),
  onAnswer: aFunction.optional(),
});

/**
 * Asks a cloud every question. Whatever fails becomes `unknown` with its reason: the report is complete in form
 * whoever asks. Only a cloud that does not let the user in at all is an error.
 *
 * @throws InputError on an option that there is not; AuthError, ConfigError, ConnectionError, … if no token can be had
 * @example const report = await collect(connect({ cloud: 'prod' }), { logs: '/var/log/nova' });
 */
export async function collect(cloud: Cloud, options: CollectOptions = {}): Promise<Report> {
  parseArguments('collect', collectOptions, options);
  const { signal, logs, templates, templatesBefore, levels, uptime, coverage } = options;
  if (logs === undefined && (templates ?? templatesBefore) !== undefined)
    throw new InputError('collect: logs: is needed: templates are counted of logs', {
      field: 'logs',
      operation: 'collect',
    });
  const token = await cloud.token({ signal });
  const subject = {
    cloud: options.name ?? cloud.name,
    region: cloud.region,
    user: token?.user?.name ?? token?.user?.id,
    scope: scopeWords(token),
    // A cloud that wants no token (`none`) is asked as nobody, who has no role.
    roles: token?.roles.map((role) => role.name) ?? [],
    at: new Date(cloud.clock.now()).toISOString(),
  };
  const steps = new CollectSteps(options.onProgress);
  const inventory = await monitoring.readInventory(cloud, { signal, onRead: (part) => steps.end(part) });
  const read = { signal, inventory };
  const now = cloud.clock.now();
  /** Some questions have several parts, of which each is asked on its own. */
  const asked: Record<QuestionId, Asking | readonly Asking[]> = {
    upgrade: async () => upgrade.assess(await upgrade.observe(cloud, { signal }), { now }),
    ha: async () => ha.assess(await ha.observe(cloud, read)),
    'backup-dr': async () => backupDr.assess(await backupDr.observe(cloud, read), { now }),
    monitoring: [
      async () => monitoring.assess(await monitoring.observe(cloud, { ...read, uptime })),
      async () =>
        coverage === undefined ? [] : assessCoverage(await observeCoverage(cloud, { ...coverage, ...read })),
    ],
    audit: async () => audit.assessSecurityGroups(await audit.observeSecurityGroups(cloud, read)),
    'logging-levels': askLogs({ logs, templates, templatesBefore, levels }, { now, signal }),
  };
  const entries = await Promise.all(
    Object.entries(asked).map(async ([id, asks]): Promise<[string, Finding[]]> => {
      const parts = [asks].flat().map((ask) => answered(id as QuestionId, ask, { at: subject.at, signal }));
      const findings = (await Promise.all(parts)).flat();
      steps.end(id as QuestionId);
      options.onAnswer?.(id as QuestionId);
      return [id, findings];
    }),
  );
  return compose(subject, Object.fromEntries(entries) as FindingsByQuestion);
}

type Asking = () => Promise<Finding[]>;

/**
 * A question, or a part of one, whose reading fails as a whole is unknown; the others are not its victims. That goes for a fault
 * of our own as well: what a service answered made a package stumble, and a report that says so is worth more than none.
 */
async function answered(
  id: QuestionId,
  ask: Asking,
  { at, signal }: { readonly at: string; readonly signal: AbortSignal | undefined },
): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    // Whoever gave up wants no report.
    signal?.throwIfAborted();
    return [
      unseen(gapOf(id, error), {
        id: `${id}.failed`,
        title: 'This question could not be asked',
        severity: 'high',
        at,
      }),
    ];
  }
}

function gapOf(what: QuestionId, error: unknown): Pick<Gap, 'what' | 'why' | 'remedy'> {
  if (isGroundcrewError(error)) return { what, why: error.message, remedy: error.remedy };
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  return {
    what,
    why: `${name}: ${message}`,
    remedy: `This is a fault of \`@groundcrew/${what}\`: please report it, with what the services answered.`,
  };
}

type Token = Awaited<ReturnType<Cloud['token']>>;

function scopeWords(token: Token): string {
  if (token?.system !== undefined) return 'the whole system';
  if (token?.project !== undefined) return `project ${token.project.name ?? token.project.id}`;
  if (token?.domain !== undefined) return `domain ${token.domain.name ?? token.domain.id ?? ''}`;
  return 'no scope';
}
