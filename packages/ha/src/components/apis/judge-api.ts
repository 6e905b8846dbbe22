import { counted } from '@groundcrew/ground';
import type { Finding, Refusal } from '@groundcrew/runbook';
import { type ApiReplicas, versionSkew } from './observe-api.ts';
import { found, notAsked, seenOf, some, unseenRefusals } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';

/** Judges the replicas of one API: who answers, and whether they say the same. */
export function judgeApi(asked: readonly Seen<ApiReplicas>[], component: string): Finding[] {
  return seenOf(asked).flatMap(({ where, value }) => {
    if (value.urls.length < 2) return [];
    const groups = versionSkew(value.replicas);
    const mute = value.replicas.filter(
      (replica) => replica.versions.length === 0 && replica.release === undefined,
    );
    const told = mute.length === 0 && value.replicas.length === value.urls.length;
    return [
      found(where, {
        id: 'api.version-skew',
        subject: { kind: 'api', id: component },
        severity: 'medium',
        good: groups.length > 1 ? false : told ? true : undefined,
        title:
          groups.length > 1
            ? `Replicas of ${component} say ${groups.length} different things of their versions`
            : told
              ? `${counted(value.replicas.length, 'replica')} of ${component} say the same of their versions`
              : `Whether all replicas of ${component} are of one version is not known`,
        because:
          groups.length > 0
            ? groups.map((group) =>
                `${some(group.urls)}: ${group.says || 'nothing of versions'}`.slice(0, 400),
              )
            : 'no replica answered',
        remedy:
          groups.length > 1
            ? 'Finish the upgrade; until then clients may only use what the oldest knows.'
            : 'Bring every replica to answer.',
      }),
    ];
  });
}

/** One replica less must leave one. */
export function refuseLastReplica(asked: readonly Seen<ApiReplicas>[], component: string): Refusal[] {
  const what = `Which replicas of ${component} answer is not known`;
  if (asked.length === 0) return [notAsked('api.unseen', what)];
  const nothing = asked.filter((seen) => seen.value === undefined);
  const last = seenOf(asked).flatMap(({ where, value }): Refusal[] =>
    value.replicas.length > 1
      ? []
      : [
          {
            code: 'api.last-replica',
            reason:
              value.replicas.length === 1
                ? `${value.replicas[0]?.url} is the last replica of ${component} that answers`
                : `no replica of ${component} answers`,
            remedy: 'Bring another one up first.',
            subject: { kind: 'api', id: component },
            because: [
              { statement: `${value.replicas.length} of ${value.urls.length} replicas answer`, ...where },
            ],
          },
        ],
  );
  return [...unseenRefusals(nothing, 'api.unseen', what), ...last];
}
