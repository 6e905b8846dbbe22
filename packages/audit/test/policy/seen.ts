import type { Gap, Observed } from '@groundcrew/core';

export const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const at = '2026-03-02T11:59:00.000Z';

export const seen = <T>(value: readonly T[], source = 'test'): Observed<readonly T[]> => ({
  value,
  at,
  source,
  completeness: 'complete',
  gaps: [],
});

/** A part that was not read, or not to its end. */
export const cut = <T>(
  whole: Observed<readonly T[]>,
  completeness: 'denied' | 'partial' | 'unsupported' | 'failed' | 'stale',
): Observed<readonly T[]> => {
  const gap: Gap = {
    what: whole.source,
    kind: completeness === 'unsupported' ? 'unsupported' : completeness === 'denied' ? 'denied' : 'failed',
    why: `403 for ${whole.source}`,
    remedy: 'Ask as an administrator.',
    requestIds: [],
  };
  const keeps = completeness === 'partial' || completeness === 'stale';
  return {
    ...whole,
    value: keeps ? whole.value : [],
    completeness,
    gaps: completeness === 'stale' ? [] : [gap],
  };
};
