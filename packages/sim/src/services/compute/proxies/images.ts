import { noContent, ok } from '../../../answer.ts';
import type { Call, Handler, Routes } from '../../../call.ts';
import { badRequest, forbidden, notFound } from '../../../fault.ts';
import { withNextLink } from '../../../paging.ts';
import { type Json, list, metadata, record, seconds, str } from '../../../wire.ts';
import { findImage, findOwnImage } from '../../image/image.ts';
import { imageRoutes } from '../../image/images.ts';
import type { Image } from '../../image/state.ts';
import { linksOf } from '../server-view.ts';
import { callRoute, translateFault } from './ask.ts';
import { onlyBelow, proxies } from './lifetime.ts';

/** Glance's states under Nova's names (`views/images.py`). */
const STATUS: { readonly [status: string]: string } = {
  active: 'ACTIVE',
  queued: 'SAVING',
  saving: 'SAVING',
  deleted: 'DELETED',
  pending_delete: 'DELETED',
  killed: 'ERROR',
};

const links = (call: Call, id: string): Json[] => [
  ...linksOf(call, 'images', id),
  {
    rel: 'alternate',
    type: 'application/vnd.openstack.image',
    href: `${call.url.origin}/image/images/${id}`,
  },
];

const brief = (call: Call, image: Image): Json => ({
  id: image.id,
  name: image.name,
  links: links(call, image.id),
});

function detail(call: Call, image: Image): Json {
  const server = image.properties['instance_uuid'];
  return {
    ...brief(call, image),
    minRam: image.min_ram,
    minDisk: image.min_disk,
    metadata: image.properties,
    created: seconds(image.created),
    updated: seconds(image.updated),
    status: STATUS[image.status] ?? 'UNKNOWN',
    progress: { queued: 25, saving: 50, active: 100 }[image.status] ?? 0,
    'OS-EXT-IMG-SIZE:size': image.size,
    ...(server === undefined ? {} : { server: { id: server, links: linksOf(call, 'servers', str(server)) } }),
  };
}

/** Nova's names of filters, and Glance's. */
const FILTERS: { readonly [name: string]: string } = {
  name: 'name',
  status: 'status',
  server: 'instance_uuid',
  type: 'image_type',
  minRam: 'min_ram',
  minDisk: 'min_disk',
};

function filtersOf(call: Call): Record<string, string> {
  const filters: Record<string, string> = {};
  for (const [name, value] of call.query) {
    // Nova strips letters, not a prefix (`str.lstrip`): `property-os` asks for `s`.
    const to = name.startsWith('property-') ? name.replace(/^[propety-]+/, '') : FILTERS[name];
    if (to === undefined) continue;
    filters[to] = name === 'status' ? value.toLowerCase() : name === 'server' ? idIn(value) : value;
  }
  return filters;
}

/** The id of a server, which may be given as a link. */
const idIn = (value: string): string => value.split('/').at(-1) ?? '';

function limitOf(call: Call): number {
  const given = call.query.get('limit');
  if (given === null) return 1000;
  if (!/^-?\d+$/.test(given)) throw badRequest('Invalid input received: limit must be an integer');
  if (Number(given) < 0) throw badRequest('Invalid input received: limit must be positive');
  return Math.min(Number(given), 1000);
}

const lists =
  (view: (call: Call, image: Image) => Json): Handler =>
  async (call) => {
    const limit = limitOf(call);
    const marker = call.query.get('marker');
    const query = { ...filtersOf(call), limit: '1000', ...(marker === null ? {} : { marker }) };
    const { images } = await translateFault(callRoute(call, imageRoutes, 'GET images', { query }), (fault) =>
      badRequest(`HTTP ${fault.status} Bad Request: ${fault.message}`),
    );
    const since = Date.parse(call.query.get('changes-since') ?? '');
    const found = list(images)
      .flatMap((image) => call.state.image.images.get(str(record(image)['id'])) ?? [])
      .filter((image) => Number.isNaN(since) || image.updated >= since)
      .slice(0, limit === 0 ? 1000 : limit);
    return ok(
      withNextLink(
        call,
        'images',
        found,
        found.map((image) => view(call, image)),
        limit,
      ),
    );
  };

/** The image of a request, as Glance lets the caller see it. */
function imageOf(call: Call, id: string): Image {
  try {
    return findImage(call.to({ params: { id } }));
  } catch {
    throw notFound('Image not found.');
  }
}

/** Changes an image's properties as a whole (`purge_props`). */
function change(call: Call, properties: Json): Json {
  const image = imageOf(call, call.param('image'));
  try {
    findOwnImage(call.to({ params: { id: image.id } }));
  } catch {
    throw forbidden(`Not authorized for image ${image.id}.`);
  }
  image.properties = properties;
  image.updated = call.now;
  return properties;
}

function textsIn(call: Call, key: string): Record<string, string> {
  const given = record(record(call.body)[key]);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') {
      throw badRequest(
        `Invalid input for field/attribute ${name}. Value: ${str(value)}. ${str(value)} is not of type 'string'`,
      );
    }
  }
  if (record(call.body)[key] === undefined) throw badRequest(`'${key}' is a required property`);
  return metadata(given);
}

const propertiesOf = (call: Call): Json => imageOf(call, call.param('image')).properties;

const metadataProxies: Routes = {
  'GET images/{image}/metadata': (call) => ok({ metadata: propertiesOf(call) }),
  'POST images/{image}/metadata': (call) =>
    ok({ metadata: change(call, { ...propertiesOf(call), ...textsIn(call, 'metadata') }) }),
  'PUT images/{image}/metadata': (call) => ok({ metadata: change(call, textsIn(call, 'metadata')) }),
  'GET images/{image}/metadata/{key}': (call) => {
    const key = call.param('key');
    const properties = propertiesOf(call);
    if (!(key in properties)) throw notFound('The resource could not be found.');
    return ok({ meta: { [key]: properties[key] } });
  },
  'PUT images/{image}/metadata/{key}': (call) => {
    const meta = textsIn(call, 'meta');
    const key = call.param('key');
    if (!(key in meta)) throw badRequest('Request body and URI mismatch');
    change(call, { ...propertiesOf(call), [key]: meta[key] });
    return ok({ meta });
  },
  'DELETE images/{image}/metadata/{key}': (call) => {
    const { [call.param('key')]: value, ...rest } = propertiesOf(call);
    if (value === undefined) throw notFound('Invalid metadata key');
    change(call, rest);
    return noContent;
  },
};

/** Images through Nova until 2.35, their metadata until 2.38 (`MAX_IMAGE_META_PROXY_API_VERSION`). */
export const imageProxies: Routes = {
  ...proxies({
    'GET images': lists(brief),
    'GET images/detail': lists(detail),
    'GET images/{id}': (call) => ok({ image: detail(call, imageOf(call, call.param('id'))) }),
    'DELETE images/{id}': async (call) => {
      const { id } = imageOf(call, call.param('id'));
      const deleted = callRoute(call, imageRoutes, 'DELETE images/{id}', { params: { id } });
      await translateFault(deleted, () => forbidden('You are not allowed to delete the image.'));
      return noContent;
    },
  }),
  ...Object.fromEntries(
    Object.entries(metadataProxies).map(([route, handler]) => [route, onlyBelow('2.39', handler)]),
  ),
};
