import { expect, test } from 'vitest';
import { proveServer, proveVolume } from '../../src/probes/marked.ts';

type Server = Parameters<typeof proveServer>[0];
type Volume = Parameters<typeof proveVolume>[0];

const owner = { mark: 'probe-eu1', project: 'own' };
const metadata = { 'groundcrew:probe': 'probe-eu1', 'groundcrew:probe-run': 'r1' };
const server = (facts: object): Server =>
  ({
    id: 's1',
    name: 'probe-eu1-r1',
    tenant_id: 'own',
    created: '2026-01-01T00:00:00Z',
    metadata,
    ...facts,
  }) as unknown as Server;
const volume = (facts: object): Volume =>
  ({
    id: 'v1',
    name: 'probe-eu1-r1',
    'os-vol-tenant-attr:tenant_id': 'own',
    created_at: '2026-01-01T00:00:00Z',
    metadata,
    status: 'available',
    attachments: [],
    ...facts,
  }) as unknown as Volume;

test('the whole proof: mark and run in the metadata, the name of both, the own project', () => {
  expect(proveServer(server({}), owner)).toMatchObject({ id: 's1', createdAt: Date.parse('2026-01-01') });
  expect(proveVolume(volume({}), owner)).toMatchObject({ id: 'v1', attachedTo: [], deleting: false });
});

test.each([
  [{ tenant_id: 'other' }, 'it is of another project'],
  [{ tenant_id: undefined }, 'its project is not shown'],
  [{ metadata: {} }, 'its metadata do not have the mark'],
  // A server of a cell that does not respond has no metadata, and no name.
  [{ metadata: undefined, name: undefined }, 'its metadata do not have the mark'],
  [{ metadata: { ...metadata, 'groundcrew:probe': 'probe-eu2' } }, 'its metadata do not have the mark'],
  [{ metadata: { ...metadata, 'groundcrew:probe-run': '' } }, 'its metadata do not have the mark'],
  [{ name: 'probe-eu1-r2' }, 'its name is not the one that the probe gave'],
  [{ name: 'probe-eu1-r1x' }, 'its name is not the one that the probe gave'],
  [{ name: '' }, 'its name is not the one that the probe gave'],
  [{ created: '' }, 'its age is not known'],
])('a server with %j: %s', (facts, because) => expect(proveServer(server(facts), owner)).toBe(because));

test.each([
  [{ 'os-vol-tenant-attr:tenant_id': 'other' }, 'it is of another project'],
  [{ 'os-vol-tenant-attr:tenant_id': undefined }, 'its project is not shown'],
  [{ name: null }, 'its name is not the one that the probe gave'],
])('a volume with %j: %s', (facts, because) => expect(proveVolume(volume(facts), owner)).toBe(because));
