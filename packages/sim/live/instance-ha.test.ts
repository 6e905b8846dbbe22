import { isBadRequest, isConflict, isForbidden, isMicroversionError, isNotFound } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';
import { beforeAll, describe, expect, test } from 'vitest';
import { CleanUp } from './clean-up.ts';
import { asAdmin, asMember, unique, type ParityCloud, parityClouds } from './parity-clouds.ts';

const caughtBy = async (wrong: Promise<unknown>): Promise<unknown> => wrong.catch((error: unknown) => error);

/** A segment of its own, with one host in it. */
async function segmentWithHost(parityCloud: ParityCloud, clean: CleanUp, enabled = true) {
  const cloud = await asAdmin(parityCloud);
  const { hosts, notifications, segments } = cloud.instanceHa.at('1.2');
  const segment = await segments.create({
    name: unique('segment'),
    recovery_method: 'auto',
    service_type: 'COMPUTE',
    enabled,
  });
  clean.later(() => segments.delete({ id: segment.uuid }, { missingOk: true }));
  const host = await hosts.create({
    segment_id: segment.uuid,
    name: 'compute-3',
    type: 'COMPUTE',
    control_attributes: 'SSH',
  });
  return { cloud, hosts, notifications, segments, segment, host };
}

// The lab's core has no Masakari.
beforeAll(() => ensureLab({ only: 'full' }), 1_800_000);

