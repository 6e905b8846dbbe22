import { finding, type Finding } from '@groundcrew/ground';
import type { Protection } from './protection-of.ts';

/**
 * Makes a finding of how a project stands to what was promised of it.
 *
 * @example findings.push(assessProtection(protectionOf(policy, inputs)));
 */
export function assessProtection({ project, newest, verdict, because }: Protection): Finding {
  return finding({
    id: 'backup-dr.protection',
    verdict,
    severity: newest === undefined ? 'high' : 'medium',
    title: TITLES[verdict](project),
    subject: { kind: 'project', id: project },
    because: because.map((statement) => ({ statement, source: 'repository and ledger of proofs' })),
    remedy:
      verdict === 'pass'
        ? undefined
        : 'Store a point (planBackup), read it back (verifyPoint), and restore one.',
  });
}

const TITLES = {
  pass: (project: string) => `${project} can be restored as promised`,
  fail: (project: string) => `${project} cannot be restored as promised`,
  unknown: (project: string) => `Whether ${project} can be restored as promised is not known`,
} as const;
