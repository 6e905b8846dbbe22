import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, pass, subject, unknown } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateListener } from './estate.ts';

/** Ended by RFC 7568 and RFC 8996. */
const ENDED = ['SSLv3', 'TLSv1', 'TLSv1.1'];
/** OpenSSL's names of what no longer protects: no key or no secrecy, RC4, DES and 3DES, MD5, export grades. */
const WEAK = /NULL|^AN?ECDH|^ADH|EXP|RC4|(^|-)DES|3DES|MD5|^IDEA|^SEED/;
const EVERYBODY = ['0.0.0.0/0', '::/0'];

const about = (listener: EstateListener) =>
  subject('listener', {
    id: listener.id,
    name: listener.name || `${listener.protocol}:${listener.protocol_port}`,
  });
const projectOf = ({ project_id }: EstateListener) => ({ project: project_id ?? undefined });
const endsTls = ({ protocol }: EstateListener): boolean => protocol === 'TERMINATED_HTTPS';

/** Policies on what load balancers (Octavia) admit, and how. */
export const loadBalancerPack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.load-balancer.old-tls',
    title: 'Listeners that end TLS speak 1.2 or newer',
    severity: 'high',
    needs: ['listeners'],
    remedy: 'Set tls_versions to TLSv1.2 and TLSv1.3.',
    *check({ listeners }) {
      for (const listener of listeners.filter(endsTls)) {
        const versions = listener.tls_versions ?? [];
        const old = versions.filter((version) => ENDED.includes(version));
        if (versions.length === 0)
          yield unknown(
            about(listener),
            'it tells no versions: those of its provider hold',
            projectOf(listener),
          );
        else
          yield (old.length > 0 ? fail : pass)(
            about(listener),
            `it speaks ${versions.join(', ')}`,
            projectOf(listener),
          );
      }
    },
  }),
  definePolicy({
    id: 'audit.load-balancer.weak-ciphers',
    title: 'Listeners that end TLS offer no cipher that is known to be weak',
    severity: 'medium',
    needs: ['listeners'],
    remedy: 'Set tls_ciphers, as to those that Mozilla calls intermediate.',
    *check({ listeners }) {
      for (const listener of listeners.filter(endsTls)) {
        const ciphers = (listener.tls_ciphers ?? '').split(':').filter((cipher) => cipher !== '');
        const weak = ciphers.filter((cipher) => !cipher.startsWith('!') && WEAK.test(cipher));
        if (ciphers.length === 0)
          yield unknown(
            about(listener),
            'it tells no ciphers: those of its provider hold',
            projectOf(listener),
          );
        else if (weak.length > 0)
          yield fail(about(listener), `it offers ${weak.join(', ')}`, projectOf(listener));
        else
          yield pass(
            about(listener),
            `none of its ${ciphers.length} ciphers is known to be weak`,
            projectOf(listener),
          );
      }
    },
  }),
  definePolicy({
    id: 'audit.load-balancer.plaintext',
    title: 'No listener is of the protocol HTTP',
    severity: 'medium',
    needs: ['listeners'],
    remedy: 'Make it TERMINATED_HTTPS; keep an HTTP listener for redirects only, and exempt it.',
    *check({ listeners }) {
      for (const listener of listeners)
        yield (listener.protocol === 'HTTP' ? fail : pass)(
          about(listener),
          `it speaks ${listener.protocol} on port ${listener.protocol_port}`,
          projectOf(listener),
        );
    },
  }),
  definePolicy({
    id: 'audit.load-balancer.open-to-all',
    title: 'Listeners say whom they let in',
    severity: 'low',
    needs: ['listeners'],
    remedy: 'Set allowed_cidrs, or exempt it where everybody is meant.',
    *check({ listeners }) {
      for (const listener of listeners) {
        const { allowed_cidrs } = listener;
        if (allowed_cidrs === undefined) {
          const why = 'its allowed_cidrs were not shown: Octavia before 2.12 has none';
          yield unknown(about(listener), why, projectOf(listener));
          continue;
        }
        // Octavia writes null for an empty list (octavia/api/v2/types/listener.py, `from_data_model`).
        const cidrs = allowed_cidrs ?? [];
        const open = cidrs.length === 0 || cidrs.some((cidr) => EVERYBODY.includes(cidr));
        yield (open ? fail : pass)(
          about(listener),
          cidrs.length === 0
            ? 'it has no allowed_cidrs: every client that reaches it'
            : `it lets in ${cidrs.join(', ')}`,
          projectOf(listener),
        );
      }
    },
  }),
];
