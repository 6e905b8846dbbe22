import type { KnownBreak } from '../known-break.ts';
import { note } from './source.ts';

/** Of Placement. */
export const placementBreaks: readonly KnownBreak[] = [
  {
    id: 'placement.policy-file',
    service: 'placement',
    in: 'wallaby',
    outcome: 'is ignored: what it overrode is by default again',
    severity: 'high',
    signs: { options: [{ section: 'placement', name: 'policy_file' }] },
    remedy: 'Set [oslo_policy] policy_file.',
    source: note('placement', '5.0.0', 'remove-placement-policy-file-config-bb9bb26332413a77'),
  },
];
