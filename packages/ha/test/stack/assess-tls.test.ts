import { describe, expect, test } from 'vitest';
import type { StackSnapshot, TlsStatus } from '../../src/stack.ts';
import { assess, only, verdicts } from './assessed.ts';
import { seen } from './seen.ts';

describe('certificates', () => {
  const tls = (parts: Partial<TlsStatus>): Partial<StackSnapshot> => ({
    tls: [
      seen({
        address: 'api:443',
        servername: 'api',
        protocol: 'TLSv1.3',
        chain: [
          {
            subject: 'CN=api',
            issuer: 'CN=ca',
            fingerprint: 'AA',
            validFrom: '2026-01-01T00:00:00.000Z',
            validTo: '2026-02-01T00:00:00.000Z',
          },
        ],
        names: ['api'],
        nameMatches: true,
        trusted: true,
        untrustedBecause: undefined,
        daysLeft: 90,
        ...parts,
      }),
    ],
  });

  test.each([
    [-1, 'fail', 'critical'],
    [0, 'fail', 'high'],
    [6, 'fail', 'high'],
    [7, 'fail', 'medium'],
    [29, 'fail', 'medium'],
    [30, 'pass', 'medium'],
  ])('%i days left: %s, %s', (daysLeft, verdict, severity) => {
    expect(only(assess(tls({ daysLeft })), 'tls.expiry')).toMatchObject([{ verdict, severity }]);
  });

  test('the lines can be drawn elsewhere', () => {
    expect(
      only(
        assess(tls({ daysLeft: 40 }), { certificateExpiry: '60d', urgentCertificateExpiry: '45d' }),
        'tls.expiry',
      ),
    ).toMatchObject([{ severity: 'high' }]);
  });

  test('a wrong name and a missing trust are two findings', () => {
    const findings = assess(
      tls({ nameMatches: false, trusted: false, untrustedBecause: 'CERT_HAS_EXPIRED' }),
    );
    expect(verdicts(findings, 'tls.name')).toEqual(['fail']);
    expect(verdicts(findings, 'tls.trust')).toEqual(['fail']);
  });
});
