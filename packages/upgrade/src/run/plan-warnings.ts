import type { HopKind } from '../path/hop-between.ts';
import type { PlanUpgradeOptions } from './plan-options.ts';
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
    ...parts.flatMap((part) => partWarnings(part, kind, schema)),
    "Debian's packages migrate databases themselves where debconf says so (nova/configure_db): say no there first.",
  ];
}

function partWarnings(
  part: UpgradePart,
  kind: HopKind,
  schema: NonNullable<PlanUpgradeOptions['schema']>,
): string[] {
  const { recipe, outage, control, oldCodeGoesOn } = part;
  const { service, rolling, migrations, tried } = recipe;
  const warnings: string[] = [];
  if (!tried) warnings.push(`The recipe of ${service} is its documentation; nobody has run it.`);
  if (control.length === 0) return warnings;
  if (outage) {
    warnings.push(`${service} is down from its stop to its restart.`);
    if (!oldCodeGoesOn) warnings.push(`The old ${service} cannot run again after its first migration.`);
    return warnings;
  }
  if (kind === 'slurp' && rolling.documented && !rolling.skipsRelease)
    warnings.push(`${service} promises to serve with old and new code at once to the next series only.`);
  if (migrations.length > 0) {
    const verdict = schema.find((one) => one.service === service)?.verdict;
    if (verdict === undefined)
      warnings.push(`Whether the old ${service} runs on the new schema was not tried: see rollingSafety.`);
    if (verdict === 'unknown')
      warnings.push(`Whether the old ${service} runs on the new schema is not known.`);
  }
  if (control.length === 1) warnings.push(`${service} runs on one host: each of its restarts is an outage.`);
  const shared = control.filter((host) => running(host, recipe.control.flat()).length > 1);
  if (recipe.control.length > 1 && shared.length > 0)
    warnings.push(
      `On ${shared.map(({ name }) => name).join(', ')} components of ${service} go on from memory between the install and their restart: they share its files.`,
    );
  return warnings;
}
