import { z } from 'zod';

/** `warning`: somebody has to look, and the upgrade may be all right. `failure`: it stops the upgrade (oslo.upgradecheck, `Code`). */
export type UpgradeCheckResult = 'success' | 'warning' | 'failure';

export interface UpgradeCheck {
  /** As the service calls it: `Cells v2`. */
  readonly check: string;
  readonly result: UpgradeCheckResult;
  readonly details: string | undefined;
}

const RESULTS: readonly UpgradeCheckResult[] = ['success', 'warning', 'failure'];

/** `print(json.dumps(output))` of `UpgradeCommands.check` (oslo_upgradecheck/upgradecheck.py). */
const output = z.object({
  name: z.string(),
  checks: z.array(
    z.object({
      check: z.string(),
      result: z.int().min(0).max(2),
      details: z.string().nullable(),
    }),
  ),
});

/**
 * Reads what `nova-status upgrade check` and its like print: JSON where `--json` was taken, or the table. Whatever is printed before
 * it is passed over.
 *
 * @returns `undefined` if it is neither; a list without checks if it is one of nothing
 * @example
 * readUpgradeCheck(stdout); // [{ check: 'Cells v2', result: 'success', details: undefined }, …]
 */
export const readUpgradeCheck = (text: string): UpgradeCheck[] | undefined => ofJson(text) ?? ofTable(text);

function ofJson(text: string): UpgradeCheck[] | undefined {
  // It is one line; warnings of libraries come before it.
  const line = text.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  return output.safeParse(parsed).data?.checks.map(({ check, result, details }) => ({
    check,
    result: RESULTS[result] ?? 'failure',
    details: details === null || details === '' ? undefined : details,
  }));
}

const RULE = /^\+-+\+$/;
const ROW = /^\| (.*?) *\|$/;
const TITLE = 'Upgrade Check Results';

/**
 * The table of PrettyTable: a title, and a cell for each check between two rules. Its lines are told by their place, since the words
 * of a check may say anything.
 */
function ofTable(text: string): UpgradeCheck[] | undefined {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const title = lines.findIndex((line) => ROW.exec(line)?.[1] === TITLE);
  if (title === -1) return undefined;
  const checks: UpgradeCheck[] = [];
  let cell: string[] = [];
  for (const line of lines.slice(title + 1)) {
    const row = ROW.exec(line)?.[1];
    if (row !== undefined) {
      cell.push(row);
      continue;
    }
    if (!RULE.test(line)) break;
    if (cell.length > 0) {
      const check = ofCell(cell);
      if (check === undefined) return undefined;
      checks.push(check);
    }
    cell = [];
  }
  // A table that was cut off says less than it was going to.
  return cell.length === 0 ? checks : undefined;
}

function ofCell([name = '', result = '', ...details]: readonly string[]): UpgradeCheck | undefined {
  const check = /^Check: (.+)$/.exec(name)?.[1];
  const known = RESULTS.find((one) => result.toLowerCase() === `result: ${one}`);
  const [first = '', ...more] = details;
  const begun = /^Details: ?(.*)$/.exec(first)?.[1];
  if (check === undefined || known === undefined || begun === undefined) return undefined;
  const said = [begun, ...more.map((line) => line.trim())].join(' ').trim();
  return { check, result: known, details: said === '' || said === 'None' ? undefined : said };
}
