import { durationWords, milliseconds } from '@groundcrew/ground';
import { hopBetween } from '../path/hop-between.ts';
import { type Series, series, statusOn, title } from '../series.ts';
import type { PlanUpgradeOptions } from './plan-options.ts';
import { recipes } from './recipes.ts';
import type { UpgradeRefusal } from './refusals.ts';
import { strangersIn, type UpgradePart } from './upgrade-parts.ts';

/** Why there is no plan at all for this hop. */
export function hopRefusals(
  { from, to }: { readonly from: Series; readonly to: Series },
  { now, found }: PlanUpgradeOptions,
): UpgradeRefusal[] {
  const answer = hopBetween(from, to);
  if (!answer.ok)
    return [{ code: 'not-a-hop', reason: answer.refusal.reason, remedy: answer.refusal.remedy }];
  const status = statusOn(to, now.slice(0, 10));
  if (status === 'development' || status === 'future')
    return [
      {
        code: 'not-a-hop',
        reason: `${title(to)} is not released on ${now.slice(0, 10)}: ${status}`,
        remedy: 'Take a released series.',
      },
    ];
  if (found === undefined || found.candidates.includes(from.name)) return [];
  return [
    {
      code: 'release-differs',
      reason: `the hop begins at ${title(from)}, and the cloud was found to be ${found.verdict}: ${found.because.join('; ')}`,
      remedy:
        'Ask planPath for the hops from what was found. A mixed cloud goes on with the plan that was begun.',
    },
  ];
}

/** Whether a series of that name is known; what comes from a file is not the table's own row. */
export const rowOf = ({ name }: Pick<Series, 'name'>): Series | undefined =>
  series.find((row) => row.name === name);

/** Why not everything in the topology can be upgraded as it is asked. */
export function partRefusals(parts: readonly UpgradePart[], options: PlanUpgradeOptions): UpgradeRefusal[] {
  return [
    ...unknownServices(options),
    ...parts.flatMap((part) => [
      ...controlRefusals(part),
      ...cellRefusals(part, options),
      ...roomRefusals(part, options),
      ...rollRefusals(part, options),
    ]),
    ...checkRefusals(options),
    ...proofRefusals(options),
  ];
}

function unknownServices(options: PlanUpgradeOptions): UpgradeRefusal[] {
  const { services = [], outage = [], acceptUnknownChecks = [] } = options;
  const known = recipes.map(({ service }) => service);
  const remedy = `There are recipes of ${known.join(', ')}.`;
  const named = [...services, ...outage, ...acceptUnknownChecks].filter((name) => !known.includes(name));
  return [
    ...strangersIn(options).map((name) => ({
      code: 'unknown-service' as const,
      reason: `no recipe knows ${name}, which runs in the topology`,
      remedy: `Leave it out, and upgrade it by its own guide. ${remedy}`,
    })),
    ...[...new Set(named)].map((name) => ({
      code: 'unknown-service' as const,
      reason: `there is no recipe of ${name}`,
      remedy,
    })),
  ];
}

function controlRefusals({ recipe, control }: UpgradePart): UpgradeRefusal[] {
  if (control.length > 0 || recipe.migrations.length === 0) return [];
  return [
    {
      code: 'no-control-host',
      reason: `no host runs ${recipe.control.flat().join(' or ')}, whose tools migrate ${recipe.service}'s database`,
      remedy: 'Put the hosts of its control plane into the topology.',
    },
  ];
}

function cellRefusals(
  { recipe }: UpgradePart,
  { topology: { cells = 1 } }: PlanUpgradeOptions,
): UpgradeRefusal[] {
  if (recipe.service !== 'nova' || cells === 1) return [];
  return [
    {
      code: 'multi-cell',
      reason: `Nova has ${cells} cells; its documentation says that the procedure for several is not yet determined`,
      remedy: 'Upgrade Nova by hand, with the services of all cells down, and leave it out by `services`.',
    },
  ];
}

function roomRefusals(
  { recipe, data }: UpgradePart,
  { drain = [], wave = 1 }: PlanUpgradeOptions,
): UpgradeRefusal[] {
  if (recipe.service !== 'nova' || !drain.includes('compute') || data.length === 0 || data.length > wave)
    return [];
  return [
    {
      code: 'no-room',
      reason: `a wave of ${wave} would drain all ${data.length} computes at once`,
      remedy: 'Take smaller waves, or upgrade computes under their servers: leave `compute` out of `drain`.',
    },
  ];
}

function rollRefusals(part: UpgradePart, { schema = [] }: PlanUpgradeOptions): UpgradeRefusal[] {
  const { recipe, outage, control } = part;
  const { service, rolling } = recipe;
  if (outage || control.length === 0) return [];
  const remedy = `Choose a short outage of ${service} alone: \`outage: ['${service}']\`.`;
  if (!rolling.documented)
    return [
      {
        code: 'no-rolling-procedure',
        reason: `${service} is not upgraded while it serves: ${rolling.because}`,
        remedy,
      },
    ];
  const safety = schema.find((one) => one.service === service);
  if (safety?.verdict !== 'fail') return [];
  return [
    {
      code: 'schema-not-rolling',
      reason: `the old ${service} cannot run on the new schema: ${safety.conflicts.map(({ because }) => because).join('; ')}`,
      remedy,
    },
  ];
}

const checkRefusals = ({ checks = [] }: PlanUpgradeOptions): UpgradeRefusal[] =>
  checks
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ title: failed, remedy, subject, because }) => ({
      code: 'check-failed' as const,
      reason: failed,
      remedy: remedy ?? 'Mend it, and check again.',
      subject,
      because,
    }));

function proofRefusals({ proof, proofLimit = '24h', now }: PlanUpgradeOptions): UpgradeRefusal[] {
  const limit = durationWords(proofLimit);
  const remedy = `Restore a backup of the databases somewhere, and give the proof of it, not older than ${limit}.`;
  if (proof === undefined)
    return [{ code: 'no-proof', reason: 'nothing shows that the databases can be restored', remedy }];
  const age = Date.parse(now) - Date.parse(proof.at);
  if (age < 0)
    return [{ code: 'no-proof', reason: `the proof is of ${proof.at}, which is after ${now}`, remedy }];
  if (age <= milliseconds(proofLimit)) return [];
  return [
    {
      code: 'no-proof',
      reason: `the proof of ${proof.at} is ${durationWords(age)} old, more than ${limit}`,
      remedy,
    },
  ];
}
