import { expectTypeOf, test } from 'vitest';
import type { blockStorage } from '../../src/services/block-storage/block-storage.ts';
import type { ServiceClient } from '../../src/call/client.ts';
import type { Secret } from '@groundcrew/ground';

declare const cinder: ServiceClient<typeof blockStorage>;

test('volumes have the fields of the microversion asked for', async () => {
  const old = await cinder.volumes.get({ id: 'x' });
  expectTypeOf(old.size).toEqualTypeOf<number>();
  expectTypeOf(old.name).toEqualTypeOf<string | null>();
  // @ts-expect-error volume_type_id came with 3.63
  void old.volume_type_id;
  const now = await cinder.at('3.70').volumes.get({ id: 'x' });
  expectTypeOf(now.shared_targets).toEqualTypeOf<boolean | null | undefined>();
  const before = await cinder.at('3.68').volumes.get({ id: 'x' });
  expectTypeOf(before.shared_targets).toEqualTypeOf<boolean | undefined>();
});

test('arguments that came later do not compile at an older microversion', () => {
  expectTypeOf(cinder.at('3.47').volumes).toHaveProperty('revert');
  void cinder.at('3.47').volumes.create({ size: 1, backup_id: 'b' });
  // @ts-expect-error backup_id came with 3.47
  void cinder.at('3.46').volumes.create({ size: 1, backup_id: 'b' });
  // @ts-expect-error operations before their microversion are not there
  void cinder.at('3.39').volumes.revert({ id: 'v', snapshot_id: 's' });
  void cinder.volumes.revert({ id: 'v', snapshot_id: 's' });
  // @ts-expect-error from 3.66 on force is gone
  void cinder.at('3.66').snapshots.create({ volume_id: 'v', force: true });
});

test('an operation asks for the microversion that introduced it', async () => {
  const summary = await cinder.volumes.summary();
  expectTypeOf(summary.total_size).toEqualTypeOf<number>();
  const later = await cinder.at('3.36').volumes.summary();
  expectTypeOf(later.metadata).toEqualTypeOf<Record<string, string[]>>();
});

test('secrets are not text, and quotas of volume types pass', async () => {
  const transfer = await cinder.volumeTransfers.create({ volume_id: 'v' });
  expectTypeOf(transfer.auth_key).toEqualTypeOf<Secret>();
  await cinder.quotaSets.update({ id: 'p', volumes: 5, volumes_fast: 2 });
  const usage = await cinder.quotaSets.getUsage({ id: 'p' });
  expectTypeOf(usage.gigabytes?.in_use).toEqualTypeOf<number | undefined>();
  await cinder.qosSpecs.create({ name: 'gold', consumer: 'front-end', total_iops_sec: '5000' });
});

test('volumes are found and waited for', async () => {
  expectTypeOf((await cinder.volumes.find('data')).status).toExtend<string>();
  expectTypeOf((await cinder.backups.waitFor('b', 'available')).fail_reason).toEqualTypeOf<string | null>();
});
