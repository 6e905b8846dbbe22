// What the service answers: schema and type under one name, for whoever passes it on, stores it or checks a copy of it.
export { Cache } from './cache.ts';
export { Image, ImageLocation } from './image-entity.ts';
export { Member } from './members.ts';
export { MetadefNamespace } from './metadef-namespaces.ts';
export { MetadefObject } from './metadef-objects.ts';
export { MetadefProperty } from './metadef-property.ts';
export { MetadefResourceType } from './metadef-resource-types.ts';
export { MetadefTag } from './metadef-tags.ts';
export { ImageSchema } from './schemas.ts';
export { Store } from './stores.ts';
export { Task } from './tasks.ts';
export { ImageUsage } from './usage.ts';
