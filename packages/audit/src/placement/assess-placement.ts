import { type Finding, finding, unseen } from '@groundcrew/ground';
import { legalLocations, type LegalLocations } from './legal-locations.ts';
import { ask, type PlacementRule } from './rule.ts';
import { type PlacementSnapshot, placeOf } from './placement-snapshot.ts';

const SOURCE = 'placement, aggregates, servers';

/**
 * Judges where everything runs: a finding for each rule that a server breaks where it is, with where it could go instead;
 * what is not known; and one pass for each rule that all keep. Pure.
 */
export function assessPlacement(snapshot: PlacementSnapshot, rules: readonly PlacementRule[]): Finding[] {
  const standing = rules.filter((rule) => rule.standing !== false);
  const findings: Finding[] = [];
  const broken = new Set<string>();
  const told = (statement: string) => ({ statement, source: SOURCE, at: snapshot.at });
  for (const workload of snapshot.workloads) {
    // A workload that runs nowhere breaks no rule about its place.
    if (workload.nowhere === true) continue;
    const location = placeOf(workload, snapshot);
    // Looked for once, however many rules it breaks.
    let found: LegalLocations | undefined;
    const places = () => (found ??= legalLocations(workload, snapshot, rules));
    for (const rule of standing) {
      const about = {
        id: `audit.placement.${rule.id}`,
        severity: rule.severity,
        subject: { kind: 'server', id: workload.id, name: workload.name },
      } as const;
      if (location === undefined) {
        broken.add(rule.id);
        findings.push(
          finding({
            ...about,
            verdict: 'unknown',
            title: `Where ${workload.name} runs is not known`,
            because: [
              told(
                workload.host === undefined
                  ? 'its host is not shown'
                  : `${workload.host} is not among the compute hosts that were seen`,
              ),
            ],
            remedy: 'Ask as an administrator.',
          }),
        );
        continue;
      }
      const said = ask(rule, workload, location, snapshot);
      if (said === 'yes') continue;
      broken.add(rule.id);
      const failed = 'no' in said;
      findings.push(
        finding({
          ...about,
          verdict: failed ? 'fail' : 'unknown',
          title: failed
            ? `${workload.name} may not run on ${location.host}`
            : `Whether ${workload.name} may run on ${location.host} is not known`,
          because: [told(failed ? said.no : said.unknown), ...(failed ? [told(whereInstead(places()))] : [])],
          remedy: failed ? remedyOf(places()) : 'Give it its labels, and read as an administrator.',
        }),
      );
    }
  }
  return [
    ...findings,
    ...snapshot.gaps.map((gap) =>
      unseen(gap, {
        id: 'audit.placement.unseen',
        title: `Not seen: ${gap.what}`,
        severity: 'medium',
        at: snapshot.at,
      }),
    ),
    ...standing
      .filter((rule) => !broken.has(rule.id))
      .map((rule) => {
        const sure = snapshot.gaps.length === 0 && snapshot.workloads.length > 0;
        return finding({
          id: `audit.placement.${rule.id}`,
          verdict: sure ? 'pass' : 'unknown',
          severity: rule.severity,
          title: rule.title,
          subject: { kind: 'cloud', id: 'placement' },
          because: [told(`kept by all of ${snapshot.workloads.length} servers that were seen`)],
          remedy: sure ? undefined : 'See what is missing.',
        });
      }),
  ];
}

function whereInstead({ legal, nearest, unknown }: LegalLocations): string {
  const [first] = legal;
  if (first !== undefined)
    return `it may run on ${legal
      .slice(0, 3)
      .map(({ location, cost }) => `${location.host} (${cost.method})`)
      .join(', ')}`;
  const more = unknown.length > 0 ? `; of ${unknown.length} places it is not known` : '';
  return `there is nowhere that it may run${more}; nearest: ${nearest.join(' | ') || 'nothing'}`;
}

function remedyOf({ legal: [first], unknown: [maybe] }: LegalLocations): string {
  if (first !== undefined) return `Move it to ${first.location.host}: ${first.cost.method}.`;
  return maybe === undefined
    ? 'Make room where it may run, or change what it must have; until then its owner must know.'
    : `Move it to ${maybe.location.host}: ${maybe.cost.method}. But find out first: ${maybe.because.map(({ why }) => why).join('; ')}.`;
}
