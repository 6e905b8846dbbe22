// The resources of the service, by their names on the client: `cloud.image.<name>`.
export { cache } from './cache.ts';
export { images } from './images.ts';
export { imports } from './imports.ts';
export { locations } from './locations.ts';
export { members } from './members.ts';
export { metadefNamespaces } from './metadef-namespaces.ts';
export { metadefObjects } from './metadef-objects.ts';
export { metadefProperties } from './metadef-properties.ts';
export { metadefResourceTypes } from './metadef-resource-types.ts';
export { metadefTags } from './metadef-tags.ts';
export { schemas } from './schemas.ts';
export { stores } from './stores.ts';
export { tasks } from './tasks.ts';
export { usage } from './usage.ts';
