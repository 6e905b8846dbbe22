import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/trail.ts';
import { decoded } from '../../src/trail/decode/decode.ts';
import { eventOf } from '../trail/events.ts';

// Groundcrew's issue 9, kinds 10 and 12: what is kept for years is without secrets, and is what was said but for that.

const options = { source: 'bus', now: 0 };
const told = (event_type: string, payload: object) =>
  JSON.stringify({
    message_id: 'm',
    publisher_id: 'x.y',
    event_type,
    timestamp: '2026-11-23 10:00:00',
    payload,
  });
const character = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom('\0', '\ud800', '\udfff', '\\', 'a'),
);
const CADF = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
const http = (more: object) =>
  told('audit.http.response', {
    typeURI: CADF,
    id: 'c',
    action: 'read',
    outcome: 'failure',
    eventTime: '2026-11-23T10:00:00.000000+0000',
    initiator: { id: 'u' },
    target: {},
    ...more,
  });

test.each<[string, string]>([
  ['by name', told('compute.instance.create.end', { instance_id: 'i', adminPass: 'CANARY' })],
  ['by name with a prefix', told('x.y.end', { id: 'i', 'OS-EXT-SRV-ATTR:user_data': 'CANARY' })],
  ['by shape', told('x.y.end', { id: 'i', connection: 'mysql://nova:CANARY@db/nova' })],
  ['in a list, as text', told('x.y.end', { id: 'i', args: ['--password CANARY', '{"token": "CANARY"}'] })],
  ['in a fault', told('x.y.error', { id: 'i', reason: 'cannot reach amqp://u:CANARY@mq' })],
  [
    'in a fault, at its cut',
    told('x.y.error', { id: 'i', reason: `${'x '.repeat(990)}amqp://u:CANARY${'y'.repeat(40)}@mq` }),
  ],
  [
    'in a long text, at its cut',
    told('x.y.end', { id: 'i', note: `${'x '.repeat(1_990)}amqp://u:CANARY${'y'.repeat(40)}@mq` }),
  ],
  ['in a path', http({ requestPath: '/v1/AUTH_x/c/o?temp_url_sig=CANARY&temp_url_expires=1' })],
  ['in a reason', http({ reason: { reasonCode: '400', reasonType: 'password=CANARY1 is short' } })],
  [
    'in an event that was exported',
    JSON.stringify(eventOf('1', { detail: { adminPass: 'CANARY' }, reason: { text: 'token=CANARY1' } })),
  ],
  ['in what is no JSON', '{"password": "CANARY", '],
  [
    'in what is no JSON, in a message within it',
    `{"oslo.message": ${JSON.stringify('{"auth_token": "CANARY"}')}`,
  ],
  ['in what is no JSON, in a URL', 'connection refused: amqp://u:CANARY@mq'],
])('no secret is kept: %s', (_, message) => {
  const event = decode(message, options);
  expect(JSON.stringify(event)).not.toContain('CANARY');
  expect(JSON.stringify(event)).toContain('***');
});

describe('what is no secret stays', () => {
  test('names that only speak of one', () => {
    const payload = {
      id: 'i',
      password_expires_at: '2027-01-01',
      token_ttl: '3600',
      key_name: 'k',
      secret_ref: 'https://s/1',
    };
    expect(decode(told('x.y.end', payload), options).detail).toEqual(payload);
  });
  test('the payload of a notification of Masakari’s', () => {
    const payload = { event: 'STOPPED', host_status: 'NORMAL' };
    const { detail } = decode(told('notification.create.end', { notification_uuid: 'n', payload }), options);
    expect(detail).toMatchObject({ payload });
  });
  test('property: text is kept as it came but for what no store keeps, and that is told', () => {
    fc.assert(
      fc.property(fc.string({ unit: character, minLength: 1 }), (name) => {
        const text = name.trim();
        fc.pre(text !== '' && text !== '-' && text !== 'None');
        const { event, altered } = decoded(told('x.y.end', { id: 'i', name: text }), options);
        const isKept = text.isWellFormed() && !text.includes('\0');
        expect(altered.includes('target.name')).toBe(!isKept);
        expect(event.target.name === text).toBe(isKept);
        expect(event.target.name?.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  test('marks that act are kept: outputs show them', () => {
    const name = 'web\u202Etxt\u001B[2J\u00AD';
    expect(decode(told('x.y.end', { id: 'i', name }), options).target.name).toBe(name);
  });
});