describe.each(parityClouds)('instance HA on $name', (parityCloud) => {
  test('segments: made, listed by pages, changed, gone', async () => {
    const clean = new CleanUp();
    const cloud = await asAdmin(parityCloud);
    const { segments } = cloud.instanceHa;
    const names = [unique('a'), unique('b'), unique('c')];
    for (const name of names) {
      const { uuid } = await segments.create({ name, recovery_method: 'rh_priority', service_type: 'X' });
      clean.later(() => segments.delete({ id: uuid }, { missingOk: true }));
    }
    const paged = await Array.fromAsync(segments.list({ service_type: 'X', limit: 2 }));
    expect(paged.map(({ name }) => name).filter((name) => names.includes(name))).toEqual(names.toReversed());
    const found = await segments.find(names[0] ?? '');
    expect(found).toMatchObject({ recovery_method: 'rh_priority', description: null, updated_at: null });
    expect(found.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/);
    const disabled = await cloud.instanceHa.at('1.2').segments.update({ id: found.uuid, enabled: false });
    expect(disabled).toMatchObject({ enabled: false, name: names[0] });
    const off = await Array.fromAsync(cloud.instanceHa.at('1.2').segments.list({ enabled: 0 }));
    expect(off.map(({ name }) => name)).toContain(names[0]);

    const twice = await caughtBy(
      segments.create({ name: names[1] ?? '', recovery_method: 'auto', service_type: 'X' }),
    );
    expect(isConflict(twice)).toBe(true);
    expect(twice).toMatchObject({
      fault: {
        type: 'conflictingRequest',
        message: `Failover segment with name ${names[1]} already exists.`,
      },
    });
    const nothing = await caughtBy(segments.update({ id: found.uuid }));
    expect(nothing).toMatchObject({
      status: 400,
      fault: { message: expect.stringContaining('is not valid under any of the given schemas') },
    });
    const none = await caughtBy(segments.get({ id: 'nope' }));
    expect(isNotFound(none)).toBe(true);
    expect(none).toMatchObject({ fault: { message: 'No failover segment with id nope.' } });
    await segments.delete({ id: found.uuid });
    expect(isNotFound(await caughtBy(segments.get({ id: found.uuid })))).toBe(true);
  });

  test('hosts are those of Nova, in one segment each', async () => {
    const clean = new CleanUp();
    const { hosts, segments, segment, host } = await segmentWithHost(parityCloud, clean);
    expect(host).toMatchObject({
      name: 'compute-3',
      reserved: false,
      on_maintenance: false,
      failover_segment_id: segment.uuid,
      failover_segment: { name: segment.name },
    });
    const given = { segment_id: segment.uuid, type: 'COMPUTE', control_attributes: 'SSH' };
    const stranger = await caughtBy(hosts.create({ ...given, name: 'nohost' }));
    expect(isBadRequest(stranger)).toBe(true);
    expect(stranger).toMatchObject({
      fault: { message: 'Compute service with name nohost could not be found.' },
    });
    expect(isConflict(await caughtBy(hosts.create({ ...given, name: 'compute-3' })))).toBe(true);
    const spare = await hosts.update({ segment_id: segment.uuid, id: host.uuid, reserved: true });
    expect(spare).toMatchObject({ reserved: true, on_maintenance: false });
    const reserved = hosts.list({ segment_id: segment.uuid, reserved: 1, on_maintenance: 0 });
    expect((await Array.fromAsync(reserved)).map(({ uuid }) => uuid)).toEqual([host.uuid]);
    await segments.delete({ id: segment.uuid });
    expect(isNotFound(await caughtBy(hosts.get({ segment_id: segment.uuid, id: host.uuid })))).toBe(true);
  });

  test('a notification that does not say NORMAL is ignored; the same again is a duplicate', async () => {
    const clean = new CleanUp();
    const { cloud, hosts, notifications, segments, segment, host } = await segmentWithHost(
      parityCloud,
      clean,
    );
    const said = {
      type: 'COMPUTE_HOST',
      hostname: 'compute-3',
      generated_time: new Date(cloud.clock.now()).toISOString().slice(0, 19),
      payload: { event: 'STOPPED', cluster_status: 'OFFLINE', host_status: 'UNKNOWN' },
    } as const;
    const told = await notifications.create(said);
    expect(told).toMatchObject({ status: 'new', source_host_uuid: host.uuid, payload: said.payload });
    const settled = await notifications.waitFor(told.notification_uuid, ['ignored'], { patience: 60_000 });
    expect(settled).toMatchObject({ status: 'ignored', recovery_workflow_details: [] });
    expect((await hosts.get({ segment_id: segment.uuid, id: host.uuid })).on_maintenance).toBe(false);
    const twice = await caughtBy(notifications.create(said));
    expect(isConflict(twice)).toBe(true);
    expect(twice).toMatchObject({ fault: { message: expect.stringContaining('is duplicate') } });
    const mine = notifications.list({ source_host_uuid: host.uuid, status: 'ignored', limit: 1 });
    expect((await Array.fromAsync(mine)).map((notification) => notification.notification_uuid)).toEqual([
      told.notification_uuid,
    ]);
    const stranger = await caughtBy(notifications.create({ ...said, hostname: 'nohost' }));
    expect(stranger).toMatchObject({
      status: 400,
      fault: { message: 'Host with name nohost could not be found.' },
    });
    await segments.delete({ id: segment.uuid });
    // Its engine reads the segment of the host to tell of the steps.
    const orphan = await caughtBy(
      cloud.instanceHa.at('1.1').notifications.get({ id: told.notification_uuid }),
    );
    expect(orphan).toMatchObject({ status: 500, fault: { type: 'masakariFault' } });
    const plain = await cloud.instanceHa.notifications.get({ id: told.notification_uuid });
    expect(plain.status).toBe('ignored');
  });

  test('members may not, and 1.3 is too new for Zed', async () => {
    const member = await asMember(parityCloud);
    const refused = await caughtBy(Array.fromAsync(member.instanceHa.segments.list()));
    expect(isForbidden(refused)).toBe(true);
    expect(refused).toMatchObject({
      fault: { message: "Policy doesn't allow os_masakari_api:segments:index to be performed." },
    });
    const admin = await asAdmin(parityCloud);
    expect(await admin.supports('instance-ha', '1.2')).toBe(true);
    expect(await admin.supports('instance-ha', '1.3')).toBe(false);
    const newer = await caughtBy(Array.fromAsync(admin.instanceHa.at('1.3').segments.list()));
    expect(isMicroversionError(newer)).toBe(true);
  });
});
