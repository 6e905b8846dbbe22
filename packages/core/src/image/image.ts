import { service } from '../operation.ts';
import { cache } from './cache.ts';
import { images } from './images.ts';
import { imports } from './imports.ts';
import { locations } from './locations.ts';
import { members } from './members.ts';
import { metadefNamespaces } from './metadef-namespaces.ts';
import { metadefObjects } from './metadef-objects.ts';
import { metadefProperties } from './metadef-properties.ts';
import { metadefResourceTypes } from './metadef-resource-types.ts';
import { metadefTags } from './metadef-tags.ts';
import { schemas } from './schemas.ts';
import { stores } from './stores.ts';
import { tasks } from './tasks.ts';
import { usage } from './usage.ts';

/** Glance, version 2 of its API. Its 2.N tell what a cloud can do; they are not negotiated. */
export const image = service({
  name: 'image',
  type: 'image',
  major: 'v2',
  resources: {
    cache,
    images,
    imports,
    locations,
    members,
    metadefNamespaces,
    metadefObjects,
    metadefProperties,
    metadefResourceTypes,
    metadefTags,
    schemas,
    stores,
    tasks,
    usage,
  },
});
