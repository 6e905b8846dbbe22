// Who did what: events into a trail, a question, and somebody who tampers with it.
import { generateKeyPairSync } from 'node:crypto';
import {
  type AuditEvent,
  ed25519Signer,
  openTrail,
  securityGroupRule,
  sqliteStore,
} from '@groundcrew/audit/trail';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
await using trail = await openTrail({
  store: sqliteStore(':memory:'),
  key: 'from a vault',
  signer: ed25519Signer(privateKey),
});

// What Neutron says of the rule, and what the API's audit filter says of the request. From a queue: `ingest`.
const rule = 'f2b0a5a6-1f6c-4f0e-9a55-1f0e3a4f8d11';
const common = {
  at: '2026-11-23T10:09:26.861Z',
  source: 'example',
  outcome: 'success',
  action: 'create',
} as const;
const events: AuditEvent[] = [
  {
    ...common,
    id: 'notification-1',
    kind: 'notification',
    who: { user_id: 'u-7', user_name: 'mallory' },
    target: { type: 'security_group_rule', id: rule, service: 'network' },
    request_ids: ['req-1'],
    detail: { remote_ip_prefix: '0.0.0.0/0' },
  },
  {
    ...common,
    id: 'request-1',
    kind: 'audit.http',
    who: { user_id: 'u-7', address: '198.51.100.23', agent: 'openstacksdk' },
    target: { type: 'security_group_rule', service: 'network' },
    request_ids: ['req-1'],
  },
];
await trail.append(events);

const { confidence, who, address, request_id } = await trail.who({
  did: 'create',
  to: securityGroupRule(rule),
});
console.log(
  `${confidence}: ${who.known ? (who.value.user_name ?? who.value.user_id) : who.why} from ${address.known ? address.value : address.why}, ${request_id.known ? request_id.value : ''}`,
);

// The same events again are no new ones; a person may be taken out, and the chain holds.
console.log(`${(await trail.append(events)).known} were known`);
const checkpoint = await trail.checkpoint();
await trail.redact({
  where: { by: { user_id: 'u-7' } },
  parts: ['person'],
  by: 'privacy officer',
  reason: 'request 12',
});
const { ok, records, redacted } = await trail.verify({
  keys: [publicKey],
  anchors: checkpoint ? [checkpoint] : [],
});
console.log(`verified: ${ok}, ${records} records, ${redacted} redacted`);
