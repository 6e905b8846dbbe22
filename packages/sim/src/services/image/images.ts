import { created, noContent, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound, ServiceFault } from '../../fault.ts';
import { paginate } from '../../paging.ts';
import { flag, type Json, list, record, text, str } from '../../wire.ts';
import { receive } from './bytes.ts';
import { valuesOf, WITH_OPERATOR } from './filter-operators.ts';
import {
  assign,
  check,
  find,
  findPart,
  isVisible,
  mayList,
  memberView,
  own,
  patch,
  READ_ONLY,
  view,
} from './image.ts';
import type { Image } from './state.ts';

const SORTABLE = [
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'id',
  'created_at',
  'updated_at',
];

export const imageRoutes: Routes = {
  'GET images': listImages,
  'POST images': (call) => {
    if (call.body === undefined) throw badRequest('Body expected in request.');
    const given = record(call.body);
    check(call, given);
    const { image } = call.state;
    const { id: _id, ...fields } = given;
    const made = image.add(
      call.projectId,
      text(given['id']) === undefined ? {} : { id: text(given['id']) as string },
    );
    assign(made, fields);
    return created(view(call, made), {
      Location: `${call.base}/images/${made.id}`,
      'OpenStack-image-import-methods': 'glance-direct,web-download,copy-image',
    });
  },
  'GET images/{id}': (call) => ok(view(call, find(call))),
  'PATCH images/{id}': (call) => {
    mustBe(call, /^application\/openstack-images-v2\.[01]-json-patch$/);
    const image = own(call);
    for (const operation of list(call.body)) patch(call, image, record(operation));
    image.updated = call.now;
    return ok(view(call, image));
  },
  'DELETE images/{id}': async (call) => {
    if (!isVisible(call, call.state.image.images.get(call.param('id'))))
      throw notFound(`Failed to find image ${call.param('id')} to delete`);
    const image = own(call);
    if (image.protected) throw forbidden(`Image ${image.id} is protected and cannot be deleted.`);
    call.state.image.images.delete(image.id);
    await image.data?.dispose();
    await image.staged?.dispose();
    return noContent;
  },
  'PUT images/{id}/file': async (call) => {
    mustBe(call, /^application\/octet-stream$/);
    const image = own(call, 'upload image data');
    if (image.status !== 'queued')
      throw conflict(`Image status transition from ${image.status} to saving is not allowed`);
    if (image.container_format === null || image.disk_format === null) {
      throw badRequest('Properties disk_format, container_format must be set prior to saving data.');
    }
    image.status = 'saving';
    try {
      const data = await receive(bodyOf(call), call.state.settings.imageMemory);
      call.state.image.activate(image, data);
    } catch (error) {
      // As in Glance an upload that broke off may be tried again.
      image.status = 'queued';
      throw error;
    }
    return noContent;
  },
  'GET images/{id}/file': (call) => {
    const image = find(call);
    if (image.status === 'deactivated' && !call.admin) {
      throw forbidden('The requested image has been deactivated. Image data download is forbidden.');
    }
    if (image.data === undefined) return noContent;
    const { size } = image.data;
    const headers = {
      'Content-Type': 'application/octet-stream',
      ...(image.checksum === null ? {} : { 'Content-MD5': image.checksum }),
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(call.request.headers.get('Range') ?? '');
    if (range !== null) {
      const start = Number(range[1]);
      const end = range[2] === '' ? size - 1 : Math.min(Number(range[2]), size - 1);
      if (start >= size) throw new ServiceFault(416, `Offset ${start} is past the end of image ${image.id}`);
      return {
        status: 206,
        raw: ReadableStream.from(image.data.read(start, end + 1)),
        headers: {
          ...headers,
          'Content-Range': `bytes ${start}-${end}/${size}`,
          'Content-Length': str(end - start + 1),
        },
      };
    }
    return {
      status: 200,
      raw: ReadableStream.from(image.data.read()),
      headers: { ...headers, 'Content-Length': str(size) },
    };
  },
  'PUT images/{id}/stage': async (call) => {
    mustBe(call, /^application\/octet-stream$/);
    const image = own(call, 'upload image data');
    if (image.status !== 'queued')
      throw conflict(`Image status transition from ${image.status} to uploading is not allowed`);
    image.status = 'uploading';
    image.staged = await receive(bodyOf(call), call.state.settings.imageMemory);
    return noContent;
  },
  'POST images/{id}/import': (call) => {
    // What is there already is told before whose it is.
    const { status } = find(call);
    if (status === 'active' && record(record(call.body)['method'])['name'] !== 'copy-image')
      throw conflict(`Image with status ${status} cannot be target for import`);
    const image = own(call);
    const method = text(record(record(call.body)['method'])['name']) ?? '';
    const { clock, settings } = call.state;
    if (method === 'glance-direct' && image.staged === undefined) {
      throw conflict('Image status transition from queued to importing is not allowed');
    }
    if (!['glance-direct', 'web-download', 'copy-image'].includes(method))
      throw badRequest(`Unknown import method name '${method}'.`);
    if (method !== 'copy-image') image.status = 'importing';
    clock.after(settings.timing.image, () => {
      if (image.status !== 'importing') return;
      if (image.staged !== undefined) call.state.image.activate(image, image.staged);
      else call.state.image.fill(image, Buffer.from(`imported ${image.id}`));
      image.staged = undefined;
    });
    return { status: 202 };
  },
  'POST images/{id}/actions/deactivate': (call) => {
    const image = own(call);
    if (image.status !== 'active' && image.status !== 'deactivated')
      throw forbidden(`Not allowed to deactivate image in status '${image.status}'`);
    image.status = 'deactivated';
    return noContent;
  },
  'POST images/{id}/actions/reactivate': (call) => {
    const image = own(call);
    if (image.status !== 'active' && image.status !== 'deactivated')
      throw forbidden(`Not allowed to reactivate image in status '${image.status}'`);
    image.status = 'active';
    return noContent;
  },
  'PUT images/{id}/tags/{tag}': (call) => {
    const image = (findPart(call), own(call, 'update tags'));
    image.tags = [...new Set([...image.tags, call.param('tag')])];
    return noContent;
  },
  'DELETE images/{id}/tags/{tag}': (call) => {
    const image = (findPart(call), own(call, 'delete tags'));
    if (!image.tags.includes(call.param('tag'))) throw notFound('');
    image.tags = image.tags.filter((tag) => tag !== call.param('tag'));
    return noContent;
  },
  'GET images/{id}/members': (call) => {
    const image = findPart(call);
    if (image.visibility !== 'shared') {
      throw forbidden(`Not allowed to list members for image ${image.id}: Only shared images have members.`);
    }
    const all = [...image.members.keys()].map((id) => memberView(image, id));
    return ok({ members: all, schema: '/v2/schemas/members' });
  },
  'POST images/{id}/members': (call) => {
    const image = (findPart(call), own(call, 'create members'));
    const id = text(record(call.body)['member']) ?? '';
    if (image.visibility !== 'shared') throw forbidden('Only shared images have members.');
    if (image.members.has(id)) throw conflict(`Member ${id} is duplicated for image ${image.id}`);
    image.members.set(id, { member_id: id, status: 'pending', created: call.now, updated: call.now });
    return ok(memberView(image, id));
  },
  'GET images/{id}/members/{member}': (call) => {
    const image = findPart(call);
    if (image.visibility !== 'shared') throw notFound('Only shared images have members.');
    return ok(memberView(image, call.param('member')));
  },
  'PUT images/{id}/members/{member}': (call) => {
    const image = find(call);
    const member = image.members.get(call.param('member'));
    if (member === undefined) throw notFound('Not found');
    if (member.member_id !== call.projectId && !call.admin)
      throw forbidden('You are not permitted to modify members on this image.');
    member.status = text(record(call.body)['status']) ?? member.status;
    member.updated = call.now;
    return ok(memberView(image, member.member_id));
  },
  'DELETE images/{id}/members/{member}': (call) => {
    if (!own(call).members.delete(call.param('member')))
      throw notFound(
        `${call.param('member')} not found in the member list of the image ${call.param('id')}.`,
      );
    return noContent;
  },
  'GET info/import': (call) => {
    void call.token;
    const value = ['glance-direct', 'web-download', 'copy-image'];
    return ok({ 'import-methods': { description: 'Import methods available.', type: 'array', value } });
  },
  'GET info/stores': (call) => (call.token, ok({ stores: [{ id: 'ceph', default: 'true' }] })),
  'GET info/stores/detail': admin('stores_info_detail', () =>
    ok({ stores: [{ id: 'ceph', default: 'true', type: 'rbd', properties: {} }] }),
  ),
  'GET info/usage': (call) => (call.token, ok({ usage: {} })),
  'GET images/{id}/tasks': (call) => (find(call), ok({ tasks: [] })),
  'GET tasks': admin('tasks_api_access', (call) => {
    limitOf(call);
    for (const name of ['marker', 'sort_key']) {
      // There is none to begin behind, and no column of that name.
      const given = call.query.get(name);
      if (given !== null && !TASK_COLUMNS.has(given)) throw badRequest(`Invalid ${name}: ${given}`);
    }
    return ok({ tasks: [], first: '/v2/tasks', schema: '/v2/schemas/tasks' });
  }),
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
  'GET cache': admin('cache_list', () => ok({ cached_images: [], queued_images: [] })),
};

/** Refuses what the request's body is not, before it looks at the image. */
function mustBe(call: Call, type: RegExp): void {
  const given = call.request.headers.get('Content-Type')?.split(';')[0]?.trim() ?? '';
  if (type.test(given)) return;
  const message = `The request media type ${given} is not supported by this server.`;
  throw new ServiceFault(415, message, { type: 'own' });
}

const TASK_COLUMNS = new Set(['id', 'type', 'status', 'created_at', 'updated_at', 'expires_at']);

/** `limit_param_default`, and no more than `api_limit_max`. */
function limitOf({ query }: Call): number {
  const given = query.get('limit');
  if (given !== null && !/^\d+$/.test(given)) {
    throw badRequest(
      /^-\d+$/.test(given) ? 'limit param must be positive' : 'limit param must be an integer',
    );
  }
  return Math.min(given === null ? 25 : Number(given), 1000);
}

function listImages(call: Call) {
  const { query } = call;
  const limit = limitOf(call);
  const marker = query.get('marker') ?? undefined;
  const { images } = call.state.image;
  if (marker !== undefined && images.get(marker) === undefined)
    throw badRequest(`No image found with ID ${marker}`);
  const visibility = query.get('visibility');
  if (visibility !== null && !['public', 'private', 'shared', 'community', 'all'].includes(visibility)) {
    throw badRequest(`Invalid visibility value: ${visibility}`);
  }
  // Refused before an image is looked at, also where there is none.
  for (const name of WITH_OPERATOR) valuesOf(name, query.get(name) ?? '');
  const sort = [
    ...query
      .getAll('sort_key')
      .map(
        (key, index) =>
          `${key}:${query.getAll('sort_dir')[index] ?? query.getAll('sort_dir').at(-1) ?? 'desc'}`,
      ),
    ...(query.get('sort')?.split(',') ?? []),
  ].map((part) => {
    const [key = '', direction = 'desc'] = part.split(':');
    if (!SORTABLE.includes(key))
      throw badRequest(`Invalid sort key: ${key}. It must be one of the following: ${SORTABLE.join(', ')}.`);
    const field = key.replace(/_at$/, '') as keyof Image;
    return { of: (image: Image): unknown => image[field], descending: direction !== 'asc' };
  });
  const page = paginate(images, { filter: (image) => fits(call, image), marker, limit, sort });
  const next = new URLSearchParams(query);
  next.delete('marker');
  const first = next.size === 0 ? '/v2/images' : `/v2/images?${next.toString()}`;
  if (page.length > 0) next.append('marker', (page.at(-1) as Image).id);
  return ok({
    images: page.map((image) => view(call, image)),
    first,
    schema: '/v2/schemas/images',
    ...(page.length > 0 && page.length === limit ? { next: `/v2/images?${next.toString()}` } : {}),
  });
}

function fits(call: Call, image: Image): boolean {
  const { query } = call;
  if (!mayList(call, image, query.get('visibility'), query.get('member_status') ?? 'accepted')) return false;
  if ((flag(query.get('os_hidden') ?? undefined) ?? false) !== image.os_hidden) return false;
  if (query.getAll('tag').some((tag) => !image.tags.includes(tag))) return false;
  const shown: Json = {
    ...image.properties,
    name: image.name,
    status: image.status,
    owner: image.owner,
    disk_format: image.disk_format,
    container_format: image.container_format,
    id: image.id,
    protected: image.protected,
  };
  for (const name of query.keys()) {
    if (
      [
        'limit',
        'marker',
        'sort',
        'sort_key',
        'sort_dir',
        'visibility',
        'member_status',
        'os_hidden',
        'tag',
        'created_at',
        'updated_at',
        'size_min',
        'size_max',
      ].includes(name)
    )
      continue;
    const wanted = query.get(name) ?? '';
    const values = valuesOf(name, wanted);
    if (!values.some((value) => str(shown[name] ?? '').toLowerCase() === value.toLowerCase())) return false;
  }
  return true;
}

const bodyOf = (call: Call): AsyncIterable<Uint8Array> =>
  call.request.body ?? (ReadableStream.from([]) as AsyncIterable<Uint8Array>);

/** What openstackclient needs of it: names and types of the properties that are Glance's own. */
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
