import type { Refusal } from '@groundcrew/runbook';
import { notAsked, seenOf, some, unseenRefusals } from '../../probing/report.ts';
import type { StackView } from '../component-observer.ts';
import type { Seen } from '../seen.ts';
import { readyFor } from './address-movers.ts';
import type { VipStatus } from './observe-vip.ts';

/** Restarting keepalived, or HAProxy under it, moves the address: somebody must be there to take it. */
export function refuseWithoutSpare(vips: readonly Seen<VipStatus>[], view: StackView): Refusal[] {
  const what = 'Who could take the address over is not known';
  if (vips.length === 0) return [notAsked('keepalived.unseen', what)];
  return [
    ...unseenRefusals(vips, 'keepalived.unseen', what),
    ...seenOf(vips).flatMap(({ where, value }): Refusal[] => {
      const subject = { kind: 'virtual address', id: value.address };
      if (value.owners.length > 1)
        return [
          {
            code: 'keepalived.double-master',
            reason: `${value.address} is on ${value.owners.join(' and ')} at once`,
            remedy: 'End the split first.',
            subject,
            because: [{ statement: `owners: ${value.owners.join(', ')}`, ...where }],
          },
        ];
      const { hosts: ready } = readyFor(value, view);
      if (value.owners.length === 1 && ready.some((host) => !value.owners.includes(host)) && ready.length > 1)
        return [];
      return [
        {
          code: 'keepalived.no-spare',
          reason: `nobody is seen that would take ${value.address} over`,
          remedy: 'Start keepalived on another host first.',
          subject,
          because: [
            {
              statement: `owner: ${some(value.owners) || 'nobody'}; ready: ${some(ready) || 'nobody'}`,
              ...where,
            },
          ],
        },
      ];
    }),
  ];
}
