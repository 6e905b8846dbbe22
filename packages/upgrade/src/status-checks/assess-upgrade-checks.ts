import type { Observed } from '@groundcrew/core';
import { finding, type Finding, unseen } from '@groundcrew/ground';
import type { UpgradeCheckReport } from './observe-upgrade-checks.ts';
import type { UpgradeCheck } from './read-upgrade-check.ts';

/**
 * Makes findings of what services' own upgrade checks said: a failure stops the upgrade; a warning is for a person to look at, who
 * alone can tell whether it matters here, and so an `unknown`. Checks that could not be run are unknown, too.
 *
 * @example findings.push(...assessUpgradeChecks(await observeUpgradeChecks(targets)));
 */
export function assessUpgradeChecks({ value, gaps, at }: Observed<readonly UpgradeCheckReport[]>): Finding[] {
  return [
    ...value.flatMap((report) => report.checks.map((check) => checkFinding(report, check, at))),
    ...gaps.map((gap) =>
      unseen(gap, { id: 'upgrade.checks-unseen', title: `Not run: ${gap.what}`, severity: 'high', at }),
    ),
  ];
}

const VERDICTS = { success: 'pass', warning: 'unknown', failure: 'fail' } as const;
const SEVERITIES = { success: 'high', warning: 'medium', failure: 'high' } as const;
const SAYS = { success: 'passes', warning: 'warns', failure: 'fails' } as const;

const checkFinding = (
  { service, host }: UpgradeCheckReport,
  { check, result, details }: UpgradeCheck,
  at: string,
): Finding =>
  finding({
    id: 'upgrade.status-check',
    verdict: VERDICTS[result],
    severity: SEVERITIES[result],
    title: `${service}'s upgrade check ${SAYS[result]}: ${check}`,
    subject: { kind: 'service', id: service },
    because: [
      {
        statement: `${check}: ${result}${details === undefined ? '' : `: ${details}`}`,
        source: `${service}-status on ${host}`,
        at,
      },
    ],
    remedy: result === 'success' ? undefined : (details ?? 'See the documentation of the check.'),
  });
