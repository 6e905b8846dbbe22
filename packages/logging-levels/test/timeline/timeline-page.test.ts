import { expect, test } from 'vitest';
import { timelineOf, timelinePage, timelineText } from '../../src/timeline.ts';
import { readText } from './read-text.ts';

const ID = 'req-725e86ee-efd7-4170-9fe0-52127e0f2aea';
const timeline = () =>
  timelineOf(ID, {
    sources: [
      {
        service: 'nova-api',
        host: 'ctl-1',
        records: readText(
          `2026-11-30 02:25:40.089 30158 INFO nova.api.openstack.requestlog [None ${ID} u p - - default default] 127.0.0.1 "POST /v2.1/servers" status: 202 len: 370 microversion: 2.75 time: 1.089000`,
        ),
      },
      {
        service: 'nova-conductor',
        host: 'ctl-2',
        records: readText(
          `2026-11-30 02:25:40.397 30150 ERROR nova.conductor.manager [None ${ID} u p - - default default] Failed to schedule instances: nova.exception_Remote.NoValidHost_Remote: No valid host was found. \n2026-11-30 02:25:41.000 30150 WARNING nova.scheduler.utils [None ${ID} u p - - default default] Setting instance to ERROR state.`,
        ),
      },
      { service: 'neutron-api', records: [] },
    ],
    now: () => Date.parse('2026-11-30T05:00:00Z'),
  });

test('the text: a line for each service, what failed first, what is not known of clocks', async () => {
  expect(timelineText(await timeline()).split('\n')).toEqual([
    `${ID}: failed; 2 s from the first record to the last, 2 services on 2 hosts`,
    'failed first: nova-conductor on ctl-2 at 2026-11-30T02:25:40.397Z, nova.conductor.manager: nova.exception_Remote.NoValidHost_Remote: No valid host was found.',
    '    +0.000 s  nova-api on ctl-1           1.1 s  1 request  1 info  202',
    '    +1.397 s  nova-conductor on ctl-2     0.6 s  1 request  1 warning, 1 error  FAILED',
    '              error nova.exception_Remote.NoValidHost_Remote: No valid host was found.',
    'clock: ctl-2: skew unknown, no call between it and ctl-1 was told',
  ]);
});

test('the page: one bar for each service, in proportion, and a mark where it failed', async () => {
  const page = timelinePage(await timeline());
  const bars = [...page.matchAll(/<rect\s+class="(\w+)"\s+x="(\d+)"\s+y="4"\s+width="(\d+)"/g)].map((match) =>
    match.slice(1),
  );
  // 500 of 720 units less the margin are 2 seconds: 1.089 s from the start, 0.603 s from 1.397 s on.
  expect(bars).toEqual([
    ['span', '220', '268'],
    ['failed', '564', '148'],
  ]);
  expect(page).toMatch(/<line class="mark" x1="564" x2="564"/);
  expect(page).toContain('neutron-api: 0 records');
  expect(page).not.toMatch(/<script|style="|http-equiv="refresh"/);
  expect(page).toContain('skew unknown');
});

test('an id that is not seen has a page, too, that says so', async () => {
  const page = timelinePage(await timelineOf('req-0', { sources: [{ service: 'x', records: [] }] }));
  expect(page).toContain('req-0 was not seen in 1 source, 0 records');
  expect(page).not.toContain('<svg');
});
