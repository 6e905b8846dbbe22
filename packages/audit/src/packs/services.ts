import { definePolicy, type Judgement, type Policy } from '../policy/policy.ts';

/** Endpoints of the catalogue. */
export const endpointPack: readonly Policy[] = [
  definePolicy({
    id: 'audit.endpoint.plaintext',
    title: 'Endpoints are reached over TLS',
    severity: 'high',
    needs: ['endpoints'],
    remedy: 'Put TLS in front of it, and change its URL in the catalogue.',
    check: ({ endpoints }) =>
      endpoints.flatMap((one): Judgement[] =>
        one.enabled !== false && one.url.startsWith('http:')
          ? [
              {
                subject: { kind: 'endpoint', id: one.id },
                fail: `the ${one.interface} endpoint ${hostOf(one.url)} is in the clear`,
                // Inside there may be a network of one's own; tokens cross it all the same.
                severity: one.interface === 'public' ? 'high' : 'medium',
              },
            ]
          : [],
      ),
  }),
];

const hostOf = (url: string): string => url.split('/').slice(0, 3).join('/');

const OLD = new Set(['SSLv3', 'TLSv1', 'TLSv1.1']);

/** Load balancers (Octavia). */
export const loadBalancerPack: readonly Policy[] = [
  definePolicy({
    id: 'audit.listener.old-tls',
    title: 'Listeners speak TLS 1.2 or later',
    severity: 'high',
    needs: ['listeners'],
    remedy: 'Set tls_versions to TLSv1.2 and TLSv1.3.',
    check: ({ listeners }) =>
      listeners.flatMap(({ id, name, protocol, tls_versions }): Judgement[] => {
        if (protocol !== 'TERMINATED_HTTPS') return [];
        const subject = { kind: 'listener', id, name };
        if (tls_versions === null || tls_versions === undefined)
          return [{ subject, unknown: 'its TLS versions are not told (before Octavia 2.17)' }];
        const old = tls_versions.filter((one) => OLD.has(one));
        return old.length > 0 ? [{ subject, fail: `listener ${name} speaks ${old.join(', ')}` }] : [];
      }),
  }),
  definePolicy({
    id: 'audit.listener.plaintext',
    title: 'Listeners do not serve in the clear to everybody',
    severity: 'medium',
    needs: ['listeners'],
    remedy: 'Terminate TLS at it, or restrict it by allowed_cidrs.',
    check: ({ listeners }) =>
      listeners.flatMap(({ id, name, protocol, allowed_cidrs: allowed }): Judgement[] => {
        const everybody =
          allowed === null ||
          allowed === undefined ||
          allowed.length === 0 ||
          allowed.some((one) => one.endsWith('/0'));
        return protocol === 'HTTP' && everybody
          ? [{ subject: { kind: 'listener', id, name }, fail: `listener ${name} serves HTTP to everybody` }]
          : [];
      }),
  }),
];

/** What a project may take. */
export const quotaPack: readonly Policy[] = [
  definePolicy({
    id: 'audit.quota.unlimited',
    title: 'Every project has limits',
    severity: 'low',
    needs: ['quotas'],
    remedy: 'Set limits: one project can take all that there is.',
    check: ({ quotas }, { nameOf }) =>
      quotas.flatMap(({ project_id, service, unlimited }): Judgement[] =>
        unlimited.length > 0
          ? [
              {
                subject: { kind: 'project', id: project_id, name: nameOf('project', project_id) },
                fail: `project ${nameOf('project', project_id)} has no limit of ${service}: ${unlimited.join(', ')}`,
              },
            ]
          : [],
      ),
  }),
];

/** Servers, as far as the API tells. */
export const serverPack: readonly Policy[] = [
  definePolicy({
    id: 'audit.server.no-keypair',
    title: 'Servers are reached by key, not by password',
    severity: 'low',
    needs: ['servers'],
    remedy: 'Rebuild it with a key pair; exempt what nobody logs in to.',
    check: ({ servers }) =>
      servers.flatMap((one): Judgement[] => {
        const key: unknown = one['key_name'];
        return key === null || key === ''
          ? [
              {
                subject: { kind: 'server', id: one.id, name: one.name },
                fail: `server ${one.name ?? one.id} has no key pair`,
              },
            ]
          : [];
      }),
  }),
];
