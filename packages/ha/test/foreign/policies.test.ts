import { memoryState, memoryJournal } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { haController } from '../../src/instances/controller.ts';
import { haPolicy, type HaPolicy } from '../../src/instances/policy.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { simulateAll } from '../../src/simulation/simulate-all.ts';
import { roomyView } from './roomy-view.ts';
import { siteWithServers } from '../instances/site.ts';

// oslo_config/types.py, Boolean: whoever writes nova.conf may write false as text, as a number and in capitals; JSON has one word
// for it, and `"false"` is true in JavaScript.
// What a person writes as JSON or YAML: a key that nobody knows, and a value of the wrong kind, are refused by name.

const parsed = (text: string): HaPolicy => JSON.parse(text) as HaPolicy;

test.each([
  ['{"maxHostAtOnce": 1}', 'maxHostAtOnce'],
  ['{"maxHostsAtOnce": "1"}', 'maxHostsAtOnce'],
  ['{"maxHostsAtOnce": 1.5}', 'maxHostsAtOnce'],
  ['{"maxShareDown": 50}', 'maxShareDown'],
  ['{"evacuateAll": "false"}', 'evacuateAll'],
  ['{"evacuateAll": null}', 'evacuateAll'],
  ['{"observers": "ping"}', 'observers'],
  ['{"observers": ["ping", "ping"]}', 'observers'],
  ['{"observers": []}', 'observers'],
  ['{"agreement": 3}', 'agreement'],
  ['{"resetStates": ["shelved"]}', 'resetStates.0'],
  ['{"resetStates": "paused"}', 'resetStates'],
  ['{"retryAfter": -1}', 'retryAfter'],
  ['{"aggregateBudgets": {"rack": "1"}}', 'aggregateBudgets.rack'],
  ['{"method": "AUTO"}', 'method'],
  ['null', '(itself)'],
  ['[]', '(itself)'],
  ['"auto"', '(itself)'],
])('the policy %s is refused: %s', async (text, field) => {
  expect(() => haPolicy(parsed(text))).toThrow(expect.objectContaining({ name: 'InputError', field }));
  expect(() => simulate({ view: roomyView() }, { hosts: ['a'] }, { policy: parsed(text) })).toThrow(
    expect.objectContaining({ field }),
  );
});

test('a controller takes no policy that was not checked', async () => {
  const site = await siteWithServers(0);
  const make = (): unknown =>
    haController({
      cloud: site.cloud,
      fencer: site.fence,
      observers: [],
      policy: parsed('{"observer": ["ping"]}'),
      state: memoryState(),
      journal: () => memoryJournal(),
    });
  expect(make).toThrow(expect.objectContaining({ field: 'observer' }));
});

test.each([
  ['{"zone": "free"}', 'zone'],
  ['{"zones": "none"}', 'zones'],
  ['{"times": {"detekt": 1}}', 'times.detekt'],
  ['{"times": {"detect": "75"}}', 'times.detect'],
])('the options %s of a simulation are refused: %s', (text, field) => {
  const options = JSON.parse(text) as object;
  const view = roomyView();
  expect(() => simulate({ view }, { hosts: ['a'] }, options)).toThrow(expect.objectContaining({ field }));
  expect(() => simulateAll({ view }, options)).toThrow(expect.objectContaining({ field }));
});

test('a loss of a kind that is none would lose nothing: refused', () => {
  const lose = JSON.parse('{"host": ["a"]}') as object;
  expect(() => simulate({ view: roomyView() }, lose)).toThrow(expect.objectContaining({ field: 'host' }));
});
