import { type Finding, finding } from '@groundcrew/ground';
import { type GuideCheck, securityGuide } from './checks.ts';
import type { GuideFacts } from './facts.ts';

/**
 * Judges what was read of a host by the checks of the Security Guide: one finding for each check, 55 in all. What files
 * cannot prove is `unknown`, and names the policies that can; so is a service whose configuration is not on this host.
 */
export const judgeGuide = (facts: GuideFacts): Finding[] =>
  securityGuide.map((check) => judged(check, facts));

function judged(check: GuideCheck, all: GuideFacts): Finding {
  const { id, severity, title, service, judge, policies = [], note } = check;
  const facts = all.get(service);
  const told = policies.length === 0 ? [] : [`see ${policies.join(', ')}`];
  const { verdict, because } =
    judge === undefined
      ? { verdict: 'unknown' as const, because: ['no file of the service proves it', ...told] }
      : facts === undefined
        ? { verdict: 'unknown' as const, because: [`the configuration of ${service} was not read`] }
        : judge(facts, all);
  const source = facts === undefined ? 'Security Guide' : `${facts.host}:${facts.directory.path}`;
  const said = verdict !== 'pass' && note !== undefined ? [...because, note] : because;
  return finding({
    id,
    verdict,
    severity,
    title,
    subject: { kind: 'configuration', id: source, name: service },
    because: said.map((statement) => ({ statement, source })),
    remedy:
      verdict === 'pass'
        ? undefined
        : verdict === 'fail'
          ? `Change it as ${id} of the OpenStack Security Guide says, and restart the service.`
          : judge === undefined
            ? (told[0] ?? 'Nothing is to be done.')
            : 'Read it on a host of that service, as a user who may.',
  });
}
