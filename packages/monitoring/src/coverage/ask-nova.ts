import type { ReadOptions } from '@groundcrew/ground';
import { type Cloud, gapOf } from '@groundcrew/core';
import { answered, type Asking, nothingSeen, type WayAnswer } from './asking.ts';
import { Sightings } from './seen.ts';
import type { NovaWay } from './ways.ts';

/**
 * Asks Nova's log of its usage audits which hosts have told of their servers at the end of the last whole period. The period is
 * nova-api's, an hour, a month or what its configuration says; that of nova-compute should be the same.
 */
export async function askNova(
  cloud: Cloud,
  asked: readonly Asking<NovaWay>[],
  { signal }: ReadOptions,
): Promise<readonly WayAnswer[]> {
  const at = new Date(cloud.clock.now()).toISOString();
  const source = 'compute os-instance_usage_audit_log';
  const answers: WayAnswer[] = [];
  for (const asking of asked) {
    const sightings = new Sightings(asking.things);
    try {
      const { log, period_ending } = await cloud.compute.instanceUsageAuditLogs.get({}, { signal });
      const ended = Date.parse(period_ending);
      for (const thing of asking.things) {
        const { host } = thing;
        if (host === undefined) sightings.untold(thing, 'Nova does not tell which host it is on');
        else if (log[host]?.state === 'RUNNING')
          sightings.untold(thing, `the audit of ${host} is still running`);
        else if (log[host]?.state === 'DONE') sightings.add(thing, host, { at: ended, isFresh: true });
      }
      answers.push(answered(asking, sightings.seen, { at, source }));
    } catch (error) {
      answers.push(answered(asking, nothingSeen, { at, source, gaps: [gapOf(source, error)] }));
    }
  }
  return answers;
}
