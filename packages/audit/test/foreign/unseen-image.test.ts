// An image that was not seen may ask for dedicated CPUs, of which a host has its own stock.
import { expect, test } from 'vitest';
import { canRun, capacity, type Workload } from '../../src/placement.ts';
import { requestOf } from '../../src/placement/request.ts';
import { location, snapshot, stock, workload } from '../placement/small-site.ts';

const shared = location('h2');
const dedicated = location('h3', {
  stock: { PCPU: stock(16), MEMORY_MB: stock(32_768), DISK_GB: stock(500) },
});
const said = (parts: Partial<Workload>) =>
  [shared, dedicated].map(
    (at) => canRun(workload('w', parts), at, snapshot([shared, dedicated]), [capacity()]).answer,
  );

// nova/virt/hardware.py, `get_cpu_policy_constraint`: the flavor's `hw:cpu_policy`, or the image's `hw_cpu_policy`.
test('which CPUs it would take is not known, and so not where there is room', () => {
  expect(said({ image_properties: {} })).toEqual(['yes', 'no']);
  expect(said({ image_properties: { hw_cpu_policy: 'dedicated' } })).toEqual(['no', 'yes']);
  expect(said({ image_properties: undefined })).toEqual(['unknown', 'unknown']);
});

test('a flavor that says which needs no image', () => {
  const hidden = { image_properties: undefined };
  expect(said({ ...hidden, extra_specs: { 'hw:cpu_policy': 'dedicated' } })).toEqual(['no', 'yes']);
  expect(said({ ...hidden, extra_specs: { 'resources:VCPU': '2' } })).toEqual(['yes', 'no']);
  expect(requestOf(workload('w', hidden))?.resources).toEqual({ MEMORY_MB: 4_096, DISK_GB: 20 });
});
