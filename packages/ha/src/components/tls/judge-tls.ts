import { counted, type Finding } from '@groundcrew/ground';
import type { JudgeOptions } from '../assess-options.ts';
import { found, seenOf, some } from '../../probing/report.ts';
import type { Seen } from '../seen.ts';
import type { TlsStatus } from './observe-tls.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Judges certificates: how long they last, for whom they are, and whether they are trusted. */
export function judgeTls(
  tls: readonly Seen<TlsStatus>[],
  { certificateExpiryMs, urgentCertificateExpiryMs }: JudgeOptions,
): Finding[] {
  return seenOf(tls).flatMap(({ where, value }) => {
    const subject = { kind: 'certificate', id: value.address };
    const { daysLeft } = value;
    const leftMs = daysLeft * DAY;
    // The chain is as good as the first of it that ends, which need not be the server's own.
    const [first] = value.chain.toSorted((a, b) => a.validTo.localeCompare(b.validTo));
    return [
      found(where, {
        id: 'tls.expiry',
        subject,
        severity: daysLeft < 0 ? 'critical' : leftMs < urgentCertificateExpiryMs ? 'high' : 'medium',
        good: leftMs >= certificateExpiryMs,
        title:
          daysLeft < 0
            ? `The certificate of ${value.address} has expired`
            : `The certificate of ${value.address} is good for ${counted(daysLeft, 'day')}`,
        because: `${first?.subject ?? '?'} until ${first?.validTo ?? '?'}`,
        remedy: 'Renew it, and reload who serves it.',
      }),
      found(where, {
        id: 'tls.name',
        subject,
        severity: 'high',
        good: value.nameMatches,
        title: value.nameMatches
          ? `The certificate is for ${value.servername}`
          : `The certificate is not for ${value.servername}`,
        because: `names: ${some(value.names) || 'none'}`,
        remedy: `Issue one for ${value.servername}.`,
      }),
      found(where, {
        id: 'tls.trust',
        subject,
        severity: 'medium',
        good: value.trusted,
        title: value.trusted
          ? 'The certificate is trusted from here'
          : `The certificate is not trusted from here: ${value.untrustedBecause}`,
        because: `chain: ${value.chain.map((certificate) => certificate.subject).join(' ← ')}`,
        remedy: 'Send the whole chain; give the issuing authority to those who ask (`ca`, cacert).',
      }),
    ];
  });
}
