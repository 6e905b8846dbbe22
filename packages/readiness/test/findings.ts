import type { Finding } from '@groundcrew/ground';
import type { ReportSubject } from '../src/index.ts';

/** A finding, with what a test cares about. */
export const make = (parts: Partial<Finding> = {}): Finding => ({
  id: 'test.rule',
  verdict: 'fail',
  severity: 'high',
  title: 'Something is wrong',
  subject: { kind: 'server', id: 'server-1' },
  because: [{ statement: 'it was looked at', source: 'test' }],
  remedy: 'Mend it.',
  ...parts,
});

export const subject: ReportSubject = {
  cloud: 'prod',
  region: 'RegionOne',
  user: 'admin',
  scope: 'project admin',
  roles: ['admin', 'reader'],
  at: '2026-01-01T00:00:00.000Z',
};
