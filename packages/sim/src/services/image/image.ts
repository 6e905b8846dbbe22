import type { Call } from '../../call.ts';
import { badRequest, conflict, forbidden, notFound } from '../../fault.ts';
import { type Json, number, python, seconds, str, text, texts } from '../../wire.ts';
import type { Image } from './state.ts';

export const READ_ONLY = new Set([
  'id',
  'status',
  'created_at',
  'updated_at',
  'size',
  'virtual_size',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'owner',
  'self',
  'file',
  'schema',
  'direct_url',
  'stores',
]);
const OWN = new Set([
  'name',
  'visibility',
  'disk_format',
  'container_format',
  'min_disk',
  'min_ram',
  'protected',
  'os_hidden',
  'tags',
]);
const DISK_FORMATS = ['ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'];

/** Tells whether a list shows an image: the caller's own, a public one, or one whose share was accepted. */
export function mayList(call: Call, image: Image, visibility: string | null, memberStatus: string): boolean {
  if (visibility !== null && visibility !== 'all' && visibility !== image.visibility) return false;
  const status = image.members.get(call.projectId)?.status;
  const shared =
    image.visibility === 'shared' &&
    status !== undefined &&
    (memberStatus === 'all' || status === memberStatus);
  if (image.owner === call.projectId || image.visibility === 'public' || shared) return true;
  if (image.visibility === 'community') return visibility === 'community' || visibility === 'all';
  return call.admin;
}

/** Tells whether the caller may see an image by its id: also a community image, or a share that was not accepted. */
export const isVisible = (call: Call, image: Image | undefined): image is Image =>
  image !== undefined &&
  (call.owns(image.owner) ||
    image.visibility === 'public' ||
    image.visibility === 'community' ||
    image.members.has(call.projectId));

export function findImage(call: Call): Image {
  const image = call.state.image.images.get(call.param('id'));
  if (!isVisible(call, image)) throw notFound(`No image found with ID ${call.param('id')}`);
  return image;
}

/** Finds an image that the caller owns. For a visible image of another owner Glance names the request that it forbids. */
export function findOwnImage(call: Call, what?: string): Image {
  const image = findImage(call);
  if (call.owns(image.owner)) return image;
  throw forbidden(
    what === undefined ? 'You do not own this image' : `Not allowed to ${what} for image ${image.id}`,
  );
}

/** Finds an image for its tags or members, whose refusal has another text. */
export function findImageOfPart(call: Call): Image {
  if (!isVisible(call, call.state.image.images.get(call.param('id'))))
    throw notFound(`Image ${call.param('id')} not found.`);
  return findImage(call);
}

export function checkFields(call: Call, given: Json): void {
  for (const name of Object.keys(given)) {
    if (READ_ONLY.has(name) && name !== 'id' && name !== 'owner')
      throw forbidden(`Attribute '${name}' is read-only.`);
  }
  if (given['visibility'] === 'public' && !call.admin) throw forbidden('publicize_image', 'policy');
  const format = given['disk_format'];
  if (format !== undefined && format !== null && !DISK_FORMATS.includes(str(format))) {
    throw badRequest(
      `Provided object does not match schema 'image': ${python(format)} is not one of ${python([null, ...DISK_FORMATS])}`,
    );
  }
  if (given['name'] !== undefined && given['name'] !== null && typeof given['name'] !== 'string') {
    throw badRequest(
      `Provided object does not match schema 'image': ${python(given['name'])} is not of type 'null', 'string'`,
    );
  }
}

export function assignFields(image: Image, fields: Json): void {
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'tags') image.tags = texts(value);
    else if (name === 'min_disk' || name === 'min_ram') image[name] = number(value) ?? 0;
    else if (OWN.has(name)) Object.assign(image, { [name]: value });
    else if (name !== 'owner') image.properties[name] = value;
  }
}

/** Applies one operation of a JSON patch as Glance does: to top-level paths only, and to tags as a whole. */
export function patchImage(call: Call, image: Image, operation: Json): void {
  const name = (text(operation['path']) ?? '').replace(/^\//, '').replaceAll('~1', '/').replaceAll('~0', '~');
  if (READ_ONLY.has(name)) throw forbidden(`Attribute '${name}' is read-only.`);
  const known = OWN.has(name) || name in image.properties;
  if (operation['op'] === 'remove') {
    if (OWN.has(name)) throw forbidden(`Property ${name} may not be removed.`);
    if (!known) throw conflict(`Property ${name} does not exist.`);
    delete image.properties[name];
    return;
  }
  if (operation['op'] === 'replace' && !known) {
    throw conflict(
      `There was a conflict when trying to complete your request.\n\n Property ${name} does not exist.  `,
    );
  }
  checkFields(call, { [name]: operation['value'] });
  assignFields(image, { [name]: operation['value'] });
}

export function imageView(call: Call, image: Image): Json {
  const hashed = image.os_hash_value !== null;
  return {
    ...image.properties,
    name: image.name,
    disk_format: image.disk_format,
    container_format: image.container_format,
    visibility: image.visibility,
    size: image.size,
    virtual_size: image.disk_format === 'raw' ? image.size : null,
    status: image.status,
    checksum: image.checksum,
    protected: image.protected,
    min_ram: image.min_ram,
    min_disk: image.min_disk,
    owner: image.owner,
    os_hidden: image.os_hidden,
    os_hash_algo: hashed ? 'sha512' : null,
    os_hash_value: image.os_hash_value,
    id: image.id,
    created_at: seconds(image.created),
    updated_at: seconds(image.updated),
    tags: image.tags,
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
    ...(image.data === undefined ? {} : { stores: 'ceph' }),
    ...(call.admin && image.data !== undefined ? { direct_url: `rbd://sim/images/${image.id}/snap` } : {}),
  };
}

export function memberView(image: Image, id: string): Json {
  const member = image.members.get(id);
  if (member === undefined) throw notFound('Not found');
  return {
    member_id: member.member_id,
    image_id: image.id,
    status: member.status,
    created_at: seconds(member.created),
    updated_at: seconds(member.updated),
    schema: '/v2/schemas/member',
  };
}
