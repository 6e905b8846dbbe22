import type { Refusal } from '@groundcrew/runbook';
import { seenOf } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { OvnDatabase } from './observe-ovn.ts';
import { marginsOf, raftServers, votesOf } from './ovn-votes.ts';

type Database = OvnDatabase['database'];

/** The refusals for what is not known while a server was not seen. */
export const sparesUnknown = (database: Database): string =>
  `How many servers of ${database} can be spared is not known`;

/** One server less must still be a majority. */
export function refuseOvn(asked: readonly Seen<OvnDatabase>[], database: Database, id: string): Refusal[] {
  const what = sparesUnknown(database);
  const servers = raftServers(asked);
  const [first] = servers;
  const votes = first === undefined ? undefined : votesOf(servers);
  const margins = votes === undefined ? undefined : marginsOf(votes);
  const standalone = seenOf(asked).filter(({ value }) => value.raft === 'standalone');
  return [
    ...standalone.map(({ where, value }): Refusal => ({
      code: `${id}.alone`,
      reason: `${database} on ${value.host} is not clustered: without it no port is bound and no network changes`,
      remedy: 'Announce the interruption, or cluster it first.',
      subject: { kind: 'database', id: database },
      because: [{ statement: 'standalone', ...where }],
    })),
    ...(first !== undefined && votes !== undefined && margins !== undefined && margins.least < 1
      ? [
          {
            code: margins.most < 1 ? `${id}.no-margin` : `${id}.unseen`,
            reason:
              margins.most < 1
                ? `${votes.present} of ${votes.of} servers are there: one less is no majority`
                : `${what}: ${votes.present} of ${votes.of} servers said that they are there`,
            remedy: margins.most < 1 ? 'Bring servers back first.' : 'Ask every server of it.',
            subject: { kind: 'database', id: database },
            because: [{ statement: `servers ${votes.of}, heard ${votes.present}`, ...first.where }],
          },
        ]
      : []),
  ];
}
