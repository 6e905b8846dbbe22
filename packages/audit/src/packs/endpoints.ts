import type { CompliancePolicy } from '../policy/define-policy.ts';
import { fail, type Judgement, pass } from '../policy/judgement.ts';
import { definePolicy } from './define-policy.ts';
import type { Estate, EstateEndpoint } from './estate.ts';

function* encrypted(
  endpoints: readonly EstateEndpoint[],
  wanted: (endpoint: EstateEndpoint) => boolean,
): Generator<Judgement> {
  for (const endpoint of endpoints) {
    if (!endpoint.enabled || !wanted(endpoint)) continue;
    const name = `${endpoint.service} ${endpoint.interface}${endpoint.region === undefined ? '' : ` in ${endpoint.region}`}`;
    const verdict = /^https:\/\//i.test(endpoint.url) ? pass : fail;
    yield verdict({ kind: 'endpoint', id: endpoint.id, name }, `it is ${endpoint.url}`);
  }
}

/** Policies on how the services are reached: tokens and passwords pass through their endpoints. */
export const endpointPack: readonly CompliancePolicy<Estate>[] = [
  definePolicy({
    id: 'audit.endpoint.public-over-http',
    title: 'Public endpoints are of https',
    severity: 'high',
    needs: ['endpoints'],
    remedy: 'End TLS before it, and register the https URL.',
    frameworks: { 'security-guide': ['Check-Identity-03', 'Check-Neutron-05'] },
    check: ({ endpoints }) => encrypted(endpoints, (endpoint) => endpoint.interface === 'public'),
  }),
  definePolicy({
    id: 'audit.endpoint.internal-over-http',
    title: 'Internal and admin endpoints are of https',
    severity: 'low',
    needs: ['endpoints'],
    remedy: 'End TLS before it, or exempt it where the network that it is in is trusted by decision.',
    check: ({ endpoints }) => encrypted(endpoints, (endpoint) => endpoint.interface !== 'public'),
  }),
];
