import type { Refusal } from '@groundcrew/runbook';
import { quorumMargin } from '../../probing/quorum.ts';
import { seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { PacemakerStatus } from './crm-mon.ts';
import { STANDS_UNKNOWN } from './observe-pacemaker.ts';

/** Moves that Pacemaker cannot survive, or that it would answer by fencing. */
export function refusePacemaker(pacemaker: readonly Seen<PacemakerStatus>[]): Refusal[] {
  return seenOf(pacemaker).flatMap(({ where, value }): Refusal[] => {
    const subject = { kind: 'cluster', id: `pacemaker as ${value.host} sees it` };
    const refusal = (code: string, reason: string, remedy: string, statement: string): Refusal => ({
      code,
      reason,
      remedy,
      subject,
      because: [{ statement, ...where }],
    });
    const unclean = value.nodes.filter((node) => node.unclean).map((node) => node.name);
    const voters = value.nodes.filter((node) => node.type === 'member');
    const present = voters.filter((node) => node.online).length;
    return [
      ...(unclean.length > 0
        ? [
            refusal(
              'pacemaker.unclean',
              `${some(unclean)} unclean: fencing is due`,
              'Let it be fenced, or confirm that it is off.',
              `unclean: ${some(unclean)}`,
            ),
          ]
        : []),
      ...(voters.length === 0
        ? [
            refusal(
              'pacemaker.unseen',
              `${STANDS_UNKNOWN}: no node is listed`,
              'Ask another node.',
              'no node listed',
            ),
          ]
        : []),
      ...(value.quorum === undefined
        ? [
            refusal(
              'pacemaker.unseen',
              `${STANDS_UNKNOWN}: whether the partition has quorum is not told`,
              'Ask again when a node coordinates.',
              `coordinator ${value.coordinator ?? 'none'}, with_quorum not told`,
            ),
          ]
        : []),
      ...(value.quorum === false
        ? [
            refusal(
              'pacemaker.no-quorum',
              'the partition has no quorum',
              'Bring members back first.',
              'with_quorum false',
            ),
          ]
        : []),
      ...(voters.length > 1 && quorumMargin({ of: voters.length, present }) < 1
        ? [
            refusal(
              'pacemaker.no-margin',
              `${present} of ${voters.length} nodes are online: none may leave`,
              'Bring nodes back first.',
              `online: ${present} of ${voters.length}`,
            ),
          ]
        : []),
    ];
  });
}
