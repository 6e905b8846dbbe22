import { expectTypeOf, test } from 'vitest';
import type { ServiceClient } from '../../src/call/client.ts';
import type { instanceHa } from '../../src/services/instance-ha/instance-ha.ts';

declare const client: ServiceClient<typeof instanceHa>;

test('the steps of a recovery are there from 1.1 on', async () => {
  const before = await client.at('1.0').notifications.get({ id: 'n' });
  // @ts-expect-error the steps came with 1.1
  void before.recovery_workflow_details;
  const now = await client.at('1.1').notifications.get({ id: 'n' });
  expectTypeOf(now.recovery_workflow_details[0]?.state).toExtend<string | undefined>();
});

test('a segment is disabled from 1.2 on', () => {
  void client.at('1.2').segments.update({ id: 's', enabled: false });
  // @ts-expect-error enabled came with 1.2
  void client.at('1.1').segments.update({ id: 's', enabled: false });
  // @ts-expect-error there are four methods
  void client.segments.create({ name: 'a', service_type: 'COMPUTE', recovery_method: 'none' });
});

test('moves came with 1.3', () => {
  expectTypeOf(client.at('1.3').vmoves.list).toBeFunction();
  // @ts-expect-error vmoves came with 1.3
  void client.at('1.2').vmoves.list;
});

test('a notification is of one of three kinds', () => {
  const said = { hostname: 'compute-2', generated_time: '2026-11-23T08:00:00' };
  void client.notifications.create({ ...said, type: 'COMPUTE_HOST', payload: { event: 'STOPPED' } });
  // @ts-expect-error a server's has its id
  void client.notifications.create({ ...said, type: 'VM', payload: { event: 'LIFECYCLE' } });
});
