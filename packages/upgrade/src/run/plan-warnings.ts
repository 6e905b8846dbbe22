import type { HopKind } from '../path/hop-between.ts';
import type { PlanUpgradeOptions } from './plan-options.ts';
import { THREADS_VARIABLE, unreadThreads } from './restart-or-signal.ts';
import { running } from './step-writer.ts';
import type { UpgradePart } from './upgrade-parts.ts';

/** What whoever approves the plan must know, and no step says. */
export function warningsOf(
  parts: readonly UpgradePart[],
  { kind, options }: { readonly kind: HopKind; readonly options: PlanUpgradeOptions },
): string[] {
  const { schema = [], checks } = options;
  return [
    ...(checks === undefined ? ["Nobody has run the services' own checks: see observeUpgradeChecks."] : []),
    ...(checks ?? [])
      .filter(({ verdict }) => verdict === 'unknown')
      .map(({ title }) => `Not known: ${title}`),
    ...listed(
      parts.filter(
        ({ recipe: { rolling } }) => kind === 'slurp' && rolling.documented && !rolling.skipsRelease,
      ),
      (names) =>
        `Nothing upstream promises that old and new code serve at once over a skipped series: ${names}.`,
    ),
    ...listed(
      parts.filter(
        ({ recipe }) =>
          recipe.migrations.length > 0 && !schema.some(({ service }) => service === recipe.service),
      ),
      (names) => `Whether the old code runs on the new schema was not tried (see rollingSafety): ${names}.`,
    ),
    ...parts.flatMap((part) => partWarnings(part, schema)),
    ...parts.flatMap((part) => threadWarnings(part, options)),
    "Debian's packages migrate databases themselves where debconf says so (nova/configure_db): say no there first.",
  ];
}

function threadWarnings(part: UpgradePart, { topology }: PlanUpgradeOptions): string[] {
  // Who was down while all was replaced is told nothing.
  const names = part.outage && part.data.length === 0 ? [] : unreadThreads(part, topology);
  if (names.length === 0) return [];
  return [
    `${names.join(', ')} are sent SIGHUP, which takes them away for minutes where ${THREADS_VARIABLE} gives them threads; nobody has looked whether it does (see observeThreads).`,
  ];
}

/** One line for all services that it is said of, which roll. */
function listed(parts: readonly UpgradePart[], say: (names: string) => string): string[] {
  const names = parts.filter(({ outage, control }) => !outage && control.length > 0);
  return names.length === 0 ? [] : [say(names.map(({ recipe }) => recipe.service).join(', '))];
}

function partWarnings(part: UpgradePart, schema: NonNullable<PlanUpgradeOptions['schema']>): string[] {
  const { recipe, outage, control, oldCodeGoesOn, major } = part;
  const { service, tried, slowToEnd } = recipe;
  const warnings: string[] = [];
  if (slowToEnd !== undefined && (major ?? 0) >= slowToEnd.major) warnings.push(slowToEnd.warning);
  if (!tried) warnings.push(`The recipe of ${service} is its documentation; nobody has run it.`);
  if (control.length === 0) return warnings;
  if (outage) {
    warnings.push(`${service} is down from its stop to its restart.`);
    if (!oldCodeGoesOn) warnings.push(`The old ${service} cannot run again after its first migration.`);
    return warnings;
  }
  if (schema.find((one) => one.service === service)?.verdict === 'unknown')
    warnings.push(`Whether the old ${service} runs on the new schema is not known.`);
  if (recipe.whileMixed !== undefined) warnings.push(recipe.whileMixed);
  if (control.length === 1) warnings.push(`${service} runs on one host: each of its restarts is an outage.`);
  const shared = control.filter((host) => running(host, recipe.control.flat()).length > 1);
  if (recipe.control.length > 1 && shared.length > 0)
    warnings.push(
      `On ${shared.map(({ name }) => name).join(', ')} components of ${service} go on from memory between the install and their restart: they share its files.`,
    );
  return warnings;
}
