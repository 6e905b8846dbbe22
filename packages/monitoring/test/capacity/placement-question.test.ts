import { expect, test } from 'vitest';
import { flavorRequest, questionKey, type RequestedFlavor } from '../../src/capacity/placement-question.ts';

const flavor = (
  extra_specs: Readonly<Record<string, string>> | undefined = {},
  more: Partial<RequestedFlavor> = {},
): RequestedFlavor => ({
  vcpus: 4,
  ram: 8192,
  disk: 20,
  'OS-FLV-EXT-DATA:ephemeral': 0,
  swap: 0,
  extra_specs,
  ...more,
});
const keysOf = (asked: RequestedFlavor, bootFrom: 'image' | 'volume' = 'image'): string[] =>
  flavorRequest(asked, bootFrom).questions.map(questionKey);

test.each<[string, RequestedFlavor, 'image' | 'volume', string[]]>([
  ['a plain flavor', flavor(), 'image', ['resources=VCPU:4,MEMORY_MB:8192,DISK_GB:20']],
  ['one that boots from a volume', flavor(), 'volume', ['resources=VCPU:4,MEMORY_MB:8192']],
  [
    'ephemeral disk and swap, which are on the host in any case; swap in whole GiB',
    flavor({}, { 'OS-FLV-EXT-DATA:ephemeral': 10, swap: 1500 }),
    'volume',
    ['resources=VCPU:4,MEMORY_MB:8192,DISK_GB:12'],
  ],
  [
    'a disk of 0, of which Placement counts nothing',
    flavor({}, { disk: 0 }),
    'image',
    ['resources=VCPU:4,MEMORY_MB:8192'],
  ],
  [
    'bare metal (nova, doc/source/configuration/extra-specs)',
    flavor({
      'resources:CUSTOM_BAREMETAL_SMALL': '1',
      'resources:VCPU': '0',
      'resources:MEMORY_MB': '0',
      'resources:DISK_GB': '0',
    }),
    'image',
    ['resources=CUSTOM_BAREMETAL_SMALL:1'],
  ],
  [
    'traits, and a word that Nova leaves out',
    flavor({ 'trait:HW_CPU_X86_AVX2': 'required', 'trait:CUSTOM_SLOW': 'forbidden', 'trait:X': 'optional' }),
    'image',
    ['required=!CUSTOM_SLOW,HW_CPU_X86_AVX2&resources=VCPU:4,MEMORY_MB:8192,DISK_GB:20'],
  ],
  [
    'a group of its own',
    flavor({ 'resources_GPU:VGPU': '1', 'trait_GPU:CUSTOM_NVIDIA_35': 'required', group_policy: 'none' }),
    'image',
    [
      'group_policy=none&required_GPU=CUSTOM_NVIDIA_35&resources=VCPU:4,MEMORY_MB:8192,DISK_GB:20&resources_GPU=VGPU:1',
    ],
  ],
  [
    'a group that asks for the CPUs: the whole asks for none',
    flavor({ 'resources1:VCPU': '2', 'resources2:VCPU': '2', group_policy: 'isolate' }),
    'image',
    ['group_policy=isolate&resources=MEMORY_MB:8192,DISK_GB:20&resources1=VCPU:2&resources2=VCPU:2'],
  ],
])('%s', (_, asked, bootFrom, keys) => {
  expect(keysOf(asked, bootFrom)).toEqual(keys);
  expect(flavorRequest(asked, bootFrom)).toMatchObject({ unjudged: [], unclear: [] });
});

test('dedicated CPUs are asked for as PCPU and as VCPU, as Nova does, and whether they fit a NUMA cell is not judged', () => {
  const asked = flavor({ 'hw:cpu_policy': 'dedicated' });
  expect(keysOf(asked)).toEqual([
    'resources=PCPU:4,MEMORY_MB:8192,DISK_GB:20',
    'resources=VCPU:4,MEMORY_MB:8192,DISK_GB:20',
  ]);
  expect(flavorRequest(asked, 'image').unjudged).toEqual(['hw:cpu_policy=dedicated']);
});

test('of mixed CPUs the split is not known: the question leaves them out, and so is wider', () => {
  const asked = flavor({ 'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '^0-1' });
  expect(keysOf(asked)).toEqual(['resources=MEMORY_MB:8192,DISK_GB:20']);
  expect(flavorRequest(asked, 'image').unjudged).toHaveLength(2);
});

test.each([
  'hw:numa_nodes',
  'hw:mem_page_size',
  'pci_passthrough:alias',
  'accel:device_profile',
  'hw:pmem',
  'hw:mem_encryption',
  'os:secure_boot',
  'capabilities:cpu_info:vendor',
  'aggregate_instance_extra_specs:ssd',
  'ssd',
  'hw:something_of_next_year',
])('%s is not Placement’s to judge', (key) => {
  expect(flavorRequest(flavor({ [key]: 'x' }), 'image').unjudged).toEqual([`${key}=x`]);
});

test.each([
  'quota:disk_read_bytes_sec',
  'hw_rng:allowed',
  'hw:cpu_sockets',
  'hw:watchdog_action',
  'hw:cpu_policy',
])('%s chooses no host', (key) => {
  const value = key === 'hw:cpu_policy' ? 'shared' : '2';
  expect(flavorRequest(flavor({ [key]: value }), 'image').unjudged).toEqual([]);
});

// int() of Python takes ' 2', '+2', '2_0' and '٢'; what it refuses, Nova leaves out.
test.each([' 2', '+2', '2_0', '٢', '-1', 'two', '', '1e3', '9'.repeat(40)])(
  'of an amount of %j it is not known what would be asked',
  (value) => {
    const request = flavorRequest(flavor({ 'resources:VCPU': value }), 'image');
    expect(request.questions).toEqual([]);
    expect(request.unclear[0]).toContain('is no amount');
  },
);

test('neither is it of hidden extra specs, nor of a flavor that asks for nothing', () => {
  const hidden: RequestedFlavor = { ...flavor(), extra_specs: undefined };
  expect(flavorRequest(hidden, 'image').unclear[0]).toMatch(/policy hides them/);
  const nothing = flavor({ 'resources:VCPU': '0', 'resources:MEMORY_MB': '0' }, { disk: 0 });
  expect(flavorRequest(nothing, 'image')).toMatchObject({
    questions: [],
    unclear: ['it asks Placement for nothing'],
  });
});

test('what a flavor is called by others does not act on a terminal', () => {
  expect(flavorRequest(flavor({ 'x\u001B[2J': '\n' }), 'image').unjudged).toEqual([String.raw`x\x1b[2J=\n`]);
});
