// Lines of logpai/loghub, OpenStack/OpenStack_2k.log, with the number of the template that its authors gave each
// (OpenStack_2k.log_structured.csv; Zhu and others, Loghub: A Large Collection of System Log Datasets for AI-driven Log
// Analytics, ISSRE 2023). `bench/grouping-accuracy.ts` measures the whole sample.
import { expect, test } from 'vitest';
import { Templates } from '../../src/templates.ts';

const labelled: readonly (readonly [label: string, message: string])[] = [
  [
    'E24',
    '10.11.10.1 "DELETE /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/b9000564-fe1a-409b-b8cc-1e88b294cd1d HTTP/1.1" status: 204 len: 203 time: 0.2534380',
  ],
  [
    'E24',
    '10.11.10.1 "DELETE /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/faf974ea-cba5-4e1b-93f4-3a3bc606006f HTTP/1.1" status: 204 len: 203 time: 0.2727120',
  ],
  [
    'E25',
    '10.11.10.1 "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2477829',
  ],
  [
    'E25',
    '10.11.10.1 "GET /v2/54fadb412c4e40cdbaed9335e4c35a9e/servers/detail HTTP/1.1" status: 200 len: 1916 time: 0.2717581',
  ],
  [
    'E26',
    '10.11.10.1 "POST /v2/e9746973ac574c6b8a9e8857f56a7608/os-server-external-events HTTP/1.1" status: 200 len: 380 time: 0.0913219',
  ],
  [
    'E26',
    '10.11.10.1 "POST /v2/e9746973ac574c6b8a9e8857f56a7608/os-server-external-events HTTP/1.1" status: 200 len: 380 time: 0.0901439',
  ],
  [
    'E7',
    '[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] During sync_power_state the instance has a pending task (spawning). Skip.',
  ],
  [
    'E7',
    '[instance: faf974ea-cba5-4e1b-93f4-3a3bc606006f] During sync_power_state the instance has a pending task (spawning). Skip.',
  ],
  ['E20', '[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Paused (Lifecycle Event)'],
  ['E20', '[instance: faf974ea-cba5-4e1b-93f4-3a3bc606006f] VM Paused (Lifecycle Event)'],
  ['E21', '[instance: b9000564-fe1a-409b-b8cc-1e88b294cd1d] VM Resumed (Lifecycle Event)'],
  ['E21', '[instance: faf974ea-cba5-4e1b-93f4-3a3bc606006f] VM Resumed (Lifecycle Event)'],
  [
    'E38',
    'Running instance usage audit for host cp-1.slowvm1.tcloud-pg0.utah.cloudlab.us from 2017-05-16 05:00:00 to 2017-05-16 06:00:00. 87 instances.',
  ],
  [
    'E40',
    `The instance sync for host 'cp-1.slowvm1.tcloud-pg0.utah.cloudlab.us' did not match. Re-created its InstanceList.`,
  ],
  [
    'E43',
    'While synchronizing instance power states, found 1 instances in the database and 0 instances on the hypervisor.',
  ],
  [
    'E34',
    'image 0673dd71-34c5-4fbb-86c4-40623fbe45b4 at (/var/lib/nova/instances/_base/a489c868f0c37da93b76227c91bb03908ac0e742): checking',
  ],
  [
    'E35',
    'image 0673dd71-34c5-4fbb-86c4-40623fbe45b4 at (/var/lib/nova/instances/_base/a489c868f0c37da93b76227c91bb03908ac0e742): in use: on this node 1 local, 0 on other nodes sharing this instance storage',
  ],
];

const templateOf = (message: string): string =>
  new Templates().of({ logger: 'nova.compute.manager', message }).text;

test('messages are one template where the authors of the sample took them for one, and else not', () => {
  const byLabel = Map.groupBy(labelled, ([label]) => label);
  for (const [label, lines] of byLabel)
    expect([label, new Set(lines.map(([, message]) => templateOf(message))).size]).toEqual([label, 1]);
  expect(new Set(labelled.map(([, message]) => templateOf(message))).size).toBe(byLabel.size);
});
