import { created, noContent, ok } from '../../answer.ts';
import type { Call, Routes } from '../../call.ts';
import { badRequest, forbidden, notFound } from '../../fault.ts';
import { paginate } from '../../paging.ts';
import { flag, type Json, list, record, str, text } from '../../wire.ts';
import { requireContentType } from './require-content-type.ts';
import { valuesOf, WITH_OPERATOR } from './filter-operators.ts';
import {
  assignFields,
  checkFields,
  findImage,
  findImageOfPart,
  findOwnImage,
  imageView,
  isVisible,
  mayList,
  patchImage,
} from './image.ts';
import { limitOf } from './limit.ts';
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
    checkFields(call, given);
    const { image } = call.state;
    const { id: _id, ...fields } = given;
    const made = image.add(
      call.projectId,
      text(given['id']) === undefined ? {} : { id: text(given['id']) as string },
    );
    assignFields(made, fields);
    return created(imageView(call, made), {
      Location: `${call.base}/images/${made.id}`,
      'OpenStack-image-import-methods': 'glance-direct,web-download,copy-image',
    });
  },
  'GET images/{id}': (call) => ok(imageView(call, findImage(call))),
  'PATCH images/{id}': (call) => {
    requireContentType(call, /^application\/openstack-images-v2\.[01]-json-patch$/);
    const image = findOwnImage(call);
    for (const operation of list(call.body)) patchImage(call, image, record(operation));
    image.updated = call.now;
    return ok(imageView(call, image));
  },
  'DELETE images/{id}': (call) => {
    if (!isVisible(call, call.state.image.images.get(call.param('id'))))
      throw notFound(`Failed to find image ${call.param('id')} to delete`);
    const image = findOwnImage(call);
    if (image.protected) throw forbidden(`Image ${image.id} is protected and cannot be deleted.`);
    call.state.image.images.delete(image.id);
    image.data?.dispose();
    image.staged?.dispose();
    return noContent;
  },
  'POST images/{id}/actions/deactivate': (call) => {
    const image = findOwnImage(call);
    if (image.status !== 'active' && image.status !== 'deactivated')
      throw forbidden(`Not allowed to deactivate image in status '${image.status}'`);
    image.status = 'deactivated';
    return noContent;
  },
  'POST images/{id}/actions/reactivate': (call) => {
    const image = findOwnImage(call);
    if (image.status !== 'active' && image.status !== 'deactivated')
      throw forbidden(`Not allowed to reactivate image in status '${image.status}'`);
    image.status = 'active';
    return noContent;
  },
  'PUT images/{id}/tags/{tag}': (call) => {
    const image = (findImageOfPart(call), findOwnImage(call, 'update tags'));
    image.tags = [...new Set([...image.tags, call.param('tag')])];
    return noContent;
  },
  'DELETE images/{id}/tags/{tag}': (call) => {
    const image = (findImageOfPart(call), findOwnImage(call, 'delete tags'));
    if (!image.tags.includes(call.param('tag'))) throw notFound('');
    image.tags = image.tags.filter((tag) => tag !== call.param('tag'));
    return noContent;
  },
};

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
  // These are refused even if there is no image.
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
  const page = paginate(images, { filter: (image) => matchesQuery(call, image), marker, limit, sort });
  const next = new URLSearchParams(query);
  next.delete('marker');
  const first = next.size === 0 ? '/v2/images' : `/v2/images?${next.toString()}`;
  if (page.length > 0) next.append('marker', (page.at(-1) as Image).id);
  return ok({
    images: page.map((image) => imageView(call, image)),
    first,
    schema: '/v2/schemas/images',
    ...(page.length > 0 && page.length === limit ? { next: `/v2/images?${next.toString()}` } : {}),
  });
}

function matchesQuery(call: Call, image: Image): boolean {
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
