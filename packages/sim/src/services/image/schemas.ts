import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import type { Json } from '../../wire.ts';
import { READ_ONLY } from './image.ts';

export const schemaRoutes: Routes = {
  'GET schemas/image': (call) => (call.token, ok(schema())),
  'GET schemas/images': (call) => (
    call.token,
    ok({ name: 'images', properties: { images: { type: 'array', items: schema() } } })
  ),
  'GET schemas/member': (call) => (
    call.token,
    ok({ name: 'member', properties: { member_id: { type: 'string' }, status: { type: 'string' } } })
  ),
  'GET schemas/members': (call) => (
    call.token,
    ok({ name: 'members', properties: { members: { type: 'array' } } })
  ),
};

/** The part of the schema that openstackclient needs: names and types of Glance's own properties. */
function schema(): Json {
  const names = [
    'id',
    'name',
    'status',
    'visibility',
    'protected',
    'os_hidden',
    'checksum',
    'os_hash_algo',
    'os_hash_value',
    'owner',
    'size',
    'virtual_size',
    'container_format',
    'disk_format',
    'created_at',
    'updated_at',
    'tags',
    'direct_url',
    'min_ram',
    'min_disk',
    'self',
    'file',
    'schema',
    'locations',
    'stores',
  ];
  const properties = Object.fromEntries(
    names.map((name) => [
      name,
      { type: ['null', 'string'], ...(READ_ONLY.has(name) ? { readOnly: true } : {}) },
    ]),
  );
  return { name: 'image', properties, additionalProperties: { type: 'string' }, links: [] };
}
